from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from blog.db import Database
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers import exporting, serving
from newsletter.subscribers.exporting import Slugs
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState

SLUGS = Slugs({1: "moon", 2: "mars"}, {1: "ann"})


def add(db: Database, address: str, at: datetime, **given: object) -> int:
    with db.transaction() as s:
        fresh = {"state": SubscriberState.CONFIRMED, "created_at": at, "asked_at": at} | given
        reader = Subscriber(address=address, address_key=address.lower(), **fresh)
        s.add(reader)
        s.flush()
        return reader.id


def test_all_that_a_reader_chose_is_in_their_line(db: Database, settings: Settings, noon: datetime) -> None:
    until = noon + timedelta(days=3)
    ann = add(
        db, "Ann@example.org", noon, name="=Ann", hour=6, timezone="Asia/Tokyo", paused_until=until, only_followed=True,
        pictures=False, source="/news", form="band", campaign="spring", confirmed_at=noon, reason="", fields={"city": "Jos"},
    )  # fmt: skip
    with db.transaction() as s:
        daily, reader = lists.default_list(s, noon), s.get_one(Subscriber, ann)
        alerts = MailingList(slug="alerts", name="Alerts", weekdays=0, created_at=noon)
        s.add(alerts)
        s.flush()
        serving.subscribe(s, reader, alerts.id, noon, settings)
        serving.subscribe(s, reader, daily.id, noon, settings, days=0b0000011)
        for subject, number, weight in (
            (Subject.TOPIC, 1, 2),
            (Subject.TOPIC, 2, 2),
            (Subject.TOPIC, 3, 2),
            (Subject.AUTHOR, 1, 1),
        ):
            s.add(Follow(subscriber_id=ann, subject=subject, subject_id=number, weight=weight))  # fmt: skip
    add(db, "bob@example.org", noon, state=SubscriberState.LEFT, left_at=noon, reason="too many")
    heading, first, second = exporting.lines(db, select(Subscriber), SLUGS)
    time = noon.isoformat()
    assert dict(zip(heading, first, strict=True)) == {
        "email": "Ann@example.org", "name": "'=Ann", "state": "confirmed", "lists": "daily|alerts", "days": "mon|tue",
        "at_once": "no", "hour": "6", "timezone": "Asia/Tokyo", "paused_until": until.isoformat(), "only_followed": "yes",
        "pictures": "no", "clicks": "yes", "topics": "mars|moon", "authors": "",
        "tastes": "more:author:ann", "source": "/news", "form": "band",
        "campaign": "spring", "created_at": time, "confirmed_at": time, "left_at": "", "reason": "", "fields": '{"city": "Jos"}',
    }  # fmt: skip
    told = dict(zip(heading, second, strict=True))
    assert (told["lists"], told["days"], told["left_at"], told["reason"]) == ("", "all", time, "too many")


def test_everybody_is_told_once_however_many_there_are(
    db: Database, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PART", 2)
    wanted = [f"r{n}@example.org" for n in range(6)]
    for address in wanted:
        add(db, address, noon)
    _, *told = exporting.lines(db, select(Subscriber), SLUGS)
    assert [line[0] for line in told] == wanted


@given(st.text())
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    cell = exporting.guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert exporting.plain(cell) == text
