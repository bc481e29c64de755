from datetime import datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import NotFound
from newsletter.subscribers import filtering, reading
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Subscriber, SubscriberState

DAY = timedelta(days=1)


@pytest.fixture
def crowd(db: Database, noon: datetime) -> None:
    """120 readers, every third confirmed, each a minute after the other; the lower half clicked."""
    with db.transaction() as s:
        for n in range(120):
            state = SubscriberState.PENDING if n % 3 else SubscriberState.CONFIRMED
            address, at = f"Reader{n}@example.org", noon + timedelta(minutes=n)
            s.add(
                Subscriber(
                    address=address,
                    address_key=address.lower(),
                    state=state,
                    created_at=at,
                    asked_at=at,
                    confirmed_at=None if n % 3 else at,
                    source=f"/{n % 7}",
                    last_click_at=at if n < 60 else None,
                )  # fmt: skip
            )


def found(db: Database, noon: datetime, **wanted: str) -> int:
    return reading.listing(db, filtering.chosen(ReaderFilter(**wanted), noon)).total  # type: ignore[arg-type]


def test_readers_are_listed_newest_first_in_pages(db: Database, crowd: None) -> None:
    first, last = reading.listing(db), reading.listing(db, page=3)
    assert (first.total, first.pages, len(first.items), len(last.items)) == (120, 3, 50, 20)
    assert first.items[0].address == "Reader119@example.org"
    assert (first.first, last.first) == (1, 101)
    assert reading.listing(db, page=99) == last, "a page beyond the last is the last"


def test_readers_are_found_by_state_and_by_any_part_of_the_address(
    db: Database, noon: datetime, crowd: None
) -> None:
    assert reading.count(db) == reading.Counts(40, 80, 0)
    assert found(db, noon, state="confirmed") == 40
    assert found(db, noon, words="READER11") == 11
    assert found(db, noon, words="%") == found(db, noon, words="_") == 0


@pytest.mark.parametrize("sort", reading.SORTS)
def test_each_column_can_be_turned_round_and_those_without_a_value_come_last(
    db: Database, crowd: None, sort: str
) -> None:
    name = {"joined": "created_at", "status": "state", "clicked": "last_click_at"}.get(sort, sort)
    for turned in (False, True):
        items = reading.listing(db, sort=f"-{sort}" if turned else sort).items
        values = [getattr(reader, name) for reader in items]
        assert values == sorted(values, reverse=turned)
    assert all(reader.last_click_at for reader in reading.listing(db, sort="clicked").items)


def test_an_unknown_column_is_newest_first(db: Database, crowd: None) -> None:
    assert reading.listing(db, sort="password") == reading.listing(db)


def test_the_newly_confirmed_and_the_common_sources_are_counted(
    db: Database, noon: datetime, crowd: None
) -> None:
    assert reading.confirmed_since(db, noon) == 40
    assert reading.confirmed_since(db, noon + timedelta(minutes=117)) == 1
    assert reading.sources(db, most=2) == ("/0", "/1")


def test_an_empty_list_has_one_empty_page(db: Database) -> None:
    assert reading.listing(db) == reading.ReaderPage((), 1, 1, 0)


def test_an_unknown_reader_is_not_found(db: Database) -> None:
    assert reading.find(db, 999) is None
    with pytest.raises(NotFound):
        reading.history(db, 999)
