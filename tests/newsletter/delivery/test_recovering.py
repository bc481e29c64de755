"""A sender died, and another on its machine finds its journal: each of its letters goes on from where it really was."""

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest

from newsletter.delivery import claiming, outbox
from newsletter.delivery.clerk import Clerk
from newsletter.delivery.domains import Domains
from newsletter.delivery.doors import Limits
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.gate import Gate
from newsletter.delivery.journal import Journal
from newsletter.delivery.ledger import Tray
from newsletter.delivery.model import LetterState
from newsletter.delivery.recovering import recover
from newsletter.delivery.relays import Relay
from tests.mailserver import RecordingServer
from tests.newsletter.delivery.office import ABOUT, Office


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    office.journals = tmp_path / "sending"
    return office


def die_with_three_letters(office: Office) -> None:
    """One was accepted, one begun, one only claimed, and the ledger knows nothing of it."""
    assert office.journals
    office.write("accepted", "begun", "claimed")
    claiming.sign_on(office.db, "the dead", "", office.clock())
    with office.db.transaction() as s:
        batch = claiming.claim(s, "the dead", office.clock(), 50)
    journal = Journal(office.journals, "the dead")
    for claimed in batch[:2]:
        journal.begins(claimed.letter.id)
    journal.accepted(batch[0].letter.id)
    journal.close(is_done=False)


def test_at_once_nothing_is_lost_and_what_was_accepted_is_not_sent_again(
    office: Office, server: RecordingServer
) -> None:
    die_with_three_letters(office)
    assert office.send().accepted == 2
    assert set(server.copies()) == {"begun@example.org", "claimed@example.org"}
    assert {letter.state for letter in office.letters()} == {LetterState.ACCEPTED}
    assert [letter.doubts for letter in office.letters()] == [0, 1, 0]


def test_a_second_look_finds_nothing(office: Office, server: RecordingServer) -> None:
    die_with_three_letters(office)
    office.send()
    office.clock.passes(minutes=10)
    office.send()
    assert len(server.received) == 2


def test_where_the_journal_is_out_of_reach_all_of_it_is_in_doubt_once_the_lease_is_over(
    office: Office, server: RecordingServer
) -> None:
    die_with_three_letters(office)
    office.journals = None
    assert office.send().accepted == 0
    office.clock.now += claiming.LEASE
    office.clock.passes(seconds=1)
    assert office.send().accepted == 3
    assert [letter.doubts for letter in office.letters()] == [1, 1, 1]


def test_an_old_journal_takes_no_new_letter_for_an_old_one(office: Office, server: RecordingServer) -> None:
    """Its sender wrote the ledger and was killed before it forgot; meanwhile the reader asked for the letter again."""
    assert office.journals
    office.write("a")
    office.send()
    journal = Journal(office.journals, "the dead")
    journal.begins(office.letter().id)
    journal.accepted(office.letter().id)
    journal.close(is_done=False)
    with office.db.transaction() as s:
        outbox.again(s, "digest", ABOUT, 1, "a@example.org", office.clock())
    assert office.send().accepted == 1
    assert len(server.received) == 2


def test_a_sender_at_work_takes_up_what_another_left_that_died_meanwhile(office: Office) -> None:
    gate = Gate(Relay("", ""), Domains("", Limits({})))
    words = ("the living", office.composers, office.clock, Event(), Failpoints(), office.journals)
    living = Clerk(office.db, gate, *words)
    claiming.sign_on(office.db, "the living", "", office.clock())
    die_with_three_letters(office)
    living.turn(Tray(), 0)
    assert office.balance().sending == 3, "it has just looked"
    office.clock.passes(seconds=6)
    living.turn(Tray(), 0)
    balance = office.balance()
    assert (balance.accepted, balance.ready, balance.sending) == (1, 1, 0)


def test_what_the_dead_had_committed_last_is_waited_for(office: Office) -> None:
    """On PostgreSQL a commit goes on after the death of whoever asked for it."""
    office.write("late")
    claiming.sign_on(office.db, "the dead", "", office.clock())
    assert office.journals
    Journal(office.journals, "the dead").close(is_done=False)
    with ThreadPoolExecutor(1) as others:
        with office.db.transaction() as s:
            assert claiming.hold(s, "the dead")
            claiming.claim(s, "the dead", office.clock(), 50)
            settled = others.submit(recover, office.db, office.journals, office.clock())
            assert not wait([settled], 0.3).done
        settled.result(10)
    assert (office.letter().state, office.letter().lease_owner) == (LetterState.READY, None)
