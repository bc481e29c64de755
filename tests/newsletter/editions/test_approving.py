from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog.refusals import Conflict, NotFound
from newsletter.editions import approving, specials
from newsletter.editions.coming import Standing, coming
from newsletter.editions.handling import LEFT
from newsletter.lists.model import MailingList
from newsletter.lists.planning import GRACE
from tests.newsletter.editions.conftest import HOUR, Newsroom

MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(newsroom: Newsroom, noon: datetime) -> Newsroom:
    """One story for tomorrow's edition, and one reader."""
    newsroom.begin(noon)
    newsroom.publish("Tides", noon + HOUR)
    newsroom.reader("ann@example.org", noon)
    return newsroom


def ask_for_approval(room: Newsroom) -> None:
    with room.db.transaction() as s:
        s.scalars(select(MailingList)).one().needs_approval = True


def state(room: Newsroom, now: datetime) -> tuple[Standing, str]:
    seen = coming(room.db, now, room.settings)
    return seen.standing, seen.by


def test_an_edition_leaves_by_itself_approved_or_not(room: Newsroom, noon: datetime) -> None:
    assert state(room, noon + 2 * HOUR) == (Standing.ITSELF, "")
    approving.approve(room.db, room.open().id, "Ada", noon + 2 * HOUR)
    assert state(room, noon + 2 * HOUR) == (Standing.APPROVED, "Ada")
    assert len(room.tick(room.open().due_at)) == 1
    assert state(room, room.open().due_at - HOUR) == (Standing.ITSELF, ""), "the next one starts anew"


def test_one_that_is_held_stays_until_it_is_released(room: Newsroom, noon: datetime) -> None:
    edition = room.open()
    approving.hold(room.db, edition.id, "Ada", noon + 2 * HOUR)
    approving.hold(room.db, edition.id, "Bob", noon + 3 * HOUR)
    assert state(room, edition.due_at) == (Standing.HELD, "Ada")
    assert room.tick(edition.due_at) == []
    approving.release(room.db, edition.id)
    assert room.tick(edition.due_at + HOUR) == [edition.id]


def test_what_is_held_beyond_the_hours_of_grace_goes_with_the_next(room: Newsroom, noon: datetime) -> None:
    edition = room.open()
    approving.hold(room.db, edition.id, "Ada", noon + 2 * HOUR)
    late = edition.due_at + GRACE + MINUTE
    assert room.tick(late) == []
    approving.release(room.db, edition.id)
    assert room.tick(late + MINUTE) == []
    assert room.tick(room.open().due_at) == [edition.id]
    assert room.titles(edition.id) == ["Tides"]


def test_where_a_list_asks_for_approval_nothing_leaves_without_it(room: Newsroom, noon: datetime) -> None:
    ask_for_approval(room)
    edition = room.open()
    assert state(room, noon + 2 * HOUR)[0] == Standing.WAITING
    assert room.tick(edition.due_at) == []
    approving.approve(room.db, edition.id, "Ada", edition.due_at + MINUTE)
    assert room.tick(edition.due_at + 2 * MINUTE) == [edition.id]


def test_stop_takes_the_approval_back_or_holds(room: Newsroom, noon: datetime) -> None:
    edition = room.open()
    approving.approve(room.db, edition.id, "Ada", noon + HOUR)
    approving.stop(room.db, edition.id, "Bob", noon + HOUR)
    assert state(room, noon + HOUR) == (Standing.HELD, "Bob")
    approving.approve(room.db, edition.id, "Ada", noon + HOUR)
    assert state(room, noon + HOUR) == (Standing.APPROVED, "Ada")
    ask_for_approval(room)
    approving.stop(room.db, edition.id, "Bob", noon + HOUR)
    assert state(room, noon + HOUR) == (Standing.WAITING, "")


def test_what_has_left_or_never_was_is_neither_held_nor_approved(room: Newsroom, noon: datetime) -> None:
    gone = room.open()
    room.tick(gone.due_at)
    for act in (approving.approve, approving.stop, approving.hold):
        with pytest.raises(Conflict, match=LEFT):
            act(room.db, gone.id, "Ada", gone.due_at)
        with pytest.raises(NotFound):
            act(room.db, 999, "Ada", gone.due_at)
    special = specials.make(room.db, gone.list_id, "Eclipse", gone.due_at, room.settings)
    with pytest.raises(Conflict, match="no hour"):
        approving.approve(room.db, special, "Ada", gone.due_at)
