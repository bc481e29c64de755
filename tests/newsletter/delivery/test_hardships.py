"""A run in bad company: a server that is down or slow, a database that fails, a fault of our own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from blog import clock
from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.model import URGENT
from newsletter.delivery.relays import Pace, Relay
from newsletter.delivery.sending import Parcel, Sent, send_ready
from newsletter.delivery.supplying import Supplier
from newsletter.delivery.verdicts import Answer, Phase
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import Office, plain

DOWN = [Fault("mail", "421 4.3.2 Going down"), Fault("connect", "421 4.3.2 Going down")]


def test_a_server_that_is_down_uses_up_no_letter_and_pauses_nothing(
    office: Office, server: RecordingServer
) -> None:
    server.down()
    office.write(*(f"r{n}" for n in range(20)))
    for _ in range(30):
        assert office.send() == Sent()
        office.clock.passes(seconds=10)
    state = pausing.standing(office.db)
    assert state and not state.paused and state.reason == "Connection refused"
    assert {(letter.state, letter.attempts) for letter in office.letters()} == {("ready", 0)}
    server.up()
    office.clock.passes(seconds=60)
    assert office.send().accepted == 20
    assert pausing.standing(office.db) is None


def test_an_absent_server_is_left_in_peace_a_little_longer_each_time(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("connect", "421 4.3.2 Busy")]
    office.write("galileo")
    tries = []
    for second in range(200):
        before = server.connections
        office.send(connections=1)
        tries += [second] * (server.connections - before)
        office.clock.passes(seconds=1)
    assert tries == [0, 1, 3, 7, 15, 31, 63, 123, 183]


def test_a_server_that_goes_down_in_the_middle_is_waited_for(office: Office, server: RecordingServer) -> None:
    server.on_received = lambda mail: setattr(server, "faults", DOWN) if len(server.received) == 10 else None
    office.write(*(f"r{n}" for n in range(30)))
    office.send()
    assert 10 <= len(server.received) < 30
    server.faults, server.on_received = [], lambda mail: None
    office.send_for(days=0.1)
    assert set(server.copies().values()) == {1}
    assert office.balance().accepted == 30


def test_fewer_connections_than_we_would_like_are_enough(office: Office, server: RecordingServer) -> None:
    full = Fault("connect", "421 4.7.0 Too many connections")
    server.on_received = lambda mail: setattr(server, "faults", [full])
    office.write(*(f"r{n}" for n in range(60)))
    assert office.send(connections=4).accepted == 60
    assert pausing.standing(office.db) is None


def test_leases_are_renewed_while_a_slow_server_thinks(office: Office, server: RecordingServer) -> None:
    office.write(*(f"r{n}" for n in range(30)))

    def slow(mail: object) -> None:
        office.clock.passes(seconds=40)

    server.on_received = slow
    assert office.send(connections=1).accepted == 30
    assert office.balance().doubts == 0


def test_a_fault_of_our_own_ends_the_run_and_loses_nothing(office: Office) -> None:
    class Broken:
        most = 1

        def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
            raise ZeroDivisionError

        def close(self) -> None:
            pass

    office.write("a", "b")
    office.transport.connect = Broken  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        office.send(connections=1)
    assert (office.balance().uncertain, office.balance().ready) == (1, 1)
    del office.transport.connect
    office.clock.passes(seconds=121)
    assert office.send().accepted == 2


class Shy:
    """A carrier, and its one connection, which gives its first letter back and waits until it is told of another."""

    def __init__(self) -> None:
        self.backoff, self.given_back = pausing.Backoff(), 0

    async def connect(self, supplier: Supplier) -> "Shy":
        self.supplier = supplier
        return self

    def nudge(self) -> None:
        load = self.supplier.take()
        if load and not self.given_back:
            self.given_back += 1
            self.supplier.give_back(load)
        elif load:
            self.supplier.begins(load)
            self.supplier.answered(load, Answer(Phase.END, 250, "kept"))

    def finish(self) -> None:
        self.supplier.lost(self)

    abort = finish


def test_a_letter_that_a_connection_gives_back_is_offered_to_those_that_wait(office: Office) -> None:
    office.transport = shy = Shy()
    office.write("last")
    assert office.send().accepted == 1
    assert shy.given_back == 1


class Stumbling(Database):
    """Its next transactions fail as on a full disk."""

    failures = 0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        if self.failures:
            self.failures -= 1
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))
        with super().transaction() as s:
            yield s


def test_what_the_server_answered_outlives_a_full_disk(office: Office, server: RecordingServer) -> None:
    office.db = stumbling = Stumbling(office.db.url)
    server.on_received = lambda mail: setattr(stumbling, "failures", 2) if len(server.received) == 3 else None
    office.write(*(f"r{n}" for n in range(6)))
    with closing(stumbling):
        assert office.send(most=6, connections=1).accepted == 6
        assert stumbling.failures == 0
        assert set(server.copies().values()) == {1}


class Deaf(Database):
    """Its second transaction is kept, and the answer that it was is lost on the way."""

    transactions = 0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as s:
            yield s
        self.transactions += 1
        if self.transactions == 2:
            raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))


def test_letters_whose_claim_was_kept_without_our_hearing_of_it_go_out_all_the_same(
    office: Office, server: RecordingServer
) -> None:
    office.db = deaf = Deaf(office.db.url)
    office.write(*(f"r{n}" for n in range(40)))
    deaf.transactions = 0
    with closing(deaf):
        office.send(connections=1)
        office.send(connections=1)
        assert (office.balance().accepted, office.balance().doubts) == (40, 0)
    assert set(server.copies().values()) == {1}


def test_a_letter_that_falls_apart_as_it_is_joined_is_put_off_and_the_others_go_out(office: Office) -> None:
    def broken() -> bytes:
        raise ZeroDivisionError

    office.composers["digest"] = lambda s, letters: {
        **plain(s, letters),
        **{
            one.id: Parcel("digest@example.org", one.address, broken) for one in letters if one.reader_id == 3
        },
    }
    office.write(*(f"r{n}" for n in range(20)))
    assert office.send() == Sent(accepted=19, retry=1)
    assert office.letters()[2].reply == "could not be composed: ZeroDivisionError"


def test_a_relay_with_a_pace_gets_every_letter(office: Office, server: RecordingServer) -> None:
    office.clock.now = clock.now()
    office.write(*(f"r{n}" for n in range(25)))
    slow = Relay("", "", pace=Pace(per_second=50))
    while office.balance().waiting:
        send_ready(office.db, office.transport, office.composers, clock.now, "sender", relay=slow)
    assert (office.balance().accepted, office.balance().doubts) == (25, 0)
    assert set(server.copies().values()) == {1}


def test_at_its_cap_a_relay_begins_no_run_that_would_find_nothing(
    office: Office, server: RecordingServer, statements: list[str]
) -> None:
    capped = Relay("", "", pace=Pace(per_hour=3))

    def send() -> int:
        return send_ready(
            office.db, office.transport, office.composers, office.clock, "sender", relay=capped
        ).accepted

    office.write(*(f"r{n}" for n in range(5)), kind="message", priority=URGENT)
    office.composers["message"] = plain
    assert send() == 3
    statements.clear()
    assert send() == 0
    assert not [one for one in statements if "INTO sender" in one]
    office.clock.passes(minutes=62)
    assert send() == 2
