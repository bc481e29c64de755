"""How often a page asks the database when it is made: what stands around every page is asked for once after each change."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from app import create_app, open_house
from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.posts import topics
from blog.settings import Settings
from blog.signs import announcing
from tests.blog.posts.building import MORNING, block, paragraph, person, picture, story

MOST = {
    "/2026/11/story-1": 6,
    "/": 8,
    "/news": 4,
    "/topics/stars": 8,
    "/authors/edda": 8,
    "/2026/11": 4,
    "/feed.xml": 3,
}
"""Statements of a page that is not ready, on a worker that has made one since the last change."""
FRAME = 4
"""Settings, announcement, standing pages, and the content generation itself: only after a change."""


class Counter:
    def __init__(self, db: Database) -> None:
        self.said: list[str] = []
        event.listen(db.engine, "before_cursor_execute", self)

    def __call__(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            self.said.append(statement)


@pytest.fixture
def bare(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The site as a worker runs it, asked past its ready pages; PostgreSQL's notices alone tell it of a change."""
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e9)
    db = open_house(settings).db
    edda: Person = person(db, RoleName.EDITOR, "Edda")
    stars = topics.create(db, "Stars")
    for number in range(30):
        image = picture(db, f"nebula-{number}")
        story(
            db, edda, f"Story {number}", paragraph("Stars form in clouds."), block("figure", image=image), lead_image=image, topic_ids=(stars,)
        )  # fmt: skip
    announcing.announce(db, "Clouds tonight", "", None, MORNING)
    db.close()
    made = create_app(settings)
    made.wsgi_app = made.extensions["pagecache"].application  # type: ignore[method-assign]
    yield made
    made.extensions["perijove"].db.close()


def test_a_page_that_is_not_ready_asks_for_little(bare: Flask) -> None:
    visitor, house = bare.test_client(), bare.extensions["perijove"]
    said = Counter(house.db).said
    assert visitor.get("/privacy").status_code == 200
    found = {}
    for path in MOST:
        said.clear()
        answer = visitor.get(path)
        assert answer.status_code == 200 and b"Clouds tonight" in answer.data or path == "/feed.xml", path
        found[path] = len(said)
    assert {path: count for path, count in found.items() if count > MOST[path]} == {}


def test_a_change_is_on_the_next_page_for_a_few_statements_more(bare: Flask) -> None:
    visitor, house = bare.test_client(), bare.extensions["perijove"]
    visitor.get("/2026/11/story-1")
    announcing.announce(house.db, "A comet is near", "", None, MORNING)
    said = Counter(house.db).said
    assert b"A comet is near" in until_known(bare, b"A comet is near", said)
    assert len(said) <= MOST["/2026/11/story-1"] + FRAME


def until_known(bare: Flask, words: bytes, said: list[str]) -> bytes:
    """PostgreSQL tells within milliseconds. What is left in ``said`` is of the page that has them."""
    for _ in range(1000):
        said.clear()
        if words in (page := bare.test_client().get("/2026/11/story-1").data):
            return page
    return b""
