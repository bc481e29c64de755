"""How a connection in the event loop comes about: encryption, certificates, login; and what it says where none does."""

import socket
import ssl

import pytest

from newsletter.delivery.signing_in import WAYS
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge
from tests.mailserver import DRIP, DROP, GARBAGE, SILENCE, Fault, RecordingServer
from tests.newsletter.delivery.belt import carry, parcel, pipelined_to, refusal

pytestmark = pytest.mark.usefixtures("each_loop")
LOGIN = ("user", "secret")
LONG = b"A line of many.\r\n" * 100_000


def test_encryption_is_used_when_offered(tls_server: RecordingServer) -> None:
    belt = carry(pipelined_to(tls_server), parcel("a"), parcel("b", LONG, tidy=True), parcel("c"))
    assert belt.codes() == dict.fromkeys("abc", 250)
    assert "STARTTLS" in tls_server.commands
    assert tls_server.received[1].message == LONG


def test_encryption_can_be_declined(tls_server: RecordingServer) -> None:
    assert carry(pipelined_to(tls_server, starttls="never")).codes() == {"galileo": 250}
    assert "STARTTLS" not in tls_server.commands


def test_encryption_from_the_first_byte(tls_server: RecordingServer, trusting: ssl.SSLContext) -> None:
    tls_server.is_encrypted_at_once = True
    belt = carry(pipelined_to(tls_server, tls=True, trust=trusting), parcel("a"), parcel("b", LONG))
    assert belt.codes() == {"a": 250, "b": 250}
    answer = refusal(pipelined_to(tls_server, tls=True))
    assert (answer.phase, judge(answer)) == (Phase.CONNECT, Verdict.REFUSES_US)


def test_required_encryption_that_is_not_offered_is_a_refusal_of_us(server: RecordingServer) -> None:
    answer = refusal(pipelined_to(server, starttls="require"))
    assert judge(answer) is Verdict.REFUSES_US
    assert answer.reply == "The server offers no STARTTLS, and the settings require it."


def test_required_encryption_trusts_no_unknown_certificate(tls_server: RecordingServer) -> None:
    answer = refusal(pipelined_to(tls_server, starttls="require"))
    assert (answer.phase, judge(answer)) == (Phase.STARTTLS, Verdict.REFUSES_US)
    assert answer.reply.startswith("The server's certificate is not trusted")


def test_required_encryption_with_a_trusted_certificate(
    tls_server: RecordingServer, trusting: ssl.SSLContext
) -> None:
    smtp = pipelined_to(tls_server, starttls="require", trust=trusting)
    assert carry(smtp).codes() == {"galileo": 250}


def test_words_in_clear_before_the_encryption_are_not_believed(tls_server: RecordingServer) -> None:
    tls_server.faults = [Fault("starttls", "220 Go on\r\n250 AUTH PLAIN")]
    answer = refusal(pipelined_to(tls_server))
    assert answer == Answer(Phase.STARTTLS, 0, "The server spoke before the encryption began.")


@pytest.mark.parametrize("deed", [DROP, SILENCE, "454 4.7.0 Not now"])
def test_encryption_that_fails_half_way_is_a_server_that_is_away(
    tls_server: RecordingServer, deed: str
) -> None:
    tls_server.faults = [Fault("starttls", deed)]
    assert judge(refusal(pipelined_to(tls_server, 0.3))) is Verdict.AWAY


def test_a_password_goes_to_nobody_whose_certificate_is_unknown(tls_server: RecordingServer) -> None:
    tls_server.login = LOGIN
    assert judge(refusal(pipelined_to(tls_server, login=LOGIN))) is Verdict.REFUSES_US
    assert "AUTH" not in tls_server.commands


def test_a_password_is_not_sent_in_clear_over_the_net(server: RecordingServer) -> None:
    server.login = LOGIN
    smtp = pipelined_to(server, login=LOGIN)
    smtp.host = f"{socket.gethostname()}.not.here.invalid"
    answer = refusal(smtp)
    assert (answer.phase, judge(answer)) == (Phase.CONNECT, Verdict.AWAY)
    smtp.host = "127.1"  # this machine, but not by a name that says so
    answer = refusal(smtp)
    assert answer == Answer(Phase.LOGIN, 538, "The server offers no encryption; the password was not sent.")
    assert "AUTH" not in server.commands


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_login_by_the_way_that_the_server_offers(server: RecordingServer, way: str) -> None:
    server.login, server.ways = LOGIN, way
    assert carry(pipelined_to(server, login=LOGIN)).codes() == {"galileo": 250}


@pytest.mark.parametrize("way", WAYS)
def test_login_by_the_way_that_the_settings_force(server: RecordingServer, way: str) -> None:
    server.login, server.ways = LOGIN, "PLAIN LOGIN CRAM-MD5 XOAUTH2"
    assert carry(pipelined_to(server, login=LOGIN, auth=way)).codes() == {"galileo": 250}
    answer = refusal(pipelined_to(server, login=("user", "wrong"), auth=way))
    assert (answer.phase, answer.code, judge(answer)) == (Phase.LOGIN, 535, Verdict.REFUSES_US)


def test_a_wrong_password_is_a_refusal_of_us_whatever_is_offered(server: RecordingServer) -> None:
    server.login, server.ways = LOGIN, "LOGIN PLAIN CRAM-MD5"
    assert judge(refusal(pipelined_to(server, login=("user", "wrong")))) is Verdict.REFUSES_US
    assert server.commands.count("AUTH") == 3


def test_a_server_that_asks_for_ever_is_left(server: RecordingServer) -> None:
    server.login, server.faults = LOGIN, [Fault("auth", "334 ")]
    assert refusal(pipelined_to(server, login=LOGIN)).phase is Phase.LOGIN


@pytest.mark.parametrize("ways", ["", "GSSAPI NTLM"])
def test_a_server_without_a_login_that_we_know_is_a_refusal_of_us(server: RecordingServer, ways: str) -> None:
    server.login, server.ways = LOGIN, ways
    assert judge(refusal(pipelined_to(server, login=LOGIN))) is Verdict.REFUSES_US


@pytest.mark.parametrize("step", ["connect", "ehlo"])
@pytest.mark.parametrize("deed", [DROP, SILENCE, GARBAGE, DRIP, "421 4.3.2 Closing", "450 4.7.1 Later"])
def test_a_server_that_greets_badly_is_away(server: RecordingServer, step: str, deed: str) -> None:
    server.faults = [Fault(step, deed)]
    answer = refusal(pipelined_to(server, 0.3))
    assert judge(answer) is Verdict.AWAY
    assert answer.phase is {"connect": Phase.CONNECT, "ehlo": Phase.HELLO}[step]


def test_a_server_that_is_not_there_is_away(server: RecordingServer) -> None:
    server.down()
    answer = refusal(pipelined_to(server))
    assert answer == Answer(Phase.CONNECT, 0, "Connection refused")
    server.up()


def test_a_server_that_knows_no_ehlo_is_greeted_plainly(server: RecordingServer) -> None:
    server.faults = [Fault("ehlo", "502 5.5.2 What?", times=1)]
    assert carry(pipelined_to(server)).codes() == {"galileo": 250}
    assert server.commands[:2] == ["EHLO", "HELO"]


def test_a_server_that_says_more_than_it_was_asked_gets_nothing(server: RecordingServer) -> None:
    server.faults = [Fault("ehlo", "250 Ok\r\n250 And more")]
    assert judge(refusal(pipelined_to(server))) is Verdict.AWAY
