"""A removal van: hands files in, lets the clock work on them, and looks at who is here."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.settings import Settings
from newsletter.moving import running, runs
from newsletter.moving.judging import Options
from newsletter.moving.model import RunId
from newsletter.moving.runs import RunView
from newsletter.subscribers.model import Consent, Subscriber
from tests.conftest import NOON
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]


@dataclass
class Van:
    db: Database
    settings: Settings
    at: datetime = NOON

    def hand_in(self, file: str | bytes, filename: str = "readers.csv") -> RunId:
        raw = file.encode() if isinstance(file, str) else file
        return runs.receive(self.db, filename, io.BytesIO(raw), "Ed", self.at)

    def work(self, seconds: float = 60.0) -> int:
        """One beat of the clock."""
        return running.run_due(self.db, self.at, self.settings, seconds)

    def check(self, file: str | bytes) -> RunView:
        run_id = self.hand_in(file)
        self.work()
        return runs.get(self.db, run_id)

    def take_in(self, file: str | bytes, **options: object) -> RunView:
        """From the upload to its end."""
        run = self.check(file)
        runs.start(self.db, run.id, Options(**options), self.at)  # type: ignore[arg-type]
        self.work()
        return runs.get(self.db, run.id)

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)

    def readers(self) -> dict[str, Subscriber]:
        with self.db.reading() as s:
            return {row.address: row for row in s.scalars(select(Subscriber).order_by(Subscriber.id))}

    def states(self) -> dict[str, str]:
        return {address: row.state for address, row in self.readers().items()}

    def deeds(self, address: str) -> list[tuple[str, str]]:
        """What the history of a reader says: deed and source."""
        mine = select(Consent.deed, Consent.source).join(Subscriber, Subscriber.id == Consent.subscriber_id)
        with self.db.reading() as s:
            return [(deed, source) for deed, source in s.execute(mine.where(Subscriber.address == address))]


@pytest.fixture
def van(db: Database, settings: Settings) -> Van:
    return Van(db, settings)


def zipped(**files: str | bytes) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(f"{name}.csv", text)
    return made.getvalue()
