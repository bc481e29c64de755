from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.posts.model import Topic
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.lists import keeping
from newsletter.lists.keeping import Kept, ListWords
from newsletter.lists.model import MailingList
from newsletter.lists.reading import DAILY, default_list, every_list

WEEKLY = ListWords(
    "Weekly best",
    "The week in five stories.",
    0b1000000,
    9,
    "Europe/Lisbon",
    30,
    sender="Best <best@example.org>",
    relay="alerts",
)
ALERTS = ListWords("Sky alerts", weekdays=0)


def get(db: Database, list_id: int, now: datetime, settings: Settings) -> Kept:
    return keeping.get(db, list_id, now, settings)


def test_a_list_is_kept_as_it_was_said_and_tells_its_next_departure(
    db: Database, settings: Settings, noon: datetime
) -> None:
    made = keeping.add(db, WEEKLY, noon)
    kept = get(db, made, noon, settings)
    assert (kept.words, kept.slug, kept.zone, kept.is_daily) == (
        WEEKLY,
        "weekly-best",
        "Europe/Lisbon",
        False,
    )
    assert kept.next and kept.next.due_at.isoformat() == "2026-11-29T09:00:00+00:00"
    assert get(db, keeping.add(db, ALERTS, noon), noon, settings).next is None
    shown = [one.words.name for one in keeping.listing(db, noon, settings)]
    assert shown == ["Daily digest", "Sky alerts", "Weekly best"]


def test_the_slug_stays_when_the_name_changes_and_is_never_anothers(
    db: Database, settings: Settings, noon: datetime
) -> None:
    made = keeping.add(db, WEEKLY, noon)
    keeping.change(db, made, replace(WEEKLY, name="  Best of\nthe week ", weekdays=0b11), noon)
    kept = get(db, made, noon, settings)
    assert (kept.slug, kept.words.name, kept.words.weekdays) == ("weekly-best", "Best of the week", 0b11)
    names = ("Weekly best", "Search", "2026-11-23", "星", "Daily")
    slugs = [get(db, keeping.add(db, ListWords(name), noon), noon, settings).slug for name in names]
    assert slugs == ["weekly-best-2", "list-search", "list-2026-11-23", "list", "list-daily"]


def test_topics_are_what_a_list_is_about(db: Database, settings: Settings, noon: datetime) -> None:
    with db.transaction() as s:
        s.add_all([Topic(slug="sun", name="Sun"), Topic(slug="moon", name="Moon")])
    ids = tuple(_ids(db))
    made = keeping.add(db, replace(WEEKLY, topic_ids=ids), noon)
    keeping.change(db, made, replace(WEEKLY, topic_ids=ids[1:]), noon)
    assert get(db, made, noon, settings).words.topic_ids == ids[1:]


def _ids(db: Database) -> list[int]:
    with db.reading() as s:
        return list(s.scalars(select(Topic.id).order_by(Topic.id)))


@pytest.mark.parametrize(
    ("field", "fault", "words"),
    [
        ("name", "Give the list a name", replace(WEEKLY, name=" ")),
        ("name", "Another list has this name", replace(WEEKLY, name="DAILY digest")),
        ("name", "121 characters; 120 fit", replace(WEEKLY, name="x" * 121)),
        ("description", "300 fit", replace(WEEKLY, description="x" * 301)),
        ("days", "seven days", replace(WEEKLY, weekdays=128)),
        ("hour", "between 0 and 23", replace(WEEKLY, hour=24)),
        ("zone", "Did you mean Europe/Lisbon", replace(WEEKLY, zone="Europe/Lisboa")),
        ("cut_off", "0 to 720", replace(WEEKLY, cut_off=-1)),
        ("sender", "Give an address like", replace(WEEKLY, sender="Nobody")),
        ("sender", "Give an address like", replace(WEEKLY, sender="Nobody <a b@example.org>")),
        ("sender", "one line", replace(WEEKLY, sender="A <a@example.org>\nBcc: b@example.org")),
        ("relay", "Choose one of the relays", replace(WEEKLY, relay="no such way")),
        ("design", "Choose", replace(WEEKLY, design="loud")),
        ("ranking", "Choose", replace(WEEKLY, ranking="random")),
        ("most", "1 to 50", replace(WEEKLY, most=0)),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    db: Database, noon: datetime, field: str, fault: str, words: ListWords
) -> None:
    with pytest.raises(Invalid) as refusal:
        keeping.add(db, words, noon)
    assert list(refusal.value.fields) == [field] and fault in refusal.value.fields[field][0]


def test_days_may_change_and_the_kind_of_list_may_not(db: Database, noon: datetime) -> None:
    made, alerts = keeping.add(db, WEEKLY, noon), keeping.add(db, ALERTS, noon)
    for list_id, words in ((made, replace(WEEKLY, weekdays=0)), (alerts, replace(ALERTS, weekdays=1))):
        with pytest.raises(Invalid, match="another look"):
            keeping.change(db, list_id, words, noon)
    with pytest.raises(Invalid) as refusal:
        keeping.change(db, _daily(db), ListWords("Daily digest", weekdays=0), noon)
    assert refusal.value.fields["days"] == ["The daily digest needs at least one day."]


def _daily(db: Database) -> int:
    with db.reading() as s:
        return s.scalars(select(MailingList.id).where(MailingList.slug == DAILY)).one()


def test_a_retired_list_is_offered_to_nobody_and_the_daily_one_stays(
    db: Database, settings: Settings, noon: datetime
) -> None:
    made = keeping.add(db, WEEKLY, noon)
    keeping.retire(db, made, noon)
    with db.reading() as s:
        assert [one.slug for one in every_list(s)] == [DAILY]
    kept = get(db, made, noon, settings)
    assert (kept.next, kept.retired_at) == (None, noon)
    with pytest.raises(Conflict, match="can no longer be changed"):
        keeping.change(db, made, WEEKLY, noon)
    with pytest.raises(Conflict, match="cannot be retired"):
        keeping.retire(db, _daily(db), noon)
    with pytest.raises(NotFound):
        keeping.retire(db, 999, noon)
    assert keeping.add(db, WEEKLY, noon) != made, "its name is free again"


def test_the_daily_list_is_a_list_like_any_other(db: Database, settings: Settings, noon: datetime) -> None:
    with db.transaction() as s:
        daily = default_list(s, noon).id
    keeping.change(db, daily, ListWords("Morning sky", hour=6, needs_approval=True, is_offered=False), noon)
    kept = get(db, daily, noon, settings)
    assert kept.is_daily and kept.words.needs_approval and kept.next and kept.next.due_at.hour == 6
