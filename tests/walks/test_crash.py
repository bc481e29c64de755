"""The clock dies in the middle of an edition, and a second one runs beside it: nobody misses it, nobody gets it twice."""

import re
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from blog import clock
from blog.db import Database
from blog.settings import Settings, build
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions.model import Edition, EditionState
from tests.cast import Newsroom
from tests.mailserver import RecordingServer, recording_server
from tests.walks.conftest import Publication

READERS = 100
CONNECTIONS = 4
EVERYBODY = {f"reader{n}@example.org" for n in range(READERS)}


@pytest.fixture
def waiting(tmp_path: Path, database_url: str) -> Iterator[tuple[Publication, RecordingServer]]:
    """A publication with a hundred readers and a story for tomorrow, and nobody serving."""
    folder, data = tmp_path / "mail", tmp_path / "data"
    folder.mkdir()
    data.mkdir()
    with recording_server(folder) as server:
        url = "" if database_url.startswith("sqlite") else database_url
        publication = Publication(
            data, 8000, url, server.url, {"PERIJOVE_SMTP_CONNECTIONS": str(CONNECTIONS)}
        )
        publication.command("migrate")
        publication.tick(clock.now())
        settings = settings_of(publication)
        with closing(Database(settings.database)) as db:
            newsroom = Newsroom(db, settings)
            newsroom.publish("Two moons rise", clock.now())
            for address in sorted(EVERYBODY):
                newsroom.reader(address, clock.now())
        yield publication, server


def settings_of(publication: Publication) -> Settings:
    return build(data=publication.data, database_url=publication.database_url, smtp_url=publication.smtp_url)


def next_morning() -> datetime:
    return (clock.now() + timedelta(days=1)).replace(hour=7, minute=1, second=0, microsecond=0, tzinfo=UTC)


def test_two_clocks_in_the_same_minute_send_one_edition(waiting: tuple[Publication, RecordingServer]) -> None:
    publication, server = waiting
    at = next_morning().isoformat()
    clocks = [publication.start("clock", "--once", "--at", at) for _ in range(2)]
    assert [process.wait(120) for process in clocks] == [0, 0]
    publication.tick(next_morning())
    assert server.copies() == dict.fromkeys(EVERYBODY, 1)
    publication.tick(next_morning() + timedelta(days=1))
    assert len(server.received) == READERS, "a day without news sends nothing"


def test_a_clock_killed_while_it_sends_is_made_good_by_the_next(
    waiting: tuple[Publication, RecordingServer],
) -> None:
    publication, server = waiting
    publication.more["PERIJOVE_FAILPOINT"] = "accepted_unrecorded:40"
    killed = publication.start("clock", "--once", "--at", next_morning().isoformat())
    assert killed.wait(120) == -signal.SIGKILL
    at_death = len(server.received)
    assert 30 < at_death < READERS

    del publication.more["PERIJOVE_FAILPOINT"]
    # Leases of the dead run out by themselves: two clocks some minutes later share what is left.
    later = (next_morning() + timedelta(minutes=10)).isoformat()
    clocks = [publication.start("clock", "--once", "--at", later) for _ in range(2)]
    assert [process.wait(120) for process in clocks] == [0, 0]
    publication.tick(next_morning() + timedelta(minutes=30))

    copies = server.copies()
    assert set(copies) == EVERYBODY, "nobody missed it"
    twice = [address for address, count in copies.items() if count > 1]
    assert len(twice) <= CONNECTIONS, "only letters in flight at the kill may come again"
    for address in twice:
        ids = {mail.message_id for mail in server.received if mail.recipient == address}
        assert len(ids) == 1, "and they come again under the same Message-ID"
    books_balance(publication)


def books_balance(publication: Publication) -> None:
    """Every letter came to its end and the edition knows it."""
    with closing(Database(settings_of(publication).database)) as db, db.reading() as s:
        states = list(s.scalars(select(Letter.state).where(Letter.kind == "digest")))
        assert states == [LetterState.ACCEPTED] * READERS
        edition = s.scalars(select(Edition).where(Edition.state == EditionState.SENT)).one()
        assert edition.recipients == READERS


def test_each_letter_is_its_readers_own(waiting: tuple[Publication, RecordingServer]) -> None:
    publication, server = waiting
    publication.tick(next_morning())
    links = [
        re.search(rb"List-Unsubscribe: <([^>]+)>", mail.message.replace(b"\r\n ", b""))[1]
        for mail in server.received
    ]  # type: ignore[index]
    assert len(set(links)) == len(server.received) == READERS
