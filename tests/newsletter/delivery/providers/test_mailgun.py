"""Mailgun: one form a letter, and what each of its answers means for the letter."""

from base64 import b64encode
from email import message_from_bytes

import pytest

from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.sending import Sent
from newsletter.delivery.transport import Transport
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge
from tests.conftest import NOON
from tests.newsletter.delivery.office import Clock, Office
from tests.newsletter.delivery.providers.conftest import Provide
from tests.newsletter.delivery.providers.httpserver import Asked, Provided, Says
from tests.newsletter.delivery.providers.post import by_provider, digest, hand_over

TAKEN = Says(200, {"id": "<20261122120000.1.ABC@example.org>", "message": "Queued. Thank you."})
NO_ADDRESS = Says(400, {"message": "'to' parameter is not a valid address. please check documentation"})


def mailgun(server: Provided) -> Transport:
    return by_provider(f"mailgun://key-1234@api.eu.mailgun.net/mg.example.org?endpoint={server.url}")


def form(asked: Asked) -> dict[str, bytes]:
    """The fields of multipart/form-data, each as its bytes."""
    kind = asked.headers["Content-Type"].encode()
    boundary = b"\r\n--" + kind.partition(b"boundary=")[2]
    parts = (b"\r\n" + asked.body).split(boundary)
    assert (parts[0], parts[-1]) == (b"", b"--\r\n")
    fields = {}
    for part in parts[1:-1]:
        head, _, body = part.partition(b"\r\n\r\n")
        named = message_from_bytes(head.lstrip())
        fields[str(named.get_param("name", header="content-disposition"))] = body
    return fields


def test_the_mail_goes_as_it_was_written_and_its_links_stay_ours(provide: Provide) -> None:
    server = provide(lambda asked: TAKEN)
    parcel = digest(NOON)
    (answer,) = hand_over(mailgun(server), parcel)
    (asked,) = server.asked
    assert asked.path == "/v3/mg.example.org/messages.mime"
    assert asked.headers["Authorization"] == "Basic " + b64encode(b"api:key-1234").decode()
    assert form(asked) == {
        "to": b"galileo@example.org",
        "message": parcel.message,
        "o:tracking": b"no",
        "o:tracking-clicks": b"no",
        "o:tracking-opens": b"no",
    }
    assert answer == Answer(Phase.END, 250, "20261122120000.1.ABC")


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        (NO_ADDRESS, Verdict.REFUSED),
        (Says(400, {"message": "'from' parameter is not a valid address"}), Verdict.REFUSES_US),
        (Says(400, {"message": "Sandbox subdomains are for test purposes only."}), Verdict.REFUSES_US),
        (Says(401, b"Forbidden"), Verdict.REFUSES_US),
        (Says(402, {"message": "Request Failed"}), Verdict.REFUSES_US),
        (Says(403, {"message": "Domain mg.example.org is not allowed to send"}), Verdict.REFUSES_US),
        (Says(404, {"message": "Domain not found: mg.example.org"}), Verdict.REFUSES_US),
        (Says(420, {"message": "Messages limit exceeded."}), Verdict.AWAY),
        (Says(429, {"message": "Too many requests"}), Verdict.AWAY),
        (Says(500, {"message": "Internal Server Error"}), Verdict.RETRY),
        (Says(502, b"<html>Bad Gateway</html>"), Verdict.AWAY),
        (Says(504, b"<html>Gateway Time-out</html>"), Verdict.UNCERTAIN),
        (Says(200, {"message": "Queued. Thank you."}), Verdict.UNCERTAIN),
    ],
)
def test_what_its_answers_mean(provide: Provide, says: Says, verdict: Verdict) -> None:
    (answer,) = hand_over(mailgun(provide(lambda asked: says)), digest(NOON))
    assert judge(answer) is verdict


def test_a_whole_edition_goes_out_by_mailgun(provide: Provide, db: Database, clock: Clock) -> None:
    server = provide(lambda asked: NO_ADDRESS if form(asked)["to"].startswith(b"gone") else TAKEN)
    office = Office(db, clock, mailgun(server))
    office.write("gone", *(f"r{n}" for n in range(30)))
    assert office.send() == Sent(accepted=30, refused=1)
    assert len({form(asked)["to"] for asked in server.asked}) == len(server.asked) == 31


def test_a_wrong_key_uses_no_letter_up_and_pauses_in_the_end(
    provide: Provide, db: Database, clock: Clock
) -> None:
    server = provide(lambda asked: Says(401, {"message": "Invalid private key"}))
    office = Office(db, clock, mailgun(server))
    office.write("a", "b", "c")
    for _ in range(10):
        office.send()
        clock.passes(minutes=2)
    state = pausing.standing(db)
    assert state and state.paused and state.reason == "HTTP 401: Invalid private key"
    assert {(letter.state, letter.attempts) for letter in office.letters()} == {("ready", 0)}
    assert len(server.asked) < 20


def test_a_mailgun_that_wants_peace_is_asked_again_when_it_said(
    provide: Provide, db: Database, clock: Clock
) -> None:
    busy = [Says(429, {"message": "Too many requests"}, {"Retry-After": "120"})]
    server = provide(lambda asked: busy.pop() if busy else TAKEN)
    office = Office(db, clock, mailgun(server))
    office.write("a", "b")
    assert office.send(connections=1) == Sent()
    clock.passes(seconds=119)
    assert office.send(connections=1) == Sent()
    assert len(server.asked) == 1
    clock.passes(seconds=1)
    assert office.send(connections=1).accepted == 2
