"""The ground under every verb: transactions that lose nothing, times that keep their zone."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from blog.db import Database
from blog.posts.model import Topic
from newsletter.delivery.model import Pause


def test_a_transaction_keeps_its_work_and_a_failed_one_leaves_nothing(db: Database) -> None:
    with db.transaction() as s:
        s.add(Topic(slug="moon", name="Moon"))
    with pytest.raises(RuntimeError), db.transaction() as s:
        s.add(Topic(slug="mars", name="Mars"))
        s.flush()
        raise RuntimeError
    with db.reading() as s:
        assert s.scalars(select(Topic.slug)).all() == ["moon"]


def test_a_time_comes_back_in_utc_whatever_zone_it_went_in_with(db: Database) -> None:
    lagos = timezone(timedelta(hours=1))
    with db.transaction() as s:
        s.add(Pause(since=datetime(2026, 11, 22, 8, 30, tzinfo=lagos)))
    with db.reading() as s:
        assert s.scalars(select(Pause.since)).one() == datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), db.transaction() as s:
        s.add(Pause(since=datetime(2026, 11, 22)))


def test_readers_that_then_write_lose_no_update(db: Database) -> None:
    with db.transaction() as s:
        s.add(Pause(since=datetime(2026, 1, 1, tzinfo=UTC)))

    def add_many() -> None:
        for _ in range(25):
            with db.transaction() as s:
                row = s.scalars(select(Pause).with_for_update()).one()
                row.refusals += 1

    threads = [threading.Thread(target=add_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as s:
        assert s.scalars(select(Pause.refusals)).one() == 100


def test_what_fails_does_not_tell_the_values_that_it_was_given(db: Database) -> None:
    with pytest.raises(OperationalError if db.is_sqlite else ProgrammingError) as failed, db.reading() as s:
        s.execute(text("SELECT * FROM nowhere WHERE address = :address"), {"address": "reader@example.org"})
    assert "nowhere" in str(failed.value)
    assert "reader@example.org" not in str(failed.value)


def test_the_embedded_database_is_its_owners_alone(tmp_path: Path) -> None:
    made = Database(f"sqlite:///{tmp_path}/perijove.db")
    with made.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE moon (id INTEGER)")
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    made.close()


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(db: Database) -> None:
    with db.reading() as s:
        assert s.scalars(select(Topic.slug)).all() == []
        with db.transaction() as other:
            other.add(Topic(slug="moon", name="Moon"))
        assert s.scalars(select(Topic.slug)).all() == []
    with db.reading() as s:
        assert s.scalars(select(Topic.slug)).all() == ["moon"]
