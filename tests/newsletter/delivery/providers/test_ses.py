"""Amazon SES: one signed request a letter, and what each of its answers means for the letter."""

import re
from base64 import b64decode
from typing import Any

import pytest

from blog.db import Database
from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.sending import Sent
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge
from tests.conftest import NOON
from tests.newsletter.delivery.office import Clock, Office
from tests.newsletter.delivery.providers.conftest import Provide
from tests.newsletter.delivery.providers.httpserver import Asked, Provided, Says
from tests.newsletter.delivery.providers.post import by_provider, digest, hand_over

TAKEN = Says(200, {"MessageId": "0102019b0f8e5c1a-3d0f-000000"})


def ses(server: Provided, more: str = "") -> Provider:
    opened = by_provider(f"ses://AKIDEXAMPLE:wJalr%2FK7%2BKEY@eu-west-1?endpoint={server.url}{more}")
    opened.now = lambda: NOON
    return opened


def error(status: int, kind: str, words: str = "No.") -> Says:
    return Says(
        status,
        {"message": words},
        {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/coral/com.amazonaws/"},
    )


def answer_to(provide: Provide, says: Says) -> Answer:
    (answer,) = hand_over(ses(provide(lambda asked: says)), digest(NOON))
    return answer


def test_the_mail_goes_as_it_was_written_to_one_reader_and_what_comes_back_comes_to_us(
    provide: Provide,
) -> None:
    server = provide(lambda asked: TAKEN)
    parcel = digest(NOON)
    (answer,) = hand_over(ses(server, "&configuration=digests"), parcel)
    (asked,) = server.asked
    assert asked.path == "/v2/email/outbound-emails"
    assert b64decode(asked.json["Content"]["Raw"]["Data"]) == parcel.message
    assert asked.json["Destination"] == {"ToAddresses": ["galileo@example.org"]}
    assert asked.json["FeedbackForwardingEmailAddress"] == "bounces+41.x@example.org"
    assert asked.json["ConfigurationSetName"] == "digests"
    assert "FromEmailAddress" not in asked.json
    assert answer == Answer(Phase.END, 250, "0102019b0f8e5c1a-3d0f-000000")


def test_the_request_is_signed_for_its_region_and_moment(provide: Provide) -> None:
    server = provide(lambda asked: TAKEN)
    hand_over(ses(server), digest(NOON))
    headers = server.asked[0].headers
    assert headers["X-Amz-Date"] == "20261122T120000Z"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/ses/aws4_request, "
        r"SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}",
        headers["Authorization"],
    )


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        (error(400, "AccountSuspendedException"), Verdict.REFUSES_US),
        (error(400, "SendingPausedException"), Verdict.REFUSES_US),
        (error(400, "MailFromDomainNotVerifiedException"), Verdict.REFUSES_US),
        (error(400, "MessageRejected", "Email address is not verified."), Verdict.REFUSES_US),
        (error(400, "BadRequestException", "Missing final '@domain'"), Verdict.REFUSED),
        (error(400, "BadRequestException", "Local address contains control or whitespace"), Verdict.REFUSED),
        (error(400, "BadRequestException", "Domain contains illegal character"), Verdict.REFUSED),
        (error(400, "BadRequestException", "Value at 'content' failed"), Verdict.REFUSES_US),
        (error(403, "SignatureDoesNotMatch"), Verdict.REFUSES_US),
        (error(403, "UnrecognizedClientException"), Verdict.REFUSES_US),
        (error(404, "NotFoundException", "Configuration set does not exist"), Verdict.REFUSES_US),
        (error(429, "TooManyRequestsException"), Verdict.AWAY),
        (error(400, "LimitExceededException"), Verdict.AWAY),
        (error(400, "ThrottlingException", "Maximum sending rate exceeded."), Verdict.AWAY),
        (error(500, "InternalFailure"), Verdict.RETRY),
        (error(503, "ServiceUnavailable"), Verdict.AWAY),
        (Says(200, {}), Verdict.UNCERTAIN),
        (Says(200, {"MessageId": 7}), Verdict.UNCERTAIN),
        (Says(200, ["MessageId"]), Verdict.UNCERTAIN),
    ],
    ids=lambda value: "" if isinstance(value, Verdict) else str(value.headers or value.body)[-70:],
)
def test_what_its_errors_mean(provide: Provide, says: Says, verdict: Verdict) -> None:
    assert judge(answer_to(provide, says)) is verdict


def test_an_error_is_known_by_its_body_too(provide: Provide) -> None:
    body: dict[str, Any] = {"__type": "com.amazonaws.sesv2#SendingPausedException", "Message": "Paused."}
    answer = answer_to(provide, Says(400, body))
    assert answer == Answer(Phase.LOGIN, 535, "SendingPausedException: Paused.")


def test_an_address_outside_ascii_is_refused_without_asking(provide: Provide) -> None:
    server = provide(lambda asked: TAKEN)
    parcel = digest(NOON)._replace(recipient="galiléo@example.org")
    (answer,) = hand_over(ses(server), parcel)
    assert judge(answer) is Verdict.REFUSED
    assert server.asked == []


def test_a_whole_edition_goes_out_by_amazon(provide: Provide, db: Database, clock: Clock) -> None:
    def judged(asked: Asked) -> Says:
        (to,) = asked.json["Destination"]["ToAddresses"]
        return (
            error(400, "BadRequestException", "Missing final '@domain'") if to.startswith("gone") else TAKEN
        )

    server = provide(judged)
    office = Office(db, clock, ses(server))
    office.write("gone", *(f"r{n}" for n in range(30)))
    assert office.send() == Sent(accepted=30, refused=1)
    recipients = sorted(asked.json["Destination"]["ToAddresses"][0] for asked in server.asked)
    assert recipients == sorted(f"{name}@example.org" for name in ("gone", *(f"r{n}" for n in range(30))))
    gone, first, *_ = office.letters()
    assert (gone.code, gone.reply) == (550, "5.1.3 BadRequestException: Missing final '@domain'")
    assert (first.code, first.reply) == (250, "0102019b0f8e5c1a-3d0f-000000")
