"""Readers at the door: what they hold, and what was written to them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.settings import Settings
from newsletter.delivery.model import Letter
from newsletter.subscribers import signup
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a-key-for-tests-only")


@pytest.fixture
def letters(db: Database) -> Callable[[], list[str]]:
    """The kinds of all letters written so far, oldest first."""

    def kinds() -> list[str]:
        with db.reading() as s:
            return list(s.scalars(select(Letter.kind).order_by(Letter.id)))

    return kinds


@pytest.fixture
def asked(db: Database, noon: datetime, settings: Settings) -> int:
    """A reader who asked at noon and has not confirmed yet; the subscriber's id."""
    signup.ask(db, "reader@example.org", Origin("/"), noon, settings)
    with db.reading() as s:
        return s.scalars(select(Subscriber.id)).one()
