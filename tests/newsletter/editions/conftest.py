"""The newsroom of these tests, on each database."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.db import Database
from blog.settings import Settings
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.newsletter.editions.post_office import SECRET, PostOffice

__all__ = ["DAY", "HOUR", "Newsroom"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_FIRST = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SECRET)


@pytest.fixture
def post_office(newsroom: Newsroom) -> PostOffice:
    return PostOffice(newsroom)


@pytest.fixture
def week(newsroom: Newsroom) -> Newsroom:
    """Five editions from 29 November to 4 December; on the third day there was nothing new. Edition n has n stories."""
    newsroom.begin(_FIRST - HOUR)
    for n in range(6):
        for k in range(n + 1 if n != 2 else 0):
            image_id = newsroom.picture(f"{n}{k}", _FIRST) if k == n else None
            newsroom.publish(f"Story {n} {k}", _FIRST + n * DAY - (10 - k) * HOUR / 10, image_id=image_id)
        newsroom.tick(_FIRST + n * DAY)
    return newsroom
