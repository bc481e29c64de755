"""Readers with moments of their own: what gathers, when it leaves, and that nothing comes twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from newsletter.editions import compiling, sharing
from newsletter.editions.model import Announcement, Edition, EditionKind, EditionPost
from newsletter.lists.model import ListTopic, MailingList
from newsletter.subscribers import serving
from newsletter.subscribers.model import Follow, Subscriber, Subscription
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SUNDAY = 1 << 6


@pytest.fixture
def room(newsroom: Newsroom, noon: datetime) -> Newsroom:
    """A daily list at 07:00 UTC that began at Sunday noon."""
    newsroom.begin(noon)
    return newsroom


def choose(
    room: Newsroom, reader_id: int, at: datetime, days: int = 127, at_once: bool = False, **choices: object
) -> None:
    with room.db.transaction() as s:
        reader = s.get_one(Subscriber, reader_id)
        for name, value in choices.items():
            setattr(reader, name, value)
        for one in s.scalars(select(Subscription).where(Subscription.subscriber_id == reader_id)):
            one.days, one.at_once = days, at_once
        serving.settle(s, reader, at, room.settings)


def got(room: Newsroom, reader_id: int) -> list[tuple[datetime, list[int]]]:
    """Each digest of a reader: when it was written and which posts it carries."""
    with room.db.reading() as s:
        return [
            (letter.created_at, list(sharing.share_of(s, letter.about_id, reader_id)))
            for letter in room.letters()
            if letter.reader_id == reader_id
        ]


def test_a_digest_comes_at_the_readers_own_hour(room: Newsroom, noon: datetime) -> None:
    plain, kiwi = room.reader("ann@example.org", noon), room.reader("kiwi@example.org", noon)
    choose(room, kiwi, noon, timezone="Pacific/Auckland")
    room.tick(noon + 6 * HOUR)  # 07:00 in Auckland, and nothing has closed yet
    post = room.publish("Tides", noon + 7 * HOUR)
    room.tick(SEVEN)
    assert got(room, plain) == [(SEVEN, [post])] and got(room, kiwi) == []
    morning = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 07:00 of the 24th in Auckland
    room.tick(morning - timedelta(seconds=1))
    assert got(room, kiwi) == []
    room.tick(morning)
    assert got(room, kiwi) == [(morning, [post])]


def test_a_weekly_reader_gets_what_gathered_newest_edition_first(room: Newsroom, noon: datetime) -> None:
    weekly = room.reader("ann@example.org", noon)
    choose(room, weekly, noon, days=SUNDAY)
    posts = []
    for day in range(7):
        posts.append(room.publish(f"Story {day}", noon + day * DAY))
        room.tick(SEVEN + day * DAY)
    (letter,) = got(room, weekly)
    assert letter == (SEVEN + 6 * DAY, posts[::-1])
    room.tick(SEVEN + 13 * DAY)
    assert len(got(room, weekly)) == 1, "nothing new, no mail"


def test_who_turns_weekly_gets_nothing_again(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    first = room.publish("First", noon)
    room.tick(SEVEN)
    choose(room, reader, SEVEN + HOUR, days=SUNDAY)
    second = room.publish("Second", SEVEN + HOUR)
    room.tick(SEVEN + DAY)
    room.tick(SEVEN + 6 * DAY)
    assert [posts for _, posts in got(room, reader)] == [[first], [second]]


def test_what_gathers_in_a_pause_comes_after_it(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    choose(room, reader, noon, paused_until=SEVEN + 2 * DAY - HOUR)
    posts = []
    for day in range(4):
        posts.append(room.publish(f"Story {day}", noon + day * DAY))
        room.tick(SEVEN + day * DAY)
    assert got(room, reader) == [(SEVEN + 2 * DAY, posts[2::-1]), (SEVEN + 3 * DAY, [posts[3]])]


def test_what_gathered_is_not_lost_when_a_pause_is_ended_early(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    choose(room, reader, noon, paused_until=noon + 20 * DAY)
    first = room.publish("First", noon)
    room.tick(SEVEN)
    choose(room, reader, SEVEN + HOUR, paused_until=None)
    second = room.publish("Second", SEVEN + 2 * HOUR)
    room.tick(SEVEN + DAY)
    third = room.publish("Third", SEVEN + DAY)
    room.tick(SEVEN + 2 * DAY)
    assert got(room, reader) == [(SEVEN + DAY, [second, first]), (SEVEN + 2 * DAY, [third])]


def test_whoever_follows_alone_gets_only_that(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    moon, mars = room.topic("Moon"), room.topic("Mars")
    with room.db.transaction() as s:
        s.add(Follow(subscriber_id=reader, subject="topic", subject_id=moon))
    choose(room, reader, noon, only_followed=True)
    followed = room.publish("Tides", noon, topics=[moon])
    room.publish("Dust", noon, topics=[mars])
    room.tick(SEVEN)
    assert got(room, reader) == [(SEVEN, [followed])]
    room.publish("More dust", SEVEN, topics=[mars])
    room.tick(SEVEN + DAY)
    assert len(got(room, reader)) == 1


def test_a_story_at_once_is_not_in_the_digest_again(room: Newsroom, noon: datetime) -> None:
    eager, plain = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, eager, noon, at_once=True)
    post = room.publish("Tides", noon + HOUR)
    room.tick(noon + HOUR)
    assert [(letter.about_id, letter.reader_id) for letter in room.letters("story")] == [(post, eager)]
    room.tick(SEVEN)
    assert got(room, eager) == [] and got(room, plain) == [(SEVEN, [post])]
    choose(room, eager, SEVEN, at_once=False)
    later = room.publish("Rings", SEVEN + HOUR)
    room.tick(SEVEN + DAY)
    assert got(room, eager) == [(SEVEN + DAY, [later])]


def test_what_came_out_before_somebody_wished_it_at_once_comes_with_the_digest(
    room: Newsroom, noon: datetime
) -> None:
    eager = room.reader("ann@example.org", noon)
    post = room.publish("Tides", noon)
    room.tick(noon + HOUR)
    choose(room, eager, noon + 2 * HOUR, at_once=True)
    room.tick(noon + 3 * HOUR)
    assert room.letters("story") == []
    room.tick(SEVEN)
    assert got(room, eager) == [(SEVEN, [post])]


def test_an_edition_that_was_held_reaches_everybody_whose_hour_passed_meanwhile(
    room: Newsroom, noon: datetime
) -> None:
    plain, at_eight = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, at_eight, noon, hour=8)
    post = room.publish("Tides", noon)
    _set(room, held_at=noon)
    room.tick(SEVEN)
    room.tick(SEVEN + HOUR)
    assert room.letters() == []
    _set(room, held_at=None)
    released = SEVEN + 3 * HOUR
    room.tick(released)
    assert got(room, plain) == [(released, [post])] == got(room, at_eight)


def test_an_edition_that_wants_approval_waits_for_it(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    with room.db.transaction() as s:
        s.scalars(select(MailingList)).one().needs_approval = True
    room.publish("Tides", noon)
    room.tick(SEVEN)
    assert room.letters() == []
    _set(room, approved_at=SEVEN)
    room.tick(SEVEN + HOUR)
    assert [at for at, _ in got(room, reader)] == [SEVEN + HOUR]


def test_what_comes_out_after_the_cut_off_rolls_over(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    with room.db.transaction() as s:
        s.scalars(select(MailingList)).one().cut_off = 10
    edge = SEVEN - timedelta(minutes=10)
    early, late = room.publish("On time", edge), room.publish("Too late", edge + timedelta(microseconds=1))
    room.tick(SEVEN)
    room.tick(SEVEN + DAY)
    assert [posts for _, posts in got(room, reader)] == [[early], [late]]


def test_a_special_edition_goes_to_everybody_at_once_and_is_not_repeated(
    room: Newsroom, noon: datetime
) -> None:
    plain, weekly = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, weekly, noon, days=SUNDAY)
    ordinary, urgent = room.publish("Tides", noon), room.publish("A new comet", noon)
    with room.db.transaction() as s:
        list_id = s.scalars(select(MailingList.id)).one()
        special = Edition(
            list_id=list_id,
            kind=EditionKind.SPECIAL,
            local_date=noon.date(),
            slug="2026-11-22-2",
            due_at=noon,
        )
        s.add(special)
        s.flush()
        s.add(EditionPost(edition_id=special.id, list_id=list_id, post_id=urgent, added=True))
        special_id = special.id
    compiling.send_now(room.db, noon + HOUR, room.settings, special_id)
    room.tick(SEVEN)
    room.tick(SEVEN + 6 * DAY)
    assert got(room, plain) == [(noon + HOUR, [urgent]), (SEVEN, [ordinary])]
    assert got(room, weekly) == [(noon + HOUR, [urgent]), (SEVEN + 6 * DAY, [ordinary])]


def test_a_list_without_days_mails_each_story_at_once_and_opens_no_edition(
    room: Newsroom, noon: datetime
) -> None:
    reader = room.reader("ann@example.org", noon)
    moon = room.topic("Moon")
    with room.db.transaction() as s:
        alerts = MailingList(slug="alerts", name="Sky alerts", weekdays=0, created_at=noon)
        s.add(alerts)
        s.flush()
        s.add(ListTopic(list_id=alerts.id, topic_id=moon))
        serving.subscribe(s, s.get_one(Subscriber, reader), alerts.id, noon, room.settings)
    alert, other = room.publish("Eclipse tonight", noon, topics=[moon]), room.publish("Dust", noon)
    room.tick(noon)
    assert [letter.about_id for letter in room.letters("story")] == [alert]
    room.tick(SEVEN)
    assert got(room, reader) == [(SEVEN, [other])]
    with room.db.reading() as s:
        assert s.scalars(select(Announcement.post_id).where(Announcement.letters > 0)).all() == [alert]


def test_a_moment_that_was_missed_by_far_waits_for_the_next(room: Newsroom, noon: datetime) -> None:
    early, late = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, early, noon, hour=8)
    choose(room, late, noon, hour=9)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    down_until = SEVEN + 7.5 * HOUR
    room.tick(down_until)
    assert got(room, early) == [] and got(room, late) == [(down_until, [post])]
    room.tick(SEVEN + DAY + HOUR)
    assert got(room, early) == [(SEVEN + DAY + HOUR, [post])]


def _set(room: Newsroom, **fields: object) -> None:
    with room.db.transaction() as s:
        edition = s.scalars(select(Edition).where(Edition.state == "open")).one()
        for name, value in fields.items():
            setattr(edition, name, value)
