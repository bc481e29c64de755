"""Counting tries: the same count for all processes, a new one when the window is over."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog import tally
from blog.db import Database
from blog.refusals import TooMany


def test_the_try_after_the_last_is_refused_until_the_window_ends(db: Database, noon: datetime) -> None:
    for _ in range(3):
        tally.count(db, "sign in as maren@example.org", 3, 10, noon)
    with pytest.raises(TooMany, match="Wait 6 minutes and try again") as refused:
        tally.count(db, "sign in as maren@example.org", 3, 10, noon + timedelta(minutes=4))
    assert refused.value.wait == 360
    tally.count(db, "sign in as maren@example.org", 3, 10, noon + timedelta(minutes=10))


def test_what_is_counted_under_another_name_is_another_count(db: Database, noon: datetime) -> None:
    tally.count(db, "one", 1, 10, noon)
    tally.count(db, "other", 1, 10, noon)
    with pytest.raises(TooMany):
        tally.count(db, "one", 1, 10, noon)


def test_a_name_that_is_forgotten_starts_anew(db: Database, noon: datetime) -> None:
    tally.count(db, "one", 1, 10, noon)
    tally.forget(db, "one")
    tally.count(db, "one", 1, 10, noon)


def test_the_address_that_was_tried_is_not_kept(db: Database, noon: datetime) -> None:
    tally.count(db, "sign in as maren@example.org", 3, 10, noon)
    with db.reading() as s:
        assert "maren" not in s.scalars(select(tally.Tally.bucket)).one()


def test_counts_whose_time_is_over_are_swept_away(db: Database, noon: datetime) -> None:
    tally.count(db, "old", 3, 10, noon)
    tally.count(db, "new", 3, 60, noon)
    assert tally.prune(db, noon + timedelta(minutes=10)) == 1


def test_eight_tries_at_the_same_moment_are_counted_as_eight(db: Database, noon: datetime) -> None:
    start, refused = threading.Barrier(8), []

    def attempt() -> None:
        start.wait()
        try:
            tally.count(db, "door", 5, 10, noon)
        except TooMany as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
