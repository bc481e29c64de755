"""Sending stands still when a person wishes it or when the server refuses us, and goes on where it stood."""

import pytest

from newsletter.delivery import pausing
from newsletter.delivery.sending import Sent
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import Office

REFUSALS_OF_US = [
    Fault("connect", "554 5.7.1 Your address is on a block list"),
    Fault("auth", "535 5.7.8 Wrong password"),
    Fault("mail", "550 5.7.515 Access denied"),
    Fault("mail", "553 We do not take mail from there"),
    Fault("rcpt", "554 5.7.1 Relay access denied"),
    Fault("dot", "550 5.7.1 Refused for policy reasons"),
]


@pytest.mark.parametrize("fault", REFUSALS_OF_US, ids=lambda fault: f"{fault.step}-{fault.deed[:9]}")
def test_a_server_that_refuses_us_pauses_sending_and_no_letter_is_used_up(
    office: Office, server: RecordingServer, fault: Fault
) -> None:
    if fault.step == "auth":
        server.login = ("user", "right")
        office.transport.login = ("user", "wrong")  # type: ignore[attr-defined]
    fault.struck = 0
    server.faults = [fault]
    office.write(*(f"r{n}" for n in range(60)))
    for _ in range(40):
        office.send(connections=4)
        office.clock.passes(seconds=30)
    state = pausing.standing(office.db)
    assert state and state.paused and not state.by_person
    assert fault.deed.partition(" ")[2] in state.reason
    assert fault.struck <= 20
    balance = office.balance()
    assert (balance.ready, balance.refused, balance.waiting) == (60, 0, 60)

    server.faults, server.login = [], None
    office.transport.login = None  # type: ignore[attr-defined]
    pausing.resume(office.db, office.clock())
    assert office.send(connections=4).accepted == 60
    assert set(server.copies().values()) == {1}


def test_refusals_of_us_between_acceptances_do_not_pause(office: Office, server: RecordingServer) -> None:
    server.faults = [Fault("rcpt", "550 5.7.1 Not from you", whom="picky")]
    office.write(*(f"{'picky' if n % 3 == 0 else 'r'}{n}" for n in range(30)))
    assert office.send(connections=1).accepted == 20
    assert pausing.standing(office.db) is None or not pausing.standing(office.db).paused  # type: ignore[union-attr]
    server.faults = []
    office.clock.passes(minutes=5)
    assert office.send().accepted == 10


def test_a_person_pauses_and_resumes_and_nobody_gets_two_copies(
    office: Office, server: RecordingServer
) -> None:
    server.on_received = lambda mail: (
        pausing.pause(office.db, office.clock(), "Lunch") if len(server.received) == 10 else None
    )
    office.write(*(f"r{n}" for n in range(1500)))
    sent = office.send(connections=2).accepted
    assert 10 <= sent < 1500, "what lies on the belt still leaves, a quarter of a second's worth"
    assert office.send() == Sent()
    state = pausing.standing(office.db)
    assert state and state.by_person and state.reason == "Lunch"
    server.on_received = lambda mail: None
    pausing.resume(office.db, office.clock())
    assert office.send().accepted == 1500 - sent
    assert set(server.copies().values()) == {1}


def test_a_clock_that_is_set_back_keeps_no_server_waiting(office: Office) -> None:
    backoff = office.transport.backoff
    backoff.failed(office.clock())
    assert not backoff.is_over(office.clock())
    office.clock.passes(hours=-1)
    assert backoff.is_over(office.clock())
