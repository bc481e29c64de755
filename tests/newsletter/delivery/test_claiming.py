"""Who may send which letter, and what becomes of it when its sender dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from newsletter.delivery import claiming, pausing
from newsletter.delivery.claiming import Claimed, Place
from newsletter.delivery.model import URGENT, LetterState
from tests.mailserver import RecordingServer
from tests.newsletter.delivery.office import Office

LATER = claiming.LEASE + timedelta(seconds=1)


def claim(
    office: Office, owner: str = "me", most: int = 50, relay: str = "", place: Place | None = None
) -> tuple[Claimed, ...]:
    claiming.sign_on(office.db, owner, relay, office.clock())
    with office.db.transaction() as s:
        return claiming.claim(s, owner, office.clock(), most, relay, place)


def names(batch: tuple[Claimed, ...]) -> list[str]:
    return [claimed.letter.address.partition("@")[0] for claimed in batch]


def test_the_most_urgent_go_first_then_the_oldest(office: Office) -> None:
    office.write("a", "b")
    office.clock.passes(seconds=1)
    office.write("urgent", kind="confirmation", priority=URGENT)
    office.write("later", kind="welcome")
    assert names(claim(office, most=3)) == ["urgent", "a", "b"]


def test_what_is_urgent_overtakes_a_sender_that_has_come_far(office: Office) -> None:
    place = Place()
    office.write(*(f"r{n}" for n in range(20)))
    assert len(claim(office, most=12, place=place)) == 12
    office.write("urgent", kind="confirmation", priority=URGENT)
    assert names(claim(office, most=3, place=place)) == ["urgent", "r12", "r13"]


def test_a_letter_that_was_given_back_behind_a_sender_is_found_again(office: Office) -> None:
    place = Place()
    office.write(*(f"r{n}" for n in range(4)))
    first = claim(office, most=2, place=place)
    give_back(office, first)
    assert names(claim(office, most=2, place=place)) == ["r2", "r3"]
    assert names(claim(office, most=2, place=place)) == ["r0", "r1"]


def test_a_letter_in_one_sender_s_hands_is_nobody_else_s(office: Office) -> None:
    office.write("a")
    assert names(claim(office, "one")) == ["a"]
    assert claim(office, "two") == ()


@pytest.mark.parametrize("state", claiming.AT_REST)
def test_what_is_given_back_stands_as_it_stood(office: Office, state: LetterState) -> None:
    office.write("a")
    with office.db.transaction() as s:
        letter = office.letters()[0]
        letter.state = state
        s.merge(letter)
    give_back(office, claim(office))
    assert (office.letter().state, office.letter().lease_owner) == (state, None)


def give_back(office: Office, unsent: tuple[Claimed, ...]) -> None:
    with office.db.transaction() as s:
        claiming.release(s, "me", unsent)


def test_eight_senders_at_once_never_get_the_same_letter(office: Office) -> None:
    office.write(*(f"r{n}" for n in range(200)))
    barrier = Barrier(8)

    def claim_all(owner: int) -> list[str]:
        barrier.wait()
        got: list[str] = []
        while batch := claim(office, f"sender {owner}", 7):
            got += names(batch)
        return got

    with ThreadPoolExecutor(8) as pool:
        got = [name for part in pool.map(claim_all, range(8)) for name in part]
    assert len(got) == len(set(got)) == 200


def test_a_sender_takes_only_the_letters_of_its_relay(office: Office) -> None:
    office.write("a")
    assert claim(office, relay="alerts") == ()
    assert not claiming.is_anything_due(office.db, office.clock(), "alerts")


def test_what_the_dead_had_in_their_hands_is_in_doubt_and_sent_again(
    office: Office, server: RecordingServer
) -> None:
    office.write("a")
    claim(office, "the dead")
    assert office.balance().sending == 1
    assert office.send().accepted == 0
    office.clock.now += LATER
    assert office.send().accepted == 1
    assert (office.balance().doubts, len(server.received)) == (1, 1)


def test_a_letter_in_doubt_three_times_waits_for_a_person(office: Office, server: RecordingServer) -> None:
    office.write("a", payload={"secret": "words"})
    for _ in range(3):
        claim(office, "the dead")
        office.clock.now += LATER
        assert claiming.settle_abandoned(office.db, office.clock()) == 1
    assert office.send().accepted == 0
    balance = office.balance()
    assert (balance.uncertain, balance.doubts, balance.waiting) == (1, 3, 0)
    assert office.letter().payload is None
    assert not server.received


def test_a_living_sender_s_letters_are_not_in_doubt(office: Office) -> None:
    office.write("a")
    claim(office)
    assert claiming.settle_abandoned(office.db, office.clock() + timedelta(seconds=119)) == 0
    office.clock.passes(seconds=119)
    with office.db.transaction() as s:
        assert claiming.renew(s, "me", office.clock())
    assert claiming.settle_abandoned(office.db, office.clock() + timedelta(seconds=119)) == 0


def test_a_sender_that_was_taken_for_dead_learns_it(office: Office) -> None:
    office.write("a")
    claim(office)
    claiming.settle_abandoned(office.db, office.clock() + LATER)
    with office.db.transaction() as s:
        assert not claiming.renew(s, "me", office.clock() + LATER)


def test_while_sending_is_paused_only_words_to_one_person_leave(office: Office) -> None:
    office.write("a", "b")
    pausing.pause(office.db, office.clock(), "Lunch")
    assert claim(office) == ()
    assert not claiming.is_anything_due(office.db, office.clock())
    office.write("alarm", kind="message", priority=URGENT)
    assert claiming.is_anything_due(office.db, office.clock())
    assert names(claim(office)) == ["alarm"]


def test_a_letter_taken_back_before_it_was_claimed_is_not_sent(office: Office) -> None:
    office.write("a")
    with office.db.transaction() as s:
        letter = office.letters()[0]
        letter.state, letter.settled_at = LetterState.SKIPPED, office.clock()
        s.merge(letter)
    assert claim(office) == ()
