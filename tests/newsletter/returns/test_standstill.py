"""When the mail server refuses us, the administrators hear of it once."""

from datetime import timedelta

from newsletter.delivery import pausing
from newsletter.returns import standstill
from tests.newsletter.returns.conftest import Backroom

MINUTE = timedelta(minutes=1)
WORDS = "550 5.7.1 Your address is on a block list"


def refuse(room: Backroom, times: int) -> None:
    with room.db.transaction() as s:
        pausing.count_refusal(s, WORDS, room.now, times)


def told(room: Backroom, minutes: int = 0) -> bool:
    return standstill.tell(room.db, room.now + minutes * MINUTE, lambda *said: room.alarms.append(said))


def test_a_server_that_refuses_us_is_told_once_for_each_pause(room: Backroom) -> None:
    assert not told(room), "all is well"
    refuse(room, pausing.REFUSALS_TO_PAUSE - 1)
    assert not told(room), "it is not paused yet"
    refuse(room, 1)
    assert told(room) and not told(room, 1) and not told(room, 60 * 24 * 3)
    ((subject, words),) = room.alarms
    assert (
        subject == "Sending is paused: the mail server refuses us" and WORDS in words and "5 times" in words
    )
    pausing.resume(room.db, room.now)
    room.now += 5 * MINUTE
    refuse(room, pausing.REFUSALS_TO_PAUSE)
    assert told(room) and len(room.alarms) == 2


def test_of_a_pause_by_a_person_nobody_is_told(room: Backroom) -> None:
    pausing.pause(room.db, room.now, "Paused by Ada.")
    assert not told(room)


def test_blocks_that_came_back_are_told_of_by_those_who_took_them(room: Backroom) -> None:
    reader = room.reader()
    for number in range(10):
        room.back(room.letter(reader, about=number + 1), WORDS, number=number)
    standing = pausing.standing(room.db)
    assert standing and standing.paused and len(room.alarms) == 1
    assert not told(room) and len(room.alarms) == 1
