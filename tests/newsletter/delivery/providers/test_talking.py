"""The talk over HTTP: what is in doubt, what is not, and when a line is used again."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.providers.http import Caller, Place, Request
from newsletter.delivery.providers.mailgun import Mailgun
from newsletter.delivery.smtp import NoLine
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase, Verdict, judge
from tests.conftest import NOON
from tests.newsletter.delivery.providers.conftest import Provide
from tests.newsletter.delivery.providers.httpserver import HANGS_UP, Provided, Says, provided
from tests.newsletter.delivery.providers.post import digest, hand_over

TAKEN = Says(200, {"id": "<1@example.org>", "message": "Queued. Thank you."})
KEY = "key-1234567890abcdef"


def at(server: Provided, timeout: float = 5.0) -> Provider:
    place = Place("127.0.0.1", server.port, is_encrypted=False)
    return Provider(place, Mailgun(KEY, "example.org"), lambda: NOON, timeout)


def answer_of(server: Provided, timeout: float = 5.0) -> Answer:
    (answer,) = hand_over(at(server, timeout), digest(NOON))
    return answer


def test_one_line_serves_many_letters(provide: Provide) -> None:
    server = provide(lambda asked: TAKEN)
    line = at(server).connect()
    with closing(line):
        for _ in range(5):
            assert [a.code for a in line.send_all([digest(NOON)], lambda: None)] == [250]
    assert (len(server.asked), server.connections) == (5, 1)


def test_a_line_that_the_provider_closed_between_two_letters_is_dialled_anew(provide: Provide) -> None:
    server = provide(lambda asked: TAKEN)
    line = at(server).connect()
    with closing(line):
        line.send_all([digest(NOON)], lambda: None)
        server.drop_lines()
        (answer,) = line.send_all([digest(NOON)], lambda: None)
    assert (judge(answer), server.connections) == (Verdict.ACCEPTED, 2)


def test_a_line_that_is_closed_after_each_answer_is_dialled_anew(provide: Provide) -> None:
    server = provide(lambda asked: Says(200, TAKEN.body, {"Connection": "close"}))
    line = at(server).connect()
    with closing(line):
        answers = [line.send_all([digest(NOON)], lambda: None)[0].code for _ in range(2)]
    assert (answers, server.connections) == ([250, 250], 2)


def test_a_line_that_breaks_after_the_request_leaves_a_doubt(provide: Provide) -> None:
    answer = answer_of(provide(lambda asked: HANGS_UP))
    assert answer == Answer(Phase.END, NO_ANSWER, "The provider closed the connection.")


def test_half_an_acceptance_leaves_a_doubt(provide: Provide) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    answer = answer_of(provide(lambda asked: Says(raw=head + b'{"id": "<1@ex')))
    assert judge(answer) is Verdict.UNCERTAIN


def test_half_a_refusal_is_a_refusal(provide: Provide) -> None:
    head = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n"
    assert judge(answer_of(provide(lambda asked: Says(raw=head + b"{")))) is Verdict.REFUSES_US


def test_an_acceptance_that_cannot_be_read_leaves_a_doubt(provide: Provide) -> None:
    assert answer_of(provide(lambda asked: Says(200, b"<html>Welcome</html>"))).code == GARBAGE


def test_what_is_no_http_leaves_a_doubt(provide: Provide) -> None:
    answer = answer_of(provide(lambda asked: Says(raw=b"220 mx.example.org ESMTP\r\n")))
    assert (answer.phase, answer.code) == (Phase.END, GARBAGE)


def test_an_answer_without_end_leaves_a_doubt(provide: Provide) -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000
    assert answer_of(provide(lambda asked: Says(raw=endless))).code == GARBAGE


def test_a_provider_that_nobody_answers_for_is_away() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = Place("127.0.0.1", nobody.getsockname()[1], is_encrypted=False)
        with pytest.raises(NoLine) as stopped:
            Caller(place)
    assert stopped.value.answer == Answer(Phase.CONNECT, NO_ANSWER, "Connection refused")
    assert judge(stopped.value.answer) is Verdict.AWAY


def test_a_provider_that_is_gone_when_it_is_called_again_is_away(provide: Provide) -> None:
    with provided(lambda asked: TAKEN) as server:
        line = at(server).connect()
        line.send_all([digest(NOON)], lambda: None)
        server.drop_lines()
    with closing(line):
        (answer,) = line.send_all([digest(NOON)], lambda: None)
    assert judge(answer) is Verdict.AWAY


@contextmanager
def dripping(words: bytes) -> Iterator[int]:
    """A server that says ``words`` byte after byte, and goes on for ever; its port."""
    import threading

    done = threading.Event()

    def drip() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(100_000)
            for byte in words:
                if done.wait(0.02):
                    return
                line.sendall(bytes([byte]))
            done.wait(10)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"x" * 500])
def test_an_answer_that_drips_or_never_comes_leaves_a_doubt_in_time(words: bytes) -> None:
    with dripping(words) as port:
        caller = Caller(Place("127.0.0.1", port, is_encrypted=False), timeout=0.1)
        with closing(caller), pytest.raises(NoLine) as stopped:
            caller.post(Request("/", {}, b"{}"), lambda: None)
    assert judge(stopped.value.answer) is Verdict.UNCERTAIN


def test_a_redirect_is_not_followed_and_is_about_us(provide: Provide) -> None:
    elsewhere = provide(lambda asked: TAKEN)
    answer = answer_of(provide(lambda asked: Says(307, {}, {"Location": f"{elsewhere.url}/v3"})))
    assert judge(answer) is Verdict.REFUSES_US
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (400, Verdict.REFUSES_US), (401, Verdict.REFUSES_US), (403, Verdict.REFUSES_US), (404, Verdict.REFUSES_US),
        (408, Verdict.AWAY), (413, Verdict.REFUSES_US), (429, Verdict.AWAY), (500, Verdict.RETRY),
        (502, Verdict.AWAY), (503, Verdict.AWAY), (504, Verdict.UNCERTAIN), (204, Verdict.UNCERTAIN),
    ],
)  # fmt: skip
def test_what_numbers_mean(provide: Provide, status: int, verdict: Verdict) -> None:
    assert judge(answer_of(provide(lambda asked: Says(status, {})))) is verdict


@pytest.mark.parametrize("value", ["300", "Sun, 22 Nov 2026 12:05:00 GMT"])
def test_a_provider_is_left_in_peace_for_as_long_as_it_asks(provide: Provide, value: str) -> None:
    server = provide(lambda asked: Says(429, {"message": "Too many"}, {"Retry-After": value}))
    provider = at(server)
    hand_over(provider, digest(NOON))
    provider.backoff.failed(NOON)
    assert not provider.backoff.is_over(NOON + timedelta(seconds=299))
    assert provider.backoff.is_over(NOON + timedelta(seconds=300))


def test_a_wish_that_makes_no_sense_is_no_wish(provide: Provide) -> None:
    provider = at(provide(lambda asked: Says(503, {}, {"Retry-After": "soon"})))
    hand_over(provider, digest(NOON))
    provider.backoff.failed(NOON)
    assert provider.backoff.is_over(NOON + timedelta(seconds=1))


def test_a_clock_set_back_does_not_make_a_provider_wait_for_ever(provide: Provide) -> None:
    provider = at(provide(lambda asked: Says(503, {}, {"Retry-After": "99999999"})))
    hand_over(provider, digest(NOON))
    provider.backoff.failed(NOON)
    assert not provider.backoff.is_over(NOON + timedelta(minutes=59))
    assert provider.backoff.is_over(datetime(2020, 1, 1, tzinfo=UTC))


def test_an_unknown_certificate_is_told_nothing(tmp_path: Path, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with provided(lambda asked: TAKEN, tls=context) as server:
        place = Place("127.0.0.1", server.port)
        with pytest.raises(NoLine) as stopped:
            Provider(place, Mailgun(KEY, "example.org")).connect()
        assert judge(stopped.value.answer) is Verdict.REFUSES_US
        assert stopped.value.answer.reply.startswith("The provider's certificate is not trusted")
        assert server.asked == []
        trust = ssl.create_default_context(cafile=str(certificate))
        trusted = Provider(Place("127.0.0.1", server.port, trust=trust), Mailgun(KEY, "example.org"))
        line = trusted.connect()
        with closing(line):
            codes = [line.send_all([digest(NOON)], lambda: None)[0].code for _ in range(3)]
        assert (codes, server.connections) == ([250] * 3, 1)


def test_a_key_is_shown_nowhere_though_the_provider_quotes_it(
    provide: Provide, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    server = provide(lambda asked: Says(401, {"message": f"Invalid private key {KEY}"}))
    answer = answer_of(server)
    assert answer.reply == "HTTP 401: Invalid private key …"
    assert KEY not in caplog.text + "".join(capsys.readouterr())
