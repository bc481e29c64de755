"""What servers said to our face counts as what comes back."""

from datetime import timedelta

from sqlalchemy import select

from newsletter.delivery import pausing
from newsletter.delivery.model import LetterState
from newsletter.returns import refused
from newsletter.subscribers.model import Consent, SubscriberState
from tests.newsletter.returns.conftest import SECRET, Backroom

REFUSED = LetterState.REFUSED


def sweep(room: Backroom, **later: float) -> int:
    return refused.count_refusals(room.db, room.now + timedelta(**later), SECRET)


def test_a_550_for_an_unknown_user_counts_and_counts_once(room: Backroom) -> None:
    reader = room.reader()
    room.letter(reader, state=REFUSED, reply="550 5.1.1 User unknown")
    assert sweep(room) == 1 and sweep(room, minutes=1) == 0
    assert room.state(reader) == SubscriberState.BOUNCED
    assert [(row.kind, row.via) for row in room.rows()] == [("hard", "smtp")]


def test_a_reader_lost_counts_for_the_edition_and_the_server_is_quoted_once(room: Backroom) -> None:
    reader = room.reader()
    room.letter(reader, state=REFUSED, about=7, reply="550 5.1.1 No such user here")
    sweep(room)
    with room.db.reading() as s:
        last = s.scalars(select(Consent).order_by(Consent.id.desc())).first()
    assert last and (last.deed, last.source) == ("bounced", "edition 7")
    assert last.detail == "550 5.1.1 No such user here"


def test_a_550_without_a_reason_stops_nobody(room: Backroom) -> None:
    reader = room.reader()
    room.letter(reader, state=REFUSED, reply="550 Requested action not taken")
    assert sweep(room) == 1
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_a_refusal_of_us_is_written_down_and_pauses_nothing_a_second_time(room: Backroom) -> None:
    for number in range(12):
        room.letter(room.reader(f"r{number}"), state=REFUSED, about=7, reply="550 5.7.1 spam")
    assert sweep(room) == 12 and {row.kind for row in room.rows()} == {"block"}
    assert pausing.standing(room.db) is None and room.suppressed() == []


def test_full_for_four_days_with_nothing_taken_in_between_is_given_up(room: Backroom) -> None:
    reader = room.reader()
    for day in range(4):
        room.letter(reader, room.now + timedelta(days=day), state=REFUSED, reply="452 4.2.2 full")
    assert sweep(room, days=4) == 4
    assert room.state(reader) == SubscriberState.BOUNCED


def test_what_the_reader_s_own_server_took_yesterday_counts_at_once(room: Backroom) -> None:
    reader = room.reader()
    for day in range(5):
        state, reply = (LetterState.ACCEPTED, "250 OK") if day == 3 else (REFUSED, "452 4.2.2 full")
        room.letter(reader, room.now + timedelta(days=day), state=state, reply=reply)
    sweep(room, days=5)
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_letters_to_the_staff_and_those_of_last_month_are_left_alone(room: Backroom) -> None:
    reader = room.reader()
    room.letter(reader, state=REFUSED, kind="message", reply="550 5.1.1 User unknown")
    room.letter(reader, room.now - timedelta(days=20), state=REFUSED, reply="550 5.1.1 User unknown")
    assert sweep(room) == 0
