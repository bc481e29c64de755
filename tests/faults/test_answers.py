"""Every bad answer at every step of the talk: nothing is lost, nothing counts as accepted without a 250, the others get theirs."""

import pytest

from newsletter.delivery import pausing
from newsletter.delivery.pipelining import Pipelined
from tests.faults.scenarios.answers import LATER, TIMEOUT, deeds
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import Office


@pytest.fixture
def hasty(office: Office) -> Office:
    """A post office that waits only a moment for its server."""
    assert isinstance(office.transport, Pipelined)
    office.transport.timeout = TIMEOUT
    return office


@pytest.mark.parametrize("step", ["connect", "ehlo", "mail"])
def test_a_server_that_answers_badly_before_it_hears_of_a_reader_is_waited_for(
    hasty: Office, server: RecordingServer, step: str
) -> None:
    hasty.write("a", "b", "c")
    for deed in deeds(step):
        server.faults = [Fault(step, deed)]
        hasty.send()
        assert server.faults[0].struck, f"{deed} was not tried"
        assert_waiting(hasty, 3)
        hasty.clock.passes(seconds=70)
    assert {(letter.state, letter.attempts) for letter in hasty.letters()} == {("ready", 0)}
    assert_all_arrive(hasty, server)


@pytest.mark.parametrize("step", ["rcpt", "data", "body", "dot"])
def test_a_letter_that_is_answered_badly_comes_back_and_the_others_go_out(
    hasty: Office, server: RecordingServer, step: str
) -> None:
    server.faults = [Fault(step, deed, whom=f"poor{number}@") for number, deed in enumerate(deeds(step))]
    poor = [f"poor{number}" for number in range(len(server.faults))]
    hasty.write("a", *poor, "b", "c")
    hasty.send()
    assert all(fault.struck == 1 for fault in server.faults)
    assert server.copies() == {f"{name}@example.org": 1 for name in "abc"}
    assert hasty.balance().accepted == 3
    assert_waiting(hasty, len(poor))
    # A short text is out, final dot and all, before a server that breaks off in its middle can be heard to have done so.
    in_doubt = {"body": 2, "dot": len(set(deeds(step)) - set(LATER))}
    assert hasty.balance().doubts == in_doubt.get(step, 0)
    assert_all_arrive(hasty, server)


def assert_waiting(office: Office, number: int) -> None:
    books = office.balance()
    assert (books.waiting, books.refused, books.skipped) == (number, 0, 0)
    state = pausing.standing(office.db)
    assert state is None or not state.paused


def assert_all_arrive(office: Office, server: RecordingServer) -> None:
    """Once the server is well again, each letter arrives once."""
    server.faults, office.transport.timeout = [], 5.0  # type: ignore[attr-defined]
    office.send_for(days=0.1)
    books = office.balance()
    assert books.accepted == books.total == len(server.received)
    assert set(server.copies().values()) == {1}
