"""What follows from what came back, and what a forged report does: nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from newsletter.delivery import outbox, pausing
from newsletter.delivery.model import Letter, LetterState
from newsletter.delivery.parcels import read_message_id
from newsletter.delivery.paths import return_path
from newsletter.returns import counting
from newsletter.returns.receiving import Taken
from newsletter.subscribers.model import Subscriber, SubscriberState
from tests.newsletter.returns.conftest import BOUNCES, SECRET, Backroom, complaint

FULL = "452 4.2.2 mailbox full"
BLOCK = "550 5.7.1 blocked using a block list"


def test_a_dead_address_gets_no_more_mail(room: Backroom) -> None:
    reader = room.reader()
    assert room.back(room.letter(reader)) == Taken(new=1, stopped=1)
    assert room.state(reader) == SubscriberState.BOUNCED and room.suppressed() == ["bounced"]
    (row,) = room.rows()
    assert (row.kind, row.code, row.subscriber_id, row.stopped) == ("hard", "5.1.1", reader, True)


def test_a_complaint_ends_the_mail_at_once(room: Backroom) -> None:
    reader = room.reader()
    letter = room.letter(reader)
    assert room.take(complaint(""), return_path(BOUNCES, SECRET, letter)).stopped == 1
    assert room.state(reader) == SubscriberState.COMPLAINED and room.suppressed() == ["complained"]


def test_the_same_report_by_two_ways_is_one(room: Backroom) -> None:
    letter = room.letter(room.reader())
    assert room.back(letter, FULL).new == 1
    assert room.back(letter, FULL) == Taken(repeated=1)
    assert len(room.rows()) == 1


def test_a_full_mailbox_stays_on_the_list_for_three_days_and_not_for_four(room: Backroom) -> None:
    reader = room.reader()
    states = []
    for day in range(4):
        at = room.now + timedelta(days=day)
        letter = room.letter(reader, at)
        room.back(letter, FULL, at=at, number=day)
        room.back(letter, FULL, at=at, number=day + 100)
        states.append(room.state(reader))
    assert states == ["confirmed"] * 3 + ["bounced"]


def test_a_letter_that_arrived_in_between_begins_the_count_anew(room: Backroom) -> None:
    reader = room.reader()
    for day in (0, 1, 2, 20, 21, 22):
        at = room.now + timedelta(days=day)
        room.back(room.letter(reader, at), FULL, at=at, number=day)
        if day == 2:
            room.letter(reader, at + timedelta(days=3))
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_a_letter_that_left_yesterday_may_still_come_back_so_it_proves_nothing(room: Backroom) -> None:
    reader = room.reader()
    letters = [room.letter(reader, room.now + timedelta(days=day)) for day in range(8)]
    for day in range(4):
        room.back(letters[day], FULL, at=room.now + timedelta(days=day + 4), number=day)
    assert room.state(reader) == SubscriberState.BOUNCED


def test_soft_returns_on_days_too_far_apart_are_forgotten(room: Backroom) -> None:
    reader = room.reader()
    for day in (0, 12, 24, 36):
        at = room.now + timedelta(days=day)
        room.back(room.letter(reader, at), FULL, at=at, number=day)
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_warnings_never_add_up(room: Backroom) -> None:
    reader = room.reader()
    for day in range(8):
        at = room.now + timedelta(days=day)
        room.back(room.letter(reader, at), "451 4.4.1 timed out", action="delayed", at=at, number=day)
    assert room.state(reader) == SubscriberState.CONFIRMED and len(room.rows()) == 8


def test_what_came_back_before_the_reader_confirmed_anew_is_not_held_against_them(room: Backroom) -> None:
    reader = room.reader()
    old = room.letter(reader)
    with room.db.transaction() as s:
        s.get_one(Subscriber, reader).confirmed_at = room.now + timedelta(hours=1)
    assert room.back(old, at=room.now + timedelta(hours=2)) == Taken(new=1)
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_a_block_of_us_takes_nobody_off_the_list_and_many_pause_sending(room: Backroom) -> None:
    letters = [room.letter(room.reader(f"r{n}"), about=7) for n in range(12)]
    for number, letter in enumerate(letters):
        room.back(letter, BLOCK, number=number, named=f"r{number}@example.com")
        standing = pausing.standing(room.db)
        assert bool(standing and standing.paused) == (number + 1 >= counting.BLOCKS)
    assert room.suppressed() == [] and len(room.alarms) == 1
    assert "blocked using a block list" in room.alarms[0][1] and "@" not in room.alarms[0][1]


def test_after_a_person_resumed_old_blocks_do_not_pause_again(room: Backroom) -> None:
    letters = [room.letter(room.reader(f"r{n}"), about=7) for n in range(counting.BLOCKS + 1)]
    for number, letter in enumerate(letters[:-1]):
        room.back(letter, BLOCK, number=number)
    pausing.resume(room.db, room.now)
    room.back(letters[-1], BLOCK, number=99)
    assert pausing.standing(room.db) is None


def test_a_few_blocks_among_very_many_letters_pause_nothing(room: Backroom) -> None:
    letters = [room.letter(room.reader(f"r{n}"), about=7) for n in range(counting.BLOCKS)]
    room.accepted_beside(about=7, number=counting.BLOCKS * counting.ONE_IN)
    for number, letter in enumerate(letters):
        room.back(letter, BLOCK, number=number)
    assert pausing.standing(room.db) is None and len(room.rows()) == counting.BLOCKS


def test_a_report_with_a_forged_return_path_does_nothing(room: Backroom) -> None:
    reader = room.reader()
    letter = room.letter(reader)
    for path in (f"bounces+{letter}.aaaaaaaaaaaa@example.org", f"bounces+{letter}@example.org", BOUNCES, "x"):
        assert room.back(letter, to=path) == Taken(unknown=1)
    assert room.rows() == [] and room.state(reader) == SubscriberState.CONFIRMED


def test_a_guessed_message_id_and_the_victim_s_address_change_nothing(room: Backroom) -> None:
    """Whoever got a letter can count on to its neighbours, but cannot sign for them."""
    victim = room.reader()
    letter, own = room.letter(victim), room.letter(room.reader("forger"))
    right, mine = room.message_id(letter), room.message_id(own)
    named, signature = right.rpartition(".digest.")[0], mine.rpartition(".digest.")[2]
    guesses = [
        f"{named}.digest@example.org>",
        f"{named}.digest.{signature}",
        f"{named}.digest.aaaaaaaaaaaaaaaa@example.org>",
        mine.replace(f"<{own}.", f"<{letter}."),
        room.message_id(letter, "another key"),
    ]
    assert right not in guesses
    for guess in guesses:
        quoted = f"Message-ID: {guess}\r\nTo: reader@example.com\r\n"
        assert room.back(letter, to=BOUNCES, more=quoted) == Taken(unknown=1), guess
        assert room.take(complaint(quoted), BOUNCES) == Taken(unknown=1), guess
    assert room.rows() == [] and room.suppressed() == [] and room.state(victim) == SubscriberState.CONFIRMED


def test_a_forger_stops_nobody_but_themselves(room: Backroom) -> None:
    victim, forger = room.reader(), room.reader("forger")
    room.letter(victim)
    quoted = f"Message-ID: {room.message_id(room.letter(forger))}\r\nTo: reader@example.com\r\n"
    assert room.take(complaint(quoted), BOUNCES).stopped == 1
    assert [room.state(victim), room.state(forger)] == ["confirmed", "complained"]


def test_our_signed_message_id_is_proof_even_with_a_blackened_address(room: Backroom) -> None:
    bounced, complained = room.reader(), room.reader("other")
    quoted = [f"Message-ID: {room.message_id(room.letter(who))}\r\n" for who in (bounced, complained)]
    assert room.back(0, to=BOUNCES, named="", more=quoted[0]) == Taken(new=1, stopped=1)
    assert room.take(complaint(quoted[1]), BOUNCES) == Taken(new=1, stopped=1)
    assert [room.state(bounced), room.state(complained)] == ["bounced", "complained"]


@pytest.mark.parametrize(
    "text", ["", "<>", "@", "7", "<7@example.org>", "<7.1.digest.é@example.org>", "<²7.1.digest.x@example.org>",
             "<\ud800.1.digest.x@example.org>", "<" + "9" * 400 + ".1.digest.x@example.org>"]
)  # fmt: skip
def test_any_other_message_id_says_nothing(text: str) -> None:
    assert read_message_id(text, SECRET) is None


def test_a_late_return_to_an_address_the_reader_gave_up_does_not_stop_the_new_one(room: Backroom) -> None:
    reader = room.reader()
    letter = room.letter(reader)
    with room.db.transaction() as s:
        row = s.get_one(Subscriber, reader)
        row.address = row.address_key = "new@example.com"
    room.back(letter)
    assert room.state(reader) == SubscriberState.CONFIRMED and room.suppressed() == []
    assert [row.subscriber_id for row in room.rows()] == [None]


def test_a_letter_to_the_staff_stops_nobody(room: Backroom) -> None:
    reader = room.reader()
    letter = room.letter(reader, kind="message")
    assert room.back(letter) == Taken(new=1)
    assert room.state(reader) == SubscriberState.CONFIRMED


def test_who_has_left_and_complains_after_all_is_suppressed(room: Backroom) -> None:
    reader = room.reader(state=SubscriberState.LEFT)
    room.take(complaint(""), return_path(BOUNCES, SECRET, room.letter(reader)))
    assert room.suppressed() == ["complained"]


def test_an_absence_note_at_the_return_path_changes_nothing(room: Backroom) -> None:
    letter = room.letter(room.reader())
    note = b"From: reader@example.com\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nNo longer available."
    assert room.take(note, return_path(BOUNCES, SECRET, letter)) == Taken(unknown=1)


def test_letters_that_wait_for_a_dead_address_are_not_sent(room: Backroom) -> None:
    reader = room.reader()
    with room.db.transaction() as s:
        outbox.put(s, "digest", 99, reader, "reader@example.com", room.now)
    room.back(room.letter(reader))
    with room.db.reading() as s:
        assert s.scalars(select(Letter.state).where(Letter.about_id == 99)).all() == [LetterState.SKIPPED]
