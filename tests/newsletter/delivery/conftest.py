"""The delivery room's part of the cast."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from blog.db import Database
from tests.mailserver import RecordingServer, recording_server
from tests.newsletter.delivery.office import Clock, Office, smtp_to


@pytest.fixture
def clock(noon: datetime) -> Clock:
    return Clock(noon)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RecordingServer]:
    with recording_server(tmp_path) as made:
        yield made


@pytest.fixture
def office(db: Database, clock: Clock, server: RecordingServer) -> Office:
    return Office(db, clock, smtp_to(server))
