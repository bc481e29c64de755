from datetime import datetime

import pytest

from blog.db import Database
from blog.refusals import NotFound
from newsletter.subscribers import reading, signup
from newsletter.subscribers.model import Subscriber, SubscriberState


@pytest.fixture
def crowd(db: Database, noon: datetime) -> None:
    """120 readers, every third confirmed."""
    with db.transaction() as s:
        for n in range(120):
            state = SubscriberState.PENDING if n % 3 else SubscriberState.CONFIRMED
            address = f"Reader{n}@example.org"
            s.add(
                Subscriber(
                    address=address, address_key=address.lower(), state=state, created_at=noon, asked_at=noon
                )
            )


def test_readers_are_listed_newest_first_in_pages(db: Database, crowd: None) -> None:
    first, last = reading.listing(db), reading.listing(db, page=3)
    assert (first.total, first.pages, len(first.items), len(last.items)) == (120, 3, 50, 20)
    assert first.items[0].address == "Reader119@example.org"
    assert reading.listing(db, page=99) == last, "a page beyond the last is the last"


def test_readers_are_found_by_state_and_by_any_part_of_the_address(db: Database, crowd: None) -> None:
    assert reading.count(db) == reading.Counts(40, 80, 0)
    assert reading.listing(db, state="confirmed").total == 40
    assert reading.listing(db, words="READER11").total == 11
    assert reading.listing(db, words="%").total == 0
    assert reading.listing(db, words="_").total == 0
    assert reading.listing(db, state="no such state").total == 120


def test_an_empty_list_has_one_empty_page(db: Database) -> None:
    assert reading.listing(db) == reading.ReaderPage((), 1, 1, 0)


def test_an_unknown_reader_is_not_found(db: Database, noon: datetime) -> None:
    signup.ask(db, "reader@example.org", "/", noon)
    assert reading.find(db, 999) is None
    with pytest.raises(NotFound):
        reading.history(db, 999)
