"""What was told before is not told again: by special editions, by a second list, by two clocks at the same moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

from blog.refusals import Conflict
from newsletter.delivery.model import LetterState
from newsletter.editions import (
    adding,
    announcing,
    arranging,
    choosing,
    compiling,
    dispatching,
    giving,
    sharing,
    specials,
)
from newsletter.editions.model import Edition
from newsletter.lists import keeping
from newsletter.lists import reading as lists
from newsletter.lists.keeping import ListWords
from newsletter.lists.model import MailingList
from newsletter.subscribers import bulk, erasing, leaving, serving
from newsletter.subscribers.model import Subscriber, Subscription
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom
from tests.newsletter.editions.post_office import PostOffice
from tests.newsletter.editions.test_dispatching import SEVEN, SUNDAY, choose, got, room

__all__ = ["room"]
LONG = 0.3
"""Seconds after which somebody who need not wait would have come to the end."""


def special(room: Newsroom, at: datetime, *posts: int, note: str = "", list_id: int = 0) -> int:
    made = specials.make(room.db, list_id or room.open().list_id, "Extra", at, room.settings)
    for post in posts:
        adding.add(room.db, made, post, at)
    arranging.word(room.db, made, "Extra", "", note, at)
    compiling.send_now(room.db, at, room.settings, made)
    return made


def add_list(room: Newsroom, at: datetime, reader: int | None = None, **words: object) -> int:
    made = keeping.add(room.db, ListWords("Second", **words), at)  # type: ignore[arg-type]
    if reader:
        take(room, reader, made, at)
    return made


def take(room: Newsroom, reader: int, list_id: int, at: datetime) -> None:
    with room.db.transaction() as s:
        serving.subscribe(s, s.get_one(Subscriber, reader), list_id, at, room.settings)


def test_a_special_edition_repeats_nothing_that_came_at_once(room: Newsroom, noon: datetime) -> None:
    plain, eager = room.reader("ann@example.org", noon), room.reader("eve@example.org", noon)
    choose(room, eager, noon, at_once=True)
    post, old = room.publish("Comet", noon), room.publish("Tides", noon - 30 * DAY)
    room.tick(noon)
    only = special(room, noon + HOUR, post)
    assert got(room, plain) == [(noon + HOUR, [post])] and got(room, eager) == []
    with room.db.reading() as s:
        assert s.get_one(Edition, only).recipients == 1
    special(room, noon + 2 * HOUR, old)
    assert got(room, eager) == [(noon + 2 * HOUR, [old])]


def test_whoever_had_its_stories_still_gets_its_note(room: Newsroom, noon: datetime) -> None:
    eager = room.reader("eve@example.org", noon)
    choose(room, eager, noon, at_once=True)
    post = room.publish("Comet", noon)
    room.tick(noon)
    special(room, noon + HOUR, post, note="We go live at nine.")
    assert got(room, eager) == [(noon + HOUR, [])]
    office = PostOffice(room)
    mail = office.mail("digest", eager)
    assert "We go live at nine." in mail.as_string() and "Comet" not in mail.as_string()


def test_a_special_edition_repeats_nothing_that_another_list_brought(room: Newsroom, noon: datetime) -> None:
    both = room.reader("dot@example.org", noon)
    second = add_list(room, noon, both, weekdays=SUNDAY)
    alone = room.reader("ann@example.org", noon)
    with room.db.transaction() as s:
        serving.unsubscribe(s, alone, room.editions()[0].list_id)
    take(room, alone, second, noon)
    post, other = room.publish("Comet", noon), room.publish("Old", noon - 30 * DAY)
    room.tick(SEVEN)
    special(room, SEVEN + HOUR, post, other, list_id=second)
    assert [posts for _, posts in got(room, both)] == [[post], [other]]
    assert got(room, alone) == [(SEVEN + HOUR, [post, other])]


def test_a_special_edition_of_a_pause_comes_after_it_though_another_came_since(
    room: Newsroom, noon: datetime
) -> None:
    reader = room.reader("ann@example.org", noon)
    first, second = room.publish("First", noon), room.publish("Second", noon)
    choose(room, reader, noon, days=SUNDAY, paused_until=noon + DAY)
    special(room, noon, first)
    choose(room, reader, noon + HOUR, days=SUNDAY, paused_until=None)
    special(room, noon + 2 * HOUR, second)
    room.tick(SEVEN + 6 * DAY)
    assert got(room, reader) == [(noon + 2 * HOUR, [second]), (SEVEN + 6 * DAY, [first])]


def test_what_a_share_brought_is_known_though_the_clock_was_set_back(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    choose(room, reader, noon, days=SUNDAY, hour=23)
    post = room.publish("Tides", noon)
    room.tick(SEVEN + 6 * DAY)
    compiled = SEVEN + 6 * DAY
    other = room.publish("Dust", compiled - 2 * HOUR)
    compiling.send_now(room.db, compiled - HOUR, room.settings)
    choose(room, reader, compiled - HOUR, days=SUNDAY, hour=8)
    room.tick(compiled + HOUR)
    assert [posts for _, posts in got(room, reader)] == [[other, post]]
    with room.db.reading() as s:
        assert sharing.received(s, [reader], [post]) == {reader: {post}}


def test_a_story_that_a_digest_brought_goes_at_once_to_the_others_alone(
    room: Newsroom, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "PART", 1)
    second = add_list(room, noon, weekdays=0)
    had = room.reader("ann@example.org", noon)
    new = [room.reader(f"{name}@example.org", noon) for name in ("bob", "eve")]
    for reader in (had, *new):
        take(room, reader, second, noon)
    for reader in new:
        choose(room, reader, noon, days=SUNDAY, at_once=False)
    with room.db.transaction() as s:
        s.execute(update(Subscription).where(Subscription.list_id == second).values(at_once=True))
    post = room.publish("Comet", SEVEN)
    with room.db.transaction() as s:
        s.get_one(MailingList, second).created_at = (
            SEVEN + HOUR
        )  # announces nothing before the digest has left
    room.tick(SEVEN)
    with room.db.transaction() as s:
        s.get_one(MailingList, second).created_at = noon
    room.tick(SEVEN + HOUR)
    assert [letter.reader_id for letter in room.letters("story")] == new
    assert [posts for _, posts in got(room, had)] == [[post]]


def test_nothing_leaves_of_a_retired_list(room: Newsroom, noon: datetime) -> None:
    reader, daily = room.reader("ann@example.org", noon), room.open().list_id
    second = add_list(room, noon, reader)
    post = room.publish("Comet", noon)
    made = specials.make(room.db, second, "Extra", noon, room.settings)
    adding.add(room.db, made, post, noon)
    keeping.retire(room.db, second, noon)
    with pytest.raises(Conflict, match="retired"):
        compiling.send_now(room.db, noon, room.settings, made)
    with pytest.raises(Conflict, match="retired"):
        bulk.subscribe(room.db, bulk.Choice((reader,)), 1, second, "Ada", noon, room.settings)
    done = bulk.unsubscribe(room.db, bulk.Choice((reader,)), 1, daily, "Ada", noon)
    assert done == bulk.Done(0, 1), "a retired list brings nothing, so the daily one is all they get"


def test_topics_that_a_list_takes_in_bring_no_flood_of_old_stories(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    moon, mars = room.topic("Moon"), room.topic("Mars")
    second = add_list(room, noon, reader, weekdays=0, topic_ids=(moon,))
    weekly = keeping.add(room.db, ListWords("Weekly", weekdays=SUNDAY, topic_ids=(moon,)), noon)
    old = room.publish("Old", noon + DAY, topics=[mars])
    room.tick(noon + DAY)
    later = noon + 30 * DAY
    fresh = room.publish("Fresh", later - DAY, topics=[mars])
    room.tick(later)
    for made, weekdays in ((second, 0), (weekly, SUNDAY)):
        words = ListWords("Second" if made == second else "Weekly", weekdays=weekdays, topic_ids=(moon, mars))
        keeping.change(room.db, made, words, later)
    new = room.publish("New", later + HOUR, topics=[mars])
    room.tick(later + 2 * HOUR)
    assert [letter.about_id for letter in room.letters("story")] == [new]
    with room.db.reading() as s:
        edition = s.scalars(select(Edition).where(Edition.list_id == weekly, Edition.state == "open")).one()
        found = choosing.candidates(s, s.get_one(MailingList, weekly), edition.id, later + 2 * HOUR)
        assert set(found) == {fresh, new} and old not in found


def test_an_undone_leave_keeps_what_had_gathered(room: Newsroom, noon: datetime) -> None:
    weekly, plain = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, weekly, noon, days=SUNDAY)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    for reader in (weekly, plain):
        leaving.leave(room.db, reader, SEVEN + HOUR, settings=room.settings)
        leaving.come_back(room.db, reader, SEVEN + 2 * HOUR, settings=room.settings)
    room.tick(SEVEN + 6 * DAY)
    assert got(room, weekly) == [(SEVEN + 6 * DAY, [post])] and got(room, plain) == [(SEVEN, [post])]


def test_a_pause_may_end_with_a_moment_of_the_readers_own(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    midnight = datetime(2026, 11, 25, tzinfo=SEVEN.tzinfo)
    choose(room, reader, noon, hour=0, paused_until=midnight)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    room.tick(midnight - timedelta(seconds=1))
    assert got(room, reader) == []
    room.tick(midnight)
    assert got(room, reader) == [(midnight, [post])]


def test_who_chooses_while_letters_are_being_written_waits_no_day(
    room: Newsroom, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = room.reader("ann@example.org", noon)
    choose(room, reader, noon, at_once=True)
    choose(room, reader, noon, at_once=False)
    post = room.publish("Tides", noon)
    with monkeypatch.context() as between:
        between.setattr(dispatching, "dispatch_due", lambda *_: 0)
        room.tick(SEVEN)
    choose(room, reader, SEVEN + timedelta(seconds=1), pictures=False)
    room.tick(SEVEN + timedelta(seconds=5))
    assert got(room, reader) == [(SEVEN + timedelta(seconds=5), [post])]


def test_a_letter_that_waits_is_not_sent_to_who_gave_up_its_list(room: Newsroom, noon: datetime) -> None:
    office = PostOffice(room)
    reader = room.reader("ann@example.org", noon)
    daily = room.open().list_id
    moon = room.topic("Moon")
    second = add_list(room, noon, reader, weekdays=0, topic_ids=(moon,))
    room.publish("Tides", noon)
    room.tick(SEVEN)
    room.publish("Eclipse", SEVEN + HOUR, topics=[moon])
    room.tick(SEVEN + HOUR)
    assert _reasons(office) == ["", ""]
    with room.db.transaction() as s:
        for list_id in (daily, second):
            serving.unsubscribe(s, reader, list_id)
    assert _reasons(office) == ["gave up this list", "gave up this list"]


def _reasons(office: PostOffice) -> list[str]:
    """Why each letter is skipped; empty for those that go."""
    composed = [*office.compose("digest").values(), *office.compose("story").values()]
    return [getattr(one, "reason", "") for one in composed]


def meanwhile(deed: Callable[[], object]) -> Thread:
    """Begun while the test holds what it holds; over by then where it need not wait."""
    thread = Thread(target=deed)
    thread.start()
    thread.join(LONG)
    return thread


def test_two_clocks_never_bring_a_story_at_once_and_in_a_digest(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    second = add_list(room, noon, reader, weekdays=0)
    post = room.publish("Comet", SEVEN - HOUR)
    with room.db.transaction() as s:
        lists.take_turns(s)
        announcing.announce(s, lists.hold(s, second), SEVEN, room.settings)
        thread = meanwhile(lambda: room.tick(SEVEN))
    thread.join()
    assert [letter.about_id for letter in room.letters("story")] == [post] and got(room, reader) == []


def test_no_address_of_an_erased_reader_is_left_by_a_closing(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    room.publish("Tides", noon)
    with room.db.transaction() as s:
        mailing = lists.hold(s, room.open().list_id)
        edition = s.get_one(Edition, room.open().id)
        compiling._close(s, mailing, edition, SEVEN, SEVEN, room.settings)
        thread = meanwhile(lambda: erasing.erase(room.db, reader, SEVEN, room.settings))
    thread.join()
    assert [(letter.address, letter.state) for letter in room.letters()] == [("", LetterState.SKIPPED)]
