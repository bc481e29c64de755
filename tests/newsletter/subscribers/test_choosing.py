"""What a reader chooses on the preference page takes effect, is settled at once and is written into their history."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import Gone, Invalid, NotFound
from blog.settings import Settings
from newsletter.editions import expecting
from newsletter.lists.model import EVERY_DAY
from newsletter.subscribers import choices, choosing, leaving
from newsletter.subscribers.choices import Choices
from newsletter.subscribers.choosing import SUNDAY
from tests.cast import Newsroom
from tests.newsletter.subscribers import filing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday."""


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def ann(newsroom: Newsroom) -> int:
    newsroom.begin(NOON - timedelta(days=2))
    return newsroom.reader("ann@example.org", NOON - timedelta(days=1))


def standing(newsroom: Newsroom, reader_id: int) -> Choices:
    return choices.preferences(newsroom.db, reader_id, NOON, newsroom.settings).choices


def choose(newsroom: Newsroom, reader_id: int, **wanted: object) -> bool:
    fresh = replace(standing(newsroom, reader_id), **wanted)  # type: ignore[arg-type]
    return choosing.choose(newsroom.db, reader_id, fresh, NOON, newsroom.settings)


def next_at(newsroom: Newsroom, reader_id: int) -> datetime | None:
    return expecting.moments(newsroom.db, reader_id, NOON, newsroom.settings)[1]


def test_a_new_reader_has_the_daily_digest_at_the_usual_hour(newsroom: Newsroom, ann: int) -> None:
    assert standing(newsroom, ann) == Choices(frozenset({1}))
    assert next_at(newsroom, ann) == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_days_hour_and_zone_make_a_moment_of_ones_own(newsroom: Newsroom, ann: int) -> None:
    assert choose(newsroom, ann, days=SUNDAY, hour=18, timezone="Africa/Lagos")
    (own,) = filing.held(newsroom.db, ann).values()
    assert (own.days, own.next_at) == (SUNDAY, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    assert filing.deeds(newsroom.db, ann)[-1] == ("chose", "days: Sun; timezone: Africa/Lagos; hour: 18")
    assert next_at(newsroom, ann) == datetime(2026, 11, 29, 17, 0, tzinfo=UTC), "nothing came since yesterday"


def test_saving_what_stands_changes_and_writes_nothing(newsroom: Newsroom, ann: int) -> None:
    before = filing.deeds(newsroom.db, ann)
    assert not choose(newsroom, ann)
    assert filing.deeds(newsroom.db, ann) == before


def test_each_story_at_once_makes_their_share_their_own(newsroom: Newsroom, ann: int) -> None:
    choose(newsroom, ann, at_once=True)
    assert filing.person(newsroom.db, ann).is_particular
    assert next_at(newsroom, ann) is None


def test_lists_are_taken_and_given_back(newsroom: Newsroom, ann: int) -> None:
    best = filing.mailing(newsroom.db, "best", "Weekly best", NOON, weekdays=SUNDAY)
    hidden = filing.mailing(newsroom.db, "press", "Press", NOON, is_offered=False)
    choose(newsroom, ann, lists=frozenset({1, best, hidden}))
    assert set(filing.held(newsroom.db, ann)) == {1, best}
    choose(newsroom, ann, lists=frozenset({best}))
    assert set(filing.held(newsroom.db, ann)) == {best}
    with pytest.raises(Invalid) as refusal:
        choose(newsroom, ann, lists=frozenset())
    assert refusal.value.fields == {"lists": [choosing.NO_LIST]}


def test_a_list_that_retired_is_left_alone(newsroom: Newsroom, ann: int) -> None:
    old = filing.mailing(newsroom.db, "old", "Old", NOON)
    choose(newsroom, ann, lists=frozenset({1, old}))
    with newsroom.db.transaction() as s:
        s.get_one(choices.MailingList, old).retired_at = NOON
    choose(newsroom, ann, hour=9)
    assert set(filing.held(newsroom.db, ann)) == {1, old}


def test_following_is_kept_apart_from_what_taste_has_gathered(newsroom: Newsroom, ann: int) -> None:
    post = newsroom.publish("Rings", NOON)
    moon, mars = filing.topic(newsroom.db, "Moon", post), filing.topic(newsroom.db, "Mars", post)
    quiet = filing.topic(newsroom.db, "Quiet")
    kim = filing.author(newsroom.db, "Kim", NOON, post)
    with newsroom.db.transaction() as s:
        s.add(choices.Follow(subscriber_id=ann, subject="topic", subject_id=mars, weight=-1))
        s.add(choices.Follow(subscriber_id=ann, subject="topic", subject_id=quiet, weight=2))
    choose(newsroom, ann, topics=frozenset({moon}), authors=frozenset({kim}), only_followed=True)
    assert filing.follows(newsroom.db, ann) == {
        ("topic", moon): 2,
        ("topic", mars): -1,
        ("topic", quiet): 2,
        ("author", kim): 2,
    }
    choose(newsroom, ann, topics=frozenset(), authors=frozenset({kim}), tastes=frozenset())
    assert filing.follows(newsroom.db, ann) == {("topic", quiet): 2, ("author", kim): 2}


def test_a_followed_topic_takes_the_place_of_a_taste(newsroom: Newsroom, ann: int) -> None:
    moon = filing.topic(newsroom.db, "Moon", newsroom.publish("Rings", NOON))
    with newsroom.db.transaction() as s:
        s.add(choices.Follow(subscriber_id=ann, subject="topic", subject_id=moon, weight=-1))
    choose(newsroom, ann, topics=frozenset({moon}))
    assert filing.follows(newsroom.db, ann) == {("topic", moon): 2}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 128}, "days"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"hour": 24}, "hour"),
        ({"only_followed": True}, "only_followed"),
    ],
)
def test_what_cannot_be_is_refused_field_by_field(
    newsroom: Newsroom, ann: int, wanted: dict[str, object], field: str
) -> None:
    before = standing(newsroom, ann)
    with pytest.raises(Invalid) as refusal:
        choose(newsroom, ann, **wanted)
    assert list(refusal.value.fields) == [field]
    assert standing(newsroom, ann) == before


def test_a_pause_ends_when_the_readers_own_day_begins(newsroom: Newsroom, ann: int) -> None:
    choose(newsroom, ann, timezone="Asia/Tokyo")
    choosing.pause_weeks(newsroom.db, ann, 2, NOON, newsroom.settings)
    assert filing.person(newsroom.db, ann).paused_until == datetime(2026, 12, 5, 15, 0, tzinfo=UTC)
    assert next_at(newsroom, ann) == datetime(2026, 12, 5, 22, 0, tzinfo=UTC)
    choosing.resume(newsroom.db, ann, NOON, newsroom.settings)
    choosing.resume(newsroom.db, ann, NOON, newsroom.settings)
    assert filing.person(newsroom.db, ann).paused_until is None
    told = filing.deeds(newsroom.db, ann)[-2:]
    assert told == [("paused", "until 2026-12-06"), ("chose", "ended the pause")]


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 1), date(2028, 1, 1)])
def test_a_pause_lies_ahead_and_within_a_year(newsroom: Newsroom, ann: int, day: date) -> None:
    with pytest.raises(Invalid, match="from tomorrow on"):
        choosing.pause(newsroom.db, ann, day, NOON, newsroom.settings)


def test_weekly_instead_of_leaving(newsroom: Newsroom, ann: int) -> None:
    for _ in range(2):
        choosing.go_weekly(newsroom.db, ann, NOON, newsroom.settings, "edition 3")
    assert filing.held(newsroom.db, ann)[1].days == SUNDAY
    assert filing.deeds(newsroom.db, ann).count(("chose", "days: Sun")) == 1


def test_one_list_of_several_is_stopped_alone(newsroom: Newsroom, ann: int) -> None:
    best = filing.mailing(newsroom.db, "best", "Weekly best", NOON)
    choose(newsroom, ann, lists=frozenset({1, best}))
    assert choosing.stop_list(newsroom.db, ann, best, NOON, newsroom.settings) == "Weekly best"
    assert choosing.stop_list(newsroom.db, ann, best, NOON, newsroom.settings) == "Weekly best"
    assert set(filing.held(newsroom.db, ann)) == {1}
    with pytest.raises(Invalid, match="all you get"):
        choosing.stop_list(newsroom.db, ann, 1, NOON, newsroom.settings)
    with pytest.raises(NotFound):
        choosing.stop_list(newsroom.db, ann, 99, NOON, newsroom.settings)


def test_why_they_left_is_said_afterwards_and_only_by_who_left(newsroom: Newsroom, ann: int) -> None:
    choosing.say_why(newsroom.db, ann, "too early", NOON)
    assert filing.person(newsroom.db, ann).reason == ""
    leaving.leave(newsroom.db, ann, NOON, settings=newsroom.settings)
    for _ in range(2):
        choosing.say_why(newsroom.db, ann, "Too many\r\nmails\x00", NOON)
    assert filing.person(newsroom.db, ann).reason == "Too many mails"
    assert filing.deeds(newsroom.db, ann)[-1] == ("noted", "Too many mails")
    assert len([deed for deed, _ in filing.deeds(newsroom.db, ann) if deed == "noted"]) == 1


def test_who_is_not_on_the_list_has_nothing_to_choose(newsroom: Newsroom, ann: int) -> None:
    leaving.leave(newsroom.db, ann, NOON, settings=newsroom.settings)
    with pytest.raises(Gone):
        choose(newsroom, ann, hour=9)
    with pytest.raises(NotFound):
        choosing.resume(newsroom.db, 99, NOON, newsroom.settings)
    assert standing(newsroom, ann).days == EVERY_DAY
