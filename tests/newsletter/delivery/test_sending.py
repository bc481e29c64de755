"""A run of the sender, from the ledger to the server's answer and back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from threading import Event

from sqlalchemy.orm import Session

from newsletter.delivery import belt, pausing
from newsletter.delivery.model import URGENT, LetterId
from newsletter.delivery.sending import LetterView, Parcel, Sent, Skip
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import Office, failing, plain


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


def test_a_letter_that_cannot_be_composed_is_put_off_and_the_others_go_out(
    office: Office, server: RecordingServer
) -> None:
    office.composers["digest"] = failing(lambda letter: letter.address.startswith("poison"))
    office.write("a", "b", "poison", "c")
    assert office.send() == Sent(accepted=3, retry=1)
    assert [letter.reply for letter in office.letters()][2] == "could not be composed: KeyError"


def test_a_letter_that_its_composer_forgets_is_put_off(office: Office) -> None:
    office.composers["digest"] = lambda s, letters: {}
    office.write("a")
    assert office.send().retry == 1


def test_a_composer_that_fails_on_every_letter_uses_none_up_and_holds_up_no_other_kind(
    office: Office, server: RecordingServer
) -> None:
    office.composers |= {"digest": failing(lambda letter: True), "welcome": plain}
    office.write(*(f"r{n}" for n in range(60)))
    office.write("new", kind="welcome")
    assert office.send() == Sent(accepted=1, retry=60)
    assert pausing.standing(office.db) is None
    office.composers["digest"] = plain
    office.clock.passes(minutes=5)
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


def test_a_heavy_edition_holds_up_no_confirmation(office: Office, server: RecordingServer) -> None:
    """What lies on the belt, and what the clerk is just bringing, is a quarter of a second's worth each."""
    ahead = 2 * belt.MOST

    def sign_up(mail: object) -> None:
        if len(server.received) == 30:
            office.write("new", kind="confirmation", priority=URGENT)

    office.composers["confirmation"] = plain
    office.write(*(f"r{n}" for n in range(3 * ahead)))
    server.on_received = sign_up
    office.send(connections=4)
    order = [mail.recipient for mail in server.received]
    assert len(order) == 3 * ahead + 1
    assert order.index("new@example.org") < 30 + ahead + 4
