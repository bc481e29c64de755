from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from blog.db import Base, Database
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers import bulk, serving
from newsletter.subscribers.bulk import Choice, Done
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Consent, Subscriber, SubscriberState, Subscription, Suppression

DAY = timedelta(days=1)
EVERYBODY = Choice(wanted=ReaderFilter())
CONFIRMED = Choice(wanted=ReaderFilter(state="confirmed"))


@pytest.fixture
def crowd(db: Database, settings: Settings, noon: datetime) -> Iterator[dict[str, int]]:
    """The daily list, which has gone out once since they came, and a weekly one; a reader of each kind."""
    kinds: dict[str, dict[str, object]] = {
        "plain": {},
        "own": {"hour": 6, "timezone": "Asia/Tokyo"},
        "paused": {"paused_until": noon + 3 * DAY},
        "choosy": {"only_followed": True},
        "new": {"state": SubscriberState.PENDING},
        "gone": {"state": SubscriberState.LEFT},
    }
    with db.transaction() as s:
        daily = lists.default_list(s, noon)
        daily.last_number = 5
        s.add(MailingList(slug="weekly", name="The week", weekdays=64, last_number=2, created_at=noon))
        for name, given in kinds.items():
            address = f"{name}@example.org"
            fresh = {"state": SubscriberState.CONFIRMED, "created_at": noon, "asked_at": noon} | given
            reader = Subscriber(address=address, address_key=address, **fresh)
            s.add(reader)
            s.flush()
            serving.subscribe(s, reader, daily.id, noon - DAY / 24, settings)
        daily.last_number = 6
        s.flush()
        served = select(Subscriber.id).where(Subscriber.is_particular.is_(True))
        s.execute(update(Subscription).where(Subscription.subscriber_id.in_(served)).values(position=6))
    with db.reading() as s:
        yield {row.address.split("@")[0]: row.id for row in s.scalars(select(Subscriber))}


def weekly(db: Database) -> int:
    with db.reading() as s:
        return s.scalars(select(MailingList.id).where(MailingList.slug == "weekly")).one()


def rows(db: Database, table: type[Base]) -> list[tuple[object, ...]]:
    with db.reading() as s:
        return sorted(tuple(row) for row in s.execute(select(table.__table__)))


def tags(db: Database) -> dict[str, object]:
    with db.reading() as s:
        readers = s.scalars(select(Subscriber))
        return {row.address.split("@")[0]: row.fields.get("tag") for row in readers if row.fields}


def test_a_tag_comes_to_those_who_lack_it(db: Database, crowd: dict[str, int], noon: datetime) -> None:
    assert bulk.tag(db, Choice((crowd["plain"], crowd["own"])), 2, "vip", noon) == Done(2, 0)
    assert bulk.tag(db, Choice((crowd["plain"], crowd["gone"])), 2, 'It\'s "x"', noon) == Done(2, 0)
    assert bulk.tag(db, EVERYBODY, 6, "VIP", noon) == Done(4, 2)
    assert tags(db) == {
        "plain": 'vip, It\'s "x"', "own": "vip", "gone": 'It\'s "x", VIP', "paused": "VIP", "choosy": "VIP", "new": "VIP",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["", " \x00 ", "a, b"])
def test_a_tag_is_one_word_or_a_few(db: Database, crowd: dict[str, int], noon: datetime, word: str) -> None:
    with pytest.raises(Invalid):
        bulk.tag(db, EVERYBODY, 6, word, noon)


def test_a_list_that_comes_to_many_is_as_if_each_had_chosen_it(
    db: Database, settings: Settings, crowd: dict[str, int], noon: datetime
) -> None:
    names = ("plain", "own", "paused", "choosy", "new")
    ids = [crowd[name] for name in names]
    with db.writers() as s:
        for reader_id in ids:
            serving.subscribe(s, s.get_one(Subscriber, reader_id), weekly(db), noon, settings)
        s.flush()
        wanted = [
            sorted(tuple(row) for row in s.execute(select(table.__table__)))
            for table in (Subscription, Subscriber)
        ]
        s.rollback()
    done = bulk.subscribe(db, EVERYBODY, 6, weekly(db), "Ed", noon, settings)
    assert done == Done(5, 1), "whoever left gets no list"
    assert [rows(db, Subscription), rows(db, Subscriber)] == wanted
    assert bulk.subscribe(db, EVERYBODY, 6, weekly(db), "Ed", noon, settings) == Done(0, 6)
    with db.reading() as s:
        assert set(s.scalars(select(Consent.detail))) == {"Put on The week by Ed."}


def test_a_list_is_taken_from_those_who_get_another(
    db: Database, settings: Settings, crowd: dict[str, int], noon: datetime
) -> None:
    bulk.subscribe(db, Choice((crowd["plain"], crowd["own"])), 2, weekly(db), "Ed", noon, settings)
    with db.reading() as s:
        daily = lists.find_list(s)
    assert daily and bulk.unsubscribe(db, EVERYBODY, 6, daily.id, "Ed", noon) == Done(2, 4)
    with db.reading() as s:
        kept = select(Subscription.subscriber_id).where(Subscription.list_id == weekly(db))
        assert set(s.scalars(kept)) == {crowd["plain"], crowd["own"]}
    with pytest.raises(NotFound):
        bulk.unsubscribe(db, EVERYBODY, 6, 99, "Ed", noon)


def test_stopping_ends_every_mail_and_leaves_a_line(
    db: Database, crowd: dict[str, int], noon: datetime
) -> None:
    with db.transaction() as s:
        outbox.put(s, "digest", 1, crowd["plain"], "plain@example.org", noon)
        outbox.put(s, "test", 1, crowd["plain"], "ed@example.org", noon)
    assert bulk.stop(db, EVERYBODY, 6, "Ed", noon + DAY) == Done(5, 1)
    with db.reading() as s:
        assert set(s.scalars(select(Subscriber.state))) == {"left"}
        assert set(s.scalars(select(Letter.state))) == {"skipped", "ready"}
        reader = s.get_one(Subscriber, crowd["plain"])
        assert (reader.left_at, reader.reason) == (noon + DAY, bulk.WHY)
        lines = s.execute(select(Consent.deed, Consent.source, Consent.detail)).all()
        assert set(map(tuple, lines)) == {("stopped", "desk", "By Ed.")} and len(lines) == 5


def test_deleting_leaves_a_sealed_address_each(
    db: Database, settings: Settings, crowd: dict[str, int], noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bulk.erase(db, CONFIRMED, 4, noon, settings) == Done(4, 0)
    assert len(rows(db, Subscriber)) == 2 and len(rows(db, Suppression)) == 4
    monkeypatch.setattr(bulk, "MOST_ERASED", 1)
    with pytest.raises(Invalid, match="Narrow the filter"):
        bulk.erase(db, EVERYBODY, 2, noon, settings)
    assert len(rows(db, Subscriber)) == 2


def test_nothing_is_done_where_more_or_fewer_match_by_then(
    db: Database, crowd: dict[str, int], noon: datetime
) -> None:
    before = rows(db, Subscriber)
    assert bulk.count(db, CONFIRMED, noon) == 4
    assert bulk.count(db, Choice((crowd["plain"], 99)), noon) == 1
    with pytest.raises(Conflict, match="it would be 4 now, not 3"):
        bulk.stop(db, CONFIRMED, 3, "Ed", noon)
    with pytest.raises(Conflict):
        bulk.tag(db, Choice((crowd["plain"], 99)), 2, "vip", noon)
    assert rows(db, Subscriber) == before
