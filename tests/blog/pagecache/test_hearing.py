"""A commit that changes something public is known to every process within milliseconds, on both databases, though nobody asks."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from blog.db import Database
from blog.pagecache.generation import Generation
from blog.pagecache.hearing import Ear
from blog.pagecache.purge import watch
from blog.posts.model import Topic

LATE = 5.0
"""Seconds after which a commit was not heard of; it takes a few milliseconds."""


@pytest.fixture
def elsewhere(database_url: str, db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Generation]:
    """What another process knows, which never looks by itself."""
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e9)
    monkeypatch.setattr("blog.pagecache.hearing.REST", 0)
    watch(db, (Topic,))
    other = Database(database_url)
    yield Generation(other)
    other.close()


def add(db: Database, name: str) -> None:
    with db.transaction() as s:
        s.add(Topic(slug=name.lower(), name=name))


def knows(elsewhere: Generation, number: int) -> bool:
    late = time.monotonic() + LATE
    while elsewhere.current() != number:
        if time.monotonic() > late:
            return False
    return True


def test_a_commit_is_known_in_another_process_at_once(db: Database, elsewhere: Generation) -> None:
    assert elsewhere.current() == 0
    add(db, "Moon")
    assert knows(elsewhere, 1)
    add(db, "Mars")
    assert knows(elsewhere, 2)


def test_what_is_rolled_back_is_not_told(db: Database, elsewhere: Generation) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as s:
        s.add(Topic(slug="moon", name="Moon"))
        s.flush()
        raise ZeroDivisionError
    add(db, "Mars")
    assert knows(elsewhere, 1)


def test_an_ear_that_lost_its_connection_hears_again(db: Database, elsewhere: Generation) -> None:
    add(db, "Moon")
    assert knows(elsewhere, 1)
    if not db.is_sqlite:
        with db.transaction() as s:
            (cut,) = s.scalars(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'perijove pages'"
                )
            )
            assert cut
    add(db, "Mars")
    assert knows(elsewhere, 2)


def test_an_ear_is_deaf_without_a_server_and_ends_with_its_database() -> None:
    away = Database("postgresql+psycopg://127.0.0.1:1/gone")
    ear = Ear(away)
    away.close()
    ear.thread.join(LATE)
    assert not ear.thread.is_alive() and ear.heard == 0
