"""Leases: who may send which letter, and what becomes of it when its sender dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import update

from newsletter.delivery import claiming, pausing
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.model import Letter, LetterState
from tests.mailserver import RecordingServer
from tests.newsletter.delivery.office import Office

LATER = claiming.LEASE + timedelta(seconds=1)


def names(batch: tuple[claiming.Claimed, ...]) -> list[str]:
    return [claimed.letter.address.partition("@")[0] for claimed in batch]


def test_the_most_urgent_go_first_then_the_oldest(office: Office) -> None:
    office.write("a", "b")
    office.clock.passes(seconds=1)
    office.write("urgent", kind="confirmation", priority=0)
    office.write("later", kind="welcome")
    assert names(claiming.claim(office.db, "me", office.clock(), 3)) == ["urgent", "a", "b"]


def test_a_leased_letter_is_nobody_else_s_until_the_lease_runs_out(office: Office) -> None:
    office.write("a")
    assert names(claiming.claim(office.db, "one", office.clock())) == ["a"]
    assert claiming.claim(office.db, "two", office.clock()) == ()
    assert names(claiming.claim(office.db, "two", office.clock() + LATER)) == ["a"]


def test_a_lease_can_be_renewed_and_given_back(office: Office) -> None:
    office.write("a")
    claiming.claim(office.db, "one", office.clock())
    claiming.renew(office.db, "one", office.clock() + timedelta(seconds=100))
    assert claiming.claim(office.db, "two", office.clock() + LATER) == ()
    claiming.release(office.db, "one")
    assert names(claiming.claim(office.db, "two", office.clock())) == ["a"]


def test_eight_senders_at_once_never_get_the_same_letter(office: Office) -> None:
    office.write(*(f"r{n}" for n in range(200)))
    barrier = Barrier(8)

    def claim_all(owner: int) -> list[str]:
        barrier.wait()
        got: list[str] = []
        while batch := claiming.claim(office.db, f"sender {owner}", office.clock(), 7):
            got += names(batch)
        return got

    with ThreadPoolExecutor(8) as pool:
        got = [name for part in pool.map(claim_all, range(8)) for name in part]
    assert len(got) == len(set(got)) == 200


def test_a_letter_in_flight_when_its_sender_died_is_in_doubt_and_sent_again(
    office: Office, server: RecordingServer
) -> None:
    office.write("a")
    die_with_a_letter_in_flight(office)
    assert office.balance().sending == 1
    assert office.send().accepted == 0
    office.clock.now += LATER
    assert office.send().accepted == 1
    assert (office.balance().doubts, len(server.received)) == (1, 1)


def test_a_letter_in_doubt_three_times_waits_for_a_person(office: Office, server: RecordingServer) -> None:
    office.write("a", payload={"secret": "words"})
    for _ in range(3):
        die_with_a_letter_in_flight(office)
        office.clock.now += LATER
        claiming.doubt_abandoned(office.db, office.clock())
    assert office.send().accepted == 0
    balance = office.balance()
    assert (balance.uncertain, balance.doubts, balance.waiting) == (1, 3, 0)
    assert office.letter().payload is None
    assert not server.received


def test_a_living_sender_s_letters_are_not_in_doubt(office: Office) -> None:
    office.write("a")
    die_with_a_letter_in_flight(office)
    claiming.doubt_abandoned(office.db, office.clock() + timedelta(seconds=119))
    assert office.balance().sending == 1


def test_nothing_is_claimed_or_marked_while_sending_is_paused(office: Office) -> None:
    office.write("a", "b")
    (first,) = claiming.claim(office.db, "me", office.clock(), 1)
    pausing.pause(office.db, office.clock(), "Lunch")
    assert claiming.claim(office.db, "me", office.clock()) == ()
    assert not claiming.is_anything_due(office.db, office.clock())
    assert not ledger(office, "me").turn(None, first)


def test_a_letter_whose_lease_was_lost_is_not_sent(office: Office) -> None:
    office.write("a")
    (claimed,) = claiming.claim(office.db, "one", office.clock())
    claiming.claim(office.db, "two", office.clock() + LATER)
    assert not ledger(office, "one").turn(None, claimed)


def test_a_letter_taken_back_after_it_was_claimed_is_not_sent(office: Office) -> None:
    office.write("a")
    (claimed,) = claiming.claim(office.db, "one", office.clock())
    with office.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.SKIPPED))
    assert not ledger(office, "one").turn(None, claimed)


def die_with_a_letter_in_flight(office: Office) -> None:
    (claimed,) = claiming.claim(office.db, "the dead", office.clock())
    assert ledger(office, "the dead").turn(None, claimed)


def ledger(office: Office, owner: str) -> Ledger:
    from threading import Event

    return Ledger(office.db, owner, office.clock, Event())
