"""A small publication as readers meet it: the public doors alone, without studio or post office."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from blog.accounts.people import Person
from blog.authors import profiles
from blog.authors.profiles import AuthorText
from blog.db import Database
from blog.house import House
from blog.images.storage import Disk
from blog.posts import topics
from blog.posts.model import PostId
from blog.refusals import Gone, NotFound
from blog.settings import Settings, build
from blog.web import caching, feeds, frame, numbers, pages, sharing, sitemaps, wiring
from tests.blog.posts.building import MORNING, block, paragraph, picture, story
from tests.blog.posts.conftest import edda

__all__ = ["edda"]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def public(tmp_path: Path) -> Settings:
    return build(
        data=tmp_path / "data",
        site_url="https://news.example.org",
        site_name="Sky & Sons",
        timezone="Africa/Lagos",
        language="en",
    )


@pytest.fixture
def open_doors(db: Database, tmp_path: Path) -> Callable[[Settings], FlaskClient]:
    """A reader's browser for a publication with these settings."""

    def opened(settings: Settings) -> FlaskClient:
        app = Flask("readers", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
        app.config["TESTING"] = True
        panels = {"signup": lambda path: Markup('<p class="signup">from {}</p>').format(path)}
        numbers.install(app)
        wiring.install(app, House(settings, db, Disk(tmp_path / "media"), lambda *_: None, panels))
        frame.install(app, settings)
        caching.install(app, settings)
        for door in (pages, feeds, sitemaps, sharing):
            app.register_blueprint(door.blueprint)
        app.register_error_handler(NotFound, lambda refusal: (str(refusal), 404))
        app.register_error_handler(Gone, lambda refusal: (str(refusal), 410))
        return app.test_client()

    return opened


@pytest.fixture
def reader(open_doors: Callable[[Settings], FlaskClient], public: Settings) -> FlaskClient:
    return open_doors(public)


@pytest.fixture
def nebula(db: Database, edda: Person) -> PostId:
    """A published story with a lead picture, a gallery and a topic, by Nkechi Obi: ``/2026/11/a-nebula-glows``."""
    lead = picture(db, "nebula", caption="Dust & light", source_url="https://example.org/nebula")
    hung = [picture(db, name) for name in ("galaxy", "comet")]
    author = profiles.create(
        db,
        AuthorText(
            "Nkechi Obi",
            biography="She counts stars.",
            place="Lagos",
            links=(("Website", "https://example.org"),),
        ),
        MORNING,
    )
    topic = topics.create(db, "Star formation", "Where stars begin.")
    gallery = block("gallery", *(block("gallery_item", image=image) for image in hung))
    return story(
        db, edda, "A nebula glows", paragraph("Stars form in clouds."), gallery, lead_image=lead,
        author_ids=(author,), topic_ids=(topic,), dek="Two sentences & a half.",
    )  # fmt: skip
