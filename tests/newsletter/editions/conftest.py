"""The newsroom of these tests, on each database."""

from datetime import timedelta

import pytest

from blog.db import Database
from blog.settings import Settings
from tests.cast import Newsroom

__all__ = ["DAY", "HOUR", "Newsroom"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)
