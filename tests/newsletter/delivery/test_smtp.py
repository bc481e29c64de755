"""The talk with a mail server: encryption, login, odd addresses, long reuse."""

import ssl

import pytest

from newsletter.delivery.commands import wire_form
from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pipelining import Pipelined
from newsletter.delivery.smtp import MOST_ON_A_LINE, NoLine, Smtp
from newsletter.delivery.transport import open_transport
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import smtplib_to

MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: News\r\n\r\nThe sky.\r\n"


def parcel(
    recipient: str = "galileo@example.org", message: bytes = MESSAGE, sender: str = "digest@example.org"
) -> Parcel:
    return Parcel(sender, recipient, message)


def send(smtp: Smtp, *parcels: Parcel) -> list[Answer]:
    line = smtp.connect()
    answers = [line.send(each, lambda: None) for each in parcels or (parcel(),)]
    line.close()
    return answers


def refusal(smtp: Smtp) -> Answer:
    with pytest.raises(NoLine) as stopped:
        smtp.connect()
    return stopped.value.answer


def test_encryption_is_used_when_offered(tls_server: RecordingServer) -> None:
    assert send(smtplib_to(tls_server))[0].code == 250
    assert "STARTTLS" in tls_server.commands


def test_encryption_can_be_declined(tls_server: RecordingServer) -> None:
    assert send(smtplib_to(tls_server, starttls="never"))[0].code == 250
    assert "STARTTLS" not in tls_server.commands


def test_required_encryption_that_is_not_offered_is_a_refusal_of_us(server: RecordingServer) -> None:
    answer = refusal(smtplib_to(server, starttls="require"))
    assert judge(answer) is Verdict.REFUSES_US
    assert answer.reply == "The server offers no STARTTLS, and the settings require it."


def test_required_encryption_trusts_no_unknown_certificate(tls_server: RecordingServer) -> None:
    answer = refusal(smtplib_to(tls_server, starttls="require"))
    assert judge(answer) is Verdict.REFUSES_US
    assert answer.reply.startswith("The server's certificate is not trusted")


def test_required_encryption_with_a_trusted_certificate(
    tls_server: RecordingServer, trusting: ssl.SSLContext
) -> None:
    assert send(smtplib_to(tls_server, starttls="require", trust=trusting))[0].code == 250


def test_encryption_that_fails_half_way_is_a_server_that_is_away(tls_server: RecordingServer) -> None:
    tls_server.faults = [Fault("starttls", "drop")]
    assert judge(refusal(smtplib_to(tls_server))) is Verdict.AWAY


def test_a_password_goes_to_nobody_whose_certificate_is_unknown(tls_server: RecordingServer) -> None:
    tls_server.login = ("user", "secret")
    assert judge(refusal(smtplib_to(tls_server, login=("user", "secret")))) is Verdict.REFUSES_US
    assert "AUTH" not in tls_server.commands


def test_a_password_is_not_sent_in_clear_over_the_net(server: RecordingServer) -> None:
    server.login = ("user", "secret")
    smtp = smtplib_to(server, login=("user", "secret"))
    smtp.host = "127.0.0.1.nip.invalid"
    smtp._dial = lambda: _dialled(server, smtp)  # type: ignore[method-assign]
    answer = refusal(smtp)
    assert (answer.phase, answer.reply) == (
        Phase.LOGIN,
        "The server offers no encryption; the password was not sent.",
    )
    assert "AUTH" not in server.commands


def test_login_on_this_machine(server: RecordingServer) -> None:
    server.login = ("user", "secret")
    assert send(smtplib_to(server, login=("user", "secret")))[0].code == 250


def test_a_wrong_password_is_a_refusal_of_us(server: RecordingServer) -> None:
    server.login = ("user", "secret")
    answer = refusal(smtplib_to(server, login=("user", "wrong")))
    assert (answer.phase, answer.code, judge(answer)) == (Phase.LOGIN, 535, Verdict.REFUSES_US)


def test_a_server_without_login_is_a_refusal_of_us_when_we_have_one(server: RecordingServer) -> None:
    assert judge(refusal(smtplib_to(server, login=("user", "secret")))) is Verdict.REFUSES_US


def test_a_connection_is_renewed_after_200_mails(server: RecordingServer) -> None:
    answers = send(smtplib_to(server), *[parcel()] * (MOST_ON_A_LINE + 1))
    assert {answer.code for answer in answers} == {250}
    assert server.connections == 2


@pytest.mark.parametrize("deed", ["drop", "421 4.4.2 Idle too long"])
def test_a_connection_that_the_server_closed_between_two_mails_is_renewed(
    server: RecordingServer, deed: str
) -> None:
    line = smtplib_to(server).connect()
    assert line.send(parcel(), lambda: None).code == 250
    server.faults = [Fault("mail", deed, times=1)]
    assert line.send(parcel(), lambda: None).code == 250
    line.close()
    assert (server.connections, len(server.received)) == (2, 2)


def test_after_a_refused_recipient_the_connection_goes_on(server: RecordingServer) -> None:
    server.faults = [Fault("rcpt", "550 5.1.1 Unknown", whom="gone")]
    answers = send(smtplib_to(server), parcel("gone@example.org"), parcel())
    assert [answer.code for answer in answers] == [550, 250]
    assert server.connections == 1


def test_addresses_and_texts_beyond_ascii(server: RecordingServer) -> None:
    answers = send(smtplib_to(server), parcel("jörg@exämple.org", MESSAGE + "Grüße\r\n".encode()))
    assert answers[0].code == 250
    assert (server.received[0].recipient, server.received[0].message[-9:]) == (
        "jörg@exämple.org",
        "Grüße\r\n".encode(),
    )


@pytest.mark.parametrize(
    "address", ["a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org> NOTIFY=NEVER", "a b@example.org"]
)
def test_an_address_cannot_smuggle_in_a_command(server: RecordingServer, address: str) -> None:
    answers = send(smtplib_to(server), parcel(address), parcel())
    assert [judge(answer) for answer in answers] == [Verdict.REFUSED, Verdict.ACCEPTED]
    assert [mail.recipient for mail in server.received] == ["galileo@example.org"]


def test_a_server_that_drips_its_answer_holds_nobody_up(server: RecordingServer) -> None:
    server.faults = [Fault("ehlo", "drip")]
    answer = refusal(smtplib_to(server, timeout=0.3))
    assert (answer.phase, answer.code, answer.reply) == (Phase.HELLO, 0, "The server did not answer in time.")


def test_a_long_text_that_is_not_taken_to_its_end_was_not_sent(server: RecordingServer) -> None:
    server.faults = [Fault("body", "silence")]
    (answer,) = send(
        smtplib_to(server, timeout=0.3), parcel(message=MESSAGE + b"A line of many.\r\n" * 1_000_000)
    )
    assert (answer.phase, judge(answer)) == (Phase.BODY, Verdict.RETRY)


@pytest.mark.parametrize(
    ("written", "on_the_wire"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n.\r\n"),
        (b"a\nb\rc", b"a\r\nb\r\nc\r\n.\r\n"),
        (b".a\r\n.\r\nb", b"..a\r\n..\r\nb\r\n.\r\n"),
        (b"a\n.\nRCPT TO", b"a\r\n..\r\nRCPT TO\r\n.\r\n"),
    ],
)
def test_no_text_can_end_itself_early(written: bytes, on_the_wire: bytes) -> None:
    assert wire_form(written) == on_the_wire


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://example.org",
        "smtp://",
        "smtp://h?starttls=maybe",
        "smtp://h?tls=1",
        "file://folder/x",
        "file:///",
    ],
)
def test_an_address_of_a_mail_server_that_cannot_be_read_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        open_transport(url)


def test_the_parts_of_a_mail_server_s_address() -> None:
    smtp = open_transport("smtps://us%40er:p%2Fw@mail.example.org", hello="news.example.org")
    assert isinstance(smtp, Pipelined)
    assert (smtp.host, smtp.port, smtp.tls, smtp.login) == ("mail.example.org", 465, True, ("us@er", "p/w"))
    plain = open_transport("smtp://[::1]:2525?starttls=require")
    assert isinstance(plain, Pipelined)
    assert (plain.host, plain.port, plain.tls, plain.starttls, plain.login) == (
        "::1",
        2525,
        False,
        "require",
        None,
    )


def _dialled(server: RecordingServer, smtp: Smtp):  # type: ignore[no-untyped-def]
    from newsletter.delivery.talk import Talk

    talk = Talk(smtp.hello, smtp.timeout)
    talk.connect("127.0.0.1", server.port)
    return talk


def test_the_standard_library_s_client_can_be_chosen() -> None:
    assert isinstance(open_transport("smtp://mail.example.org?client=smtplib"), Smtp)


def test_a_password_that_breaks_the_address_is_not_told() -> None:
    with pytest.raises(ValueError, match="%23 for #") as refused:
        open_transport("smtp://ada:moon#landing@mail.example.org")
    assert "moon" not in str(refused.value)
