"""A run of the sender, from the ledger to the server's answer and back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.model import LetterId
from newsletter.delivery.sending import LetterView, Parcel, Sent, Skip
from newsletter.delivery.supplying import Supplier
from newsletter.delivery.verdicts import Answer, Phase
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import Office, plain, text_for

DOWN = [Fault("mail", "421 4.3.2 Going down"), Fault("connect", "421 4.3.2 Going down")]


def test_every_reader_gets_one_copy_and_the_ledger_says_accepted(
    office: Office, server: RecordingServer
) -> None:
    office.write(*(f"r{n}" for n in range(120)))
    assert office.send(connections=4) == Sent(accepted=120)
    assert server.copies() == {f"r{n}@example.org": 1 for n in range(120)}
    balance = office.balance()
    assert (balance.total, balance.accepted, balance.waiting) == (120, 120, 0)
    assert {(letter.code, letter.lease_owner, letter.attempts) for letter in office.letters()} == {
        (250, None, 1)
    }


def test_the_mail_arrives_as_it_was_written_dots_and_all(office: Office, server: RecordingServer) -> None:
    office.write("galileo")
    office.send()
    (mail,) = server.received
    assert mail.message.endswith(b"\r\n\r\nThe sky tonight.\r\n.\r\nAnd tomorrow.\r\n")
    letter = office.letter()
    assert mail.message_id == f"<{letter.id}.{int(office.clock().timestamp())}.digest@example.org>"
    assert (mail.sender, mail.recipient) == ("digest@example.org", "galileo@example.org")


def test_a_second_run_has_nothing_to_do(office: Office, server: RecordingServer) -> None:
    office.write("galileo")
    office.send()
    assert office.send() == Sent()
    assert server.connections == 1


def test_connections_are_reused_and_no_more_are_opened_than_allowed(
    office: Office, server: RecordingServer
) -> None:
    office.write(*(f"r{n}" for n in range(30)))
    office.send(connections=3)
    assert server.connections <= 3
    assert server.commands.count("EHLO") == server.connections


def test_a_run_can_be_told_how_many_letters_to_send(office: Office) -> None:
    office.write(*(f"r{n}" for n in range(10)))
    assert office.send(most=4).accepted == 4
    assert office.balance().ready == 6


def test_a_letter_that_its_composer_skips_is_never_sent(office: Office, server: RecordingServer) -> None:
    def skipping(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        return {**plain(s, letters), letters[0].id: Skip("left the list")}

    office.composers["digest"] = skipping
    office.write("left", "stayed")
    assert office.send() == Sent(accepted=1, skipped=1)
    assert [mail.recipient for mail in server.received] == ["stayed@example.org"]
    assert (office.letters()[0].reply, office.letters()[0].settled_at) == ("left the list", office.clock())


def test_a_letter_that_cannot_be_composed_is_refused_and_the_others_go_out(
    office: Office, server: RecordingServer
) -> None:
    office.composers["digest"] = failing(lambda letter: letter.address.startswith("poison"))
    office.write("a", "b", "poison", "c")
    assert office.send() == Sent(accepted=3, refused=1)
    assert [letter.reply for letter in office.letters()][2] == "could not be composed: KeyError"


def test_a_letter_that_its_composer_forgets_is_refused(office: Office) -> None:
    office.composers["digest"] = lambda s, letters: {}
    office.write("a")
    assert office.send().refused == 1


def test_a_composer_that_fails_on_every_letter_uses_none_up_and_pauses_sending(
    office: Office, server: RecordingServer
) -> None:
    office.composers["digest"] = failing(lambda letter: True)
    office.write(*(f"r{n}" for n in range(60)))
    assert office.send() == Sent()
    state = pausing.standing(office.db)
    assert (
        state and state.paused and not state.by_person and state.reason == "could not be composed: KeyError"
    )
    office.composers["digest"] = plain
    pausing.resume(office.db, office.clock())
    assert office.send().accepted == 60


def test_a_refused_recipient_is_never_tried_again_and_the_address_is_not_kept(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("rcpt", "550 5.1.1 <gone@example.org> is unknown", whom="gone")]
    office.write("gone", "here")
    assert office.send() == Sent(accepted=1, refused=1)
    office.send_for(days=1)
    assert server.copies() == {"here@example.org": 1}
    assert (office.letters()[0].code, office.letters()[0].reply) == (550, "5.1.1 <…> is unknown")


def test_a_greylisted_letter_comes_back_after_five_minutes(office: Office, server: RecordingServer) -> None:
    server.faults = [Fault("rcpt", "450 4.7.1 Greylisted", times=1)]
    office.write("galileo")
    assert office.send().retry == 1
    office.clock.passes(minutes=4)
    assert office.send() == Sent()
    office.clock.passes(minutes=1)
    assert office.send().accepted == 1


def test_a_letter_that_is_always_put_off_is_given_up_after_two_days(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("rcpt", "452 4.2.2 Mailbox full", whom="full")]
    office.write("full")
    began = office.clock()
    office.send_for(days=3)
    balance = office.balance()
    assert (balance.refused, balance.waiting) == (1, 0)
    assert timedelta(hours=48) <= office.clock() - began < timedelta(hours=50)
    assert office.letter().reply.startswith("gave up after 48 hours: 4.2.2")


def test_no_answer_after_the_final_dot_is_a_doubt_and_the_copy_bears_the_same_id(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("dot", "drop", times=1, kept=True)]
    office.write("galileo")
    assert office.send().uncertain == 1
    office.clock.passes(seconds=60)
    assert office.send() == Sent()
    office.clock.passes(seconds=61)
    assert office.send().accepted == 1
    assert len(server.received) == 2 and len({mail.message_id for mail in server.received}) == 1
    assert len({mail.sha256 for mail in server.received}) == 1


def test_a_line_that_always_breaks_at_the_dot_sends_three_copies_at_most(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("dot", "drop", kept=True)]
    office.write("galileo")
    office.send_for(days=1)
    assert len(server.received) == 3
    assert (office.balance().uncertain, office.balance().waiting) == (1, 0)


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


def test_told_to_stop_the_sender_finishes_what_is_on_the_wire_and_gives_the_rest_back(
    office: Office, server: RecordingServer
) -> None:
    stop = Event()
    server.on_received = lambda mail: stop.set() if len(server.received) == 10 else None
    office.write(*(f"r{n}" for n in range(60)))
    sent = office.send(connections=4, stop=stop).accepted
    assert 10 <= sent <= 13
    assert {letter.lease_owner for letter in office.letters()} == {None}
    server.on_received = lambda mail: None
    assert office.send(owner="the next").accepted == 60 - sent
    assert set(server.copies().values()) == {1}


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


def failing(poisonous: Callable[[LetterView], bool]):  # type: ignore[no-untyped-def]
    def composer(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        for letter in letters:
            if poisonous(letter):
                raise KeyError("title")
        return {
            letter.id: Parcel("digest@example.org", letter.address, text_for(letter)) for letter in letters
        }

    return composer
