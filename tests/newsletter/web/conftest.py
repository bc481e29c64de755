"""The whole web application on one database: the house's doors with the post office's beside them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import blog.web
import newsletter.web
from blog import clock
from blog.db import Base, Database
from blog.house import House
from blog.images.storage import Disk
from blog.settings import Settings
from newsletter.delivery.model import Letter
from newsletter.editions import compiling
from newsletter.subscribers.tokens import Tokens
from newsletter.web import stamps
from tests.blog.web.staff import Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom, newsroom

__all__ = ["newsroom"]

Facts = Callable[[], dict[str, list[tuple[object, ...]]]]


class Hands:
    """The clock of these tests: it stands until a test moves it."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    made = Hands()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a-key-for-tests-only")


@pytest.fixture
def studio(db: Database, settings: Settings, tmp_path: Path, tokens: Tokens, hands: Hands) -> Studio:
    house = House(settings, db, Disk(tmp_path / "media"), lambda *_: None, newsletter.web.panels(db))
    root = Path(blog.web.__file__).parents[2]
    app = Flask("perijove", template_folder=str(root / "templates"), static_folder=None)
    app.config.update(SECRET_KEY="a-key-for-tests-only", TESTING=True)
    blog.web.mount(app, house)
    newsletter.web.mount(app, tokens)
    return Studio(app, db, house)


@pytest.fixture
def reader(studio: Studio) -> FlaskClient:
    return studio.app.test_client()


@pytest.fixture
def fill_in(studio: Studio, hands: Hands) -> Callable[..., dict[str, str]]:
    """What a browser sends for a form that was opened ``seconds`` ago."""

    def filled(email: str, *, seconds: float = 10, **more: str) -> dict[str, str]:
        with studio.app.app_context():
            made = stamps.stamp(hands.at - timedelta(seconds=seconds))
        return {"email": email, "source": "/news", "stamp": made, "website": ""} | more

    return filled


@pytest.fixture
def letters(db: Database) -> Callable[[], list[str]]:
    """The kinds of all letters written so far, oldest first."""

    def kinds() -> list[str]:
        with db.reading() as s:
            return list(s.scalars(select(Letter.kind).order_by(Letter.id)))

    return kinds


@pytest.fixture
def facts(db: Database) -> Facts:
    """Every row of every table, to be compared with themselves later."""

    def read() -> dict[str, list[tuple[object, ...]]]:
        with db.reading() as s:
            return {
                table.name: sorted((tuple(row) for row in s.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }

    return read


@pytest.fixture
def gone_out(newsroom: Newsroom, hands: Hands) -> int:
    """An edition of three stories that left for two readers at 07:00 on Monday, 23 November; its id. It is 07:01 now."""
    newsroom.begin(NOON)
    for number, title in enumerate(("Rings of Saturn", "Dust & light", "A quiet Sun"), 1):
        newsroom.publish(title, NOON + timedelta(minutes=number))
    for name in ("ann", "bob"):
        newsroom.reader(f"{name}@example.org", NOON)
    hands.at = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)
    (edition_id,) = compiling.compile_due(newsroom.db, hands.at, newsroom.settings)
    return edition_id


def rows(db: Database, table: type[Base]) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(table)) or 0
