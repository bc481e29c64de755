from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
from newsletter.lists.model import MailingList
from newsletter.subscribers import fields, filtering
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription

DAY = timedelta(days=1)


def reader(s: Session, who: str, at: datetime, **more: object) -> Subscriber:
    address = f"{who}@example.org"
    given = {"state": SubscriberState.CONFIRMED, "created_at": at, "asked_at": at} | more
    made = Subscriber(address=address, address_key=address, **given)
    s.add(made)
    s.flush()
    return made


@pytest.fixture
def cast(db: Database, noon: datetime) -> Iterator[None]:
    """ann: everything at once; bob: has left; cy: nothing in particular."""
    with db.transaction() as s:
        ann = reader(
            s, "ann", noon - 40 * DAY, name="Ann Ångström-Groß", source="/2026/11/moon", form="embed", campaign="spring",
            fields={"tag": "vip, Beta", "city": "Jos"}, last_click_at=noon - 10 * DAY, paused_until=noon + DAY,
        )  # fmt: skip
        reader(s, "bob", noon - 2 * DAY, state=SubscriberState.LEFT, last_click_at=noon - 60 * DAY)
        cy = reader(s, "cy", noon)
        alerts = MailingList(slug="alerts", name="Alerts", weekdays=0, created_at=noon)
        s.add(alerts)
        s.flush()
        s.add(Subscription(subscriber_id=ann.id, list_id=alerts.id, since=noon))
        for subject, subject_id, weight in (
            (Subject.TOPIC, 7, 2),
            (Subject.AUTHOR, 8, 1),
            (Subject.TOPIC, 9, -1),
        ):
            s.add(Follow(subscriber_id=ann.id, subject=subject, subject_id=subject_id, weight=weight))
        for n, (to, days, state) in enumerate(
            ((ann, 3, LetterState.REFUSED), (ann, 40, LetterState.ACCEPTED), (cy, 3, LetterState.ACCEPTED))
        ):
            at = noon - days * DAY
            s.add(
                Letter(
                    kind="digest",
                    about_id=n,
                    reader_id=to.id,
                    address=to.address,
                    state=state,
                    created_at=at,
                    due_at=at,
                    settled_at=at,
                )  # fmt: skip
            )
    yield


CASES: list[tuple[dict[str, str], str]] = [
    ({}, "ann bob cy"),
    ({"q": "ANN@"}, "ann"),
    ({"q": "Ann"}, "ann"),
    ({"q": "groß"}, "ann"),
    ({"state": "left"}, "bob"),
    ({"state": "no such state"}, "ann bob cy"),
    ({"list": "alerts"}, "ann"),
    ({"list": "no such list"}, ""),
    ({"topic": "7"}, "ann"),
    ({"topic": "8"}, ""),
    ({"topic": "9"}, ""),
    ({"author": "8"}, "ann"),
    ({"author": "99999999999999999999"}, "ann bob cy"),
    ({"source": "moon"}, "ann"),
    ({"source": "%"}, ""),
    ({"form": "embed"}, "ann"),
    ({"campaign": "spring"}, "ann"),
    ({"since": "2026-11-20"}, "bob cy"),
    ({"until": "2026-11-20"}, "ann bob"),
    ({"since": "2026-11-20", "until": "2026-11-21"}, "bob"),
    ({"since": "0001-01-01", "until": "9999-12-31"}, "ann bob cy"),
    ({"since": "soon"}, "ann bob cy"),
    ({"engagement": "clicked-30"}, "ann"),
    ({"engagement": "clicked-90"}, "ann bob"),
    ({"engagement": "never-clicked"}, "cy"),
    ({"engagement": "no such one"}, "ann bob cy"),
    ({"activity": "clicked-30"}, "ann"),
    ({"activity": "no-mail-30"}, "ann bob"),
    ({"activity": "no-mail-30", "engagement": "clicked-30"}, "ann"),
    ({"activity": "mail-30"}, "cy"),
    ({"field": "city", "value": "jos"}, "ann"),
    ({"field": "city"}, "ann"),
    ({"field": "tag", "value": "BETA"}, "ann"),
    ({"field": "tag", "value": "et"}, ""),
    ({"field": "tag", "value": "%"}, ""),
    ({"field": 'a"b', "value": "x"}, "ann bob cy"),
    ({"paused": "yes"}, "ann"),
    ({"q": "a\x00nn", "state": "confirmed", "list": "alerts"}, "ann"),
]


def test_each_part_of_a_filter_narrows(db: Database, noon: datetime, cast: None) -> None:
    for said, names in CASES:
        chosen = filtering.chosen(filtering.read(said), noon)
        with db.reading() as s:
            found = [row.address.split("@")[0] for row in s.scalars(chosen.order_by(Subscriber.id))]
        assert found == names.split(), said


def test_who_does_not_want_clicks_counted_is_not_called_idle(db: Database, noon: datetime) -> None:
    with db.transaction() as s:
        reader(s, "lapsed", noon, last_click_at=noon - 91 * DAY)
        reader(s, "keen", noon, last_click_at=noon - 89 * DAY)
        reader(s, "idle", noon)
        reader(s, "private", noon, clicks=False)
    for engagement, name in (("lapsed-90", "lapsed"), ("never-clicked", "idle"), ("uncounted", "private")):
        with db.reading() as s:
            found = s.scalars(filtering.chosen(ReaderFilter(engagement=engagement), noon)).all()
        assert [row.address for row in found] == [f"{name}@example.org"]


def test_a_day_is_the_publications_own(db: Database, noon: datetime) -> None:
    with db.transaction() as s:
        reader(s, "late", datetime.fromisoformat("2026-11-21T22:30:00+00:00"))
    for zone, day in (("UTC", 21), ("Africa/Nairobi", 22)):
        wanted = ReaderFilter(since=date(2026, 11, day), until=date(2026, 11, day))
        with db.reading() as s:
            assert len(s.scalars(filtering.chosen(wanted, noon, ZoneInfo(zone))).all()) == 1


def test_what_is_written_is_read_back(noon: datetime) -> None:
    full = ReaderFilter(
        "ann", "left", "daily", 1, 2, "/x", "band", "spring", date(2026, 1, 2), date(2026, 2, 3), "mail-30",
        "lapsed-90", "city", "Jos", True,
    )  # fmt: skip
    assert filtering.read(filtering.written(full)) == full
    assert len(filtering.written(full)) == 15
    assert filtering.written(ReaderFilter()) == {}


@pytest.mark.parametrize("name", ["", " tag", "-x", 'a"b', "a\\b", "a$b", "x" * 41, "a\nb"])
def test_a_fields_name_is_made_of_letters_and_a_few_signs(name: str) -> None:
    assert not fields.is_name(name)
    assert fields.is_name("Född år") and fields.is_name("tag")
