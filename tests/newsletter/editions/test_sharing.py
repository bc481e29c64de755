"""Who received which story, whatever brought it; and that nobody gets one twice."""

from datetime import datetime

from sqlalchemy import select

from newsletter.editions import sharing, stopping
from newsletter.editions.model import Edition, EditionShare
from newsletter.lists.model import MailingList
from newsletter.subscribers import leaving, serving
from newsletter.subscribers.model import Subscriber
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom
from tests.newsletter.editions.test_dispatching import SEVEN, SUNDAY, choose, got, room

__all__ = ["room"]


def test_two_lists_never_bring_the_same_story_twice(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    with room.db.transaction() as s:
        best = MailingList(slug="best", name="Best", send_hour=9, created_at=noon)
        s.add(best)
        s.flush()
        serving.subscribe(s, s.get_one(Subscriber, reader), best.id, noon, room.settings)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    room.tick(SEVEN + 2 * HOUR)
    assert got(room, reader) == [(SEVEN, [post])]
    with room.db.reading() as s:
        assert len(s.scalars(select(Edition).where(Edition.state == "sending")).all()) == 2


def test_nobody_plain_needs_a_share(room: Newsroom, noon: datetime) -> None:
    for n in range(3):
        room.reader(f"reader{n}@example.org", noon)
    choose(room, room.reader("late@example.org", noon), noon, hour=8)
    room.publish("Tides", noon)
    room.tick(SEVEN)
    room.tick(SEVEN + HOUR)
    with room.db.reading() as s:
        assert len(room.letters()) == 4 and s.scalars(select(EditionShare)).all() == []
        assert s.scalars(select(Edition.recipients).where(Edition.number == 1)).one() == 4


def test_a_leave_that_is_undone_loses_nothing(room: Newsroom, noon: datetime) -> None:
    reader = room.reader("ann@example.org", noon)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    leaving.leave(room.db, reader, SEVEN + HOUR, settings=room.settings)
    assert [letter.state for letter in room.letters()] == ["skipped"]
    leaving.come_back(room.db, reader, SEVEN + 2 * HOUR, settings=room.settings)
    assert [letter.state for letter in room.letters()] == ["ready"] and got(room, reader)[0][1] == [post]


def test_who_received_a_story_is_known_whichever_letter_brought_it(room: Newsroom, noon: datetime) -> None:
    daily, weekly, eager = (room.reader(f"{name}@example.org", noon) for name in ("ann", "dot", "eve"))
    choose(room, weekly, noon, days=SUNDAY)
    choose(room, eager, noon, at_once=True)
    post = room.publish("Tides", noon)
    room.tick(noon)
    room.tick(SEVEN)
    with room.db.reading() as s:
        had = sharing.received(s, [daily, weekly, eager], [post])
        assert had == {daily: {post}, eager: {post}}
    room.publish("Rings", SEVEN)
    room.tick(SEVEN + 6 * DAY)
    with room.db.transaction() as s:
        for letter in room.letters():
            s.merge(letter).state = "accepted"
    with room.db.reading() as s:
        assert sharing.received(s, [weekly], [post]) == {weekly: {post}}
        edition = s.scalars(select(Edition.id).where(Edition.number == 1)).one()
        assert {reader for reader, _ in sharing.carried_to(s, edition, post)} == {daily, weekly}
        assert sharing.count_carried_to(s, edition, post) == 2
        assert sharing.count_carried_to(s, edition) == len(sharing.carried_to(s, edition))


def test_a_stopped_edition_reaches_nobody_whose_moment_is_still_to_come(
    room: Newsroom, noon: datetime
) -> None:
    plain, late = room.reader("ann@example.org", noon), room.reader("dot@example.org", noon)
    choose(room, late, noon, hour=9)
    post = room.publish("Tides", noon)
    room.tick(SEVEN)
    assert got(room, plain) == [(SEVEN, [post])]
    edition_id = room.letters()[0].about_id
    assert stopping.stop(room.db, edition_id, "Ada", SEVEN + HOUR) == 1
    room.tick(SEVEN + 2 * HOUR)
    later = room.publish("Rings", SEVEN + 3 * HOUR)
    room.tick(SEVEN + DAY)
    room.tick(SEVEN + DAY + 2 * HOUR)
    assert got(room, late) == [(SEVEN + DAY + 2 * HOUR, [later])]
