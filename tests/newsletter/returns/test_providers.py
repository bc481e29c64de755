"""Providers' reports without a web server: whose signature is believed, and what each event means."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from newsletter.returns.providers import generic, mailgun, postmark, sendgrid, ses
from newsletter.returns.providers.reading import Forged
from newsletter.returns.receiving import Event
from tests.conftest import NOON
from tests.newsletter.returns import signers
from tests.newsletter.returns.signers import READER, Amazon, SendGrid

FULL, SPAM = "452 4.2.2 mailbox full", "550 5.7.1 blocked as spam"


@pytest.fixture
def amazon() -> Amazon:
    return Amazon(*signers.amazon_s_own())


def kinds(events: tuple[Event, ...]) -> list[str]:
    assert all(event.address == READER for event in events)
    return [event.report.kind.value for event in events]


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazon_s_signature_is_believed(amazon: Amazon, version: str) -> None:
    ses.check(
        amazon.note(signers.ses_bounce(), version=version, Subject="Bounce"), signers.TOPIC, amazon.fetch
    )
    assert amazon.fetched == [signers.CERTIFICATE]


@pytest.mark.parametrize(
    "change",
    [
        {"Message": "{}"},
        {"Signature": "AAAA"},
        {"Signature": "not base64"},
        {"SignatureVersion": "2"},
        {"SignatureVersion": "3"},
        {
            "SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem"
        },
        {"SigningCertURL": "https://evil.example/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/other/SimpleNotificationService-1.pem"},
        {"Type": "Else"},
        {"TopicArn": signers.TOPIC + "2"},
    ],
)
def test_a_note_that_amazon_did_not_sign_is_refused(amazon: Amazon, change: dict[str, str]) -> None:
    with pytest.raises(Forged):
        ses.check(amazon.note(signers.ses_bounce()) | change, signers.TOPIC, amazon.fetch)
    assert all(url == signers.CERTIFICATE for url in amazon.fetched)


def test_amazon_s_question_is_answered_at_amazon_alone(amazon: Amazon) -> None:
    where = (
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=2336"
    )
    asked = {"Type": "SubscriptionConfirmation", "Token": "2336", "SubscribeURL": where}
    note = amazon.note("Hello", **asked)
    ses.check(note, signers.TOPIC, amazon.fetch)
    assert ses.confirm(note, amazon.fetch) and ses.events(note) == ()
    assert not ses.confirm(amazon.note(signers.ses_bounce()), amazon.fetch)
    elsewhere = where.replace("amazonaws.com", "amazonaws.com.evil.example")
    with pytest.raises(Forged):
        ses.confirm(note | {"SubscribeURL": elsewhere}, amazon.fetch)
    assert amazon.fetched == [signers.CERTIFICATE, where]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (signers.ses_bounce(), ["hard"]),
        (signers.ses_bounce("Permanent", "NoEmail", status="", diagnosticCode=""), ["hard"]),
        (
            signers.ses_bounce("Permanent", "OnAccountSuppressionList", status="5.0.0", diagnosticCode=""),
            ["hard"],
        ),
        (signers.ses_bounce(status="5.7.1", diagnosticCode=f"smtp; {SPAM}"), ["block"]),
        (signers.ses_bounce("Permanent", "General", status="", diagnosticCode=""), ["soft"]),
        (
            signers.ses_bounce("Transient", "MailboxFull", status="5.2.2", diagnosticCode="smtp; 552 full"),
            ["soft"],
        ),
        (signers.ses_bounce("Transient", "ContentRejected", status="", diagnosticCode=""), ["block"]),
        (signers.ses_bounce("Undetermined", "Undetermined"), ["soft"]),
        (signers.ses_complaint(), ["complaint"]),
        (signers.ses_complaint("not-spam"), []),
        ({"notificationType": "Delivery"}, []),
        ({"notificationType": "Bounce", "bounce": {"bouncedRecipients": "x"}}, []),
        ("Successfully validated SNS topic for Amazon SES event publishing.", []),
    ],
)
def test_amazon_s_events_are_told_apart(told: Any, kind: list[str]) -> None:
    message = told if isinstance(told, str) else json.dumps(told)
    assert kinds(ses.events({"Type": "Notification", "Message": message})) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({}, ["hard"]),
        ({"event": "complained"}, ["complaint"]),
        ({"severity": "temporary", "delivery-status": {"code": 452, "message": "4.2.2 full"}}, ["soft"]),
        ({"delivery-status": {"code": 550, "message": "5.7.1 spam"}}, ["block"]),
        ({"reason": "suppress-bounce", "delivery-status": {"code": 605, "message": ""}}, ["hard"]),
        ({"reason": "suppress-complaint"}, ["complaint"]),
        ({"reason": "suppress-unsubscribe"}, []),
        ({"event": "delivered"}, []),
        ({"delivery-status": [], "message": 7}, ["soft"]),
    ],
)
def test_mailgun_s_events_are_told_apart(data: dict[str, Any], kind: list[str]) -> None:
    assert kinds(mailgun.events(signers.mailgun(NOON, **data))) == kind


def test_mailgun_s_warning_counts_for_nothing() -> None:
    (event,) = mailgun.events(signers.mailgun(NOON, severity="temporary"))
    assert not event.report.counts


@pytest.mark.parametrize(
    "told",
    [
        signers.mailgun(NOON, key="another"),
        signers.mailgun(NOON - timedelta(hours=13)),
        signers.mailgun(NOON + timedelta(hours=13)),
        signers.mailgun(NOON, token=""),
        {"signature": {}, "event-data": {}},
        {"signature": {"timestamp": [], "token": {}, "signature": None}},
        {"signature": "é"},
    ],
)
def test_what_mailgun_did_not_sign_just_now_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(Forged):
        mailgun.check(told, signers.MAILGUN_KEY, NOON)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({}, ["hard"]),
        ({"Details": ""}, ["hard"]),
        ({"Details": SPAM}, ["block"]),
        ({"Type": "SoftBounce", "Details": FULL}, ["soft"]),
        ({"Type": "DnsError", "Details": ""}, ["soft"]),
        ({"Type": "Blocked", "Details": ""}, ["block"]),
        ({"Type": "AutoResponder"}, []),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, ["complaint"]),
        ({"RecordType": "Open"}, []),
    ],
)
def test_postmark_s_reports_are_told_apart(told: dict[str, Any], kind: list[str]) -> None:
    assert kinds(postmark.events(signers.postmark(**told))) == kind


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({}, ["hard"]),
        ({"event": "deferred", "response": FULL, "reason": "", "status": ""}, ["soft"]),
        ({"type": "blocked", "reason": SPAM, "status": "5.7.1"}, ["block"]),
        ({"type": "blocked", "reason": "552 mailbox full", "status": "5.2.2"}, ["soft"]),
        ({"event": "dropped", "reason": "Bounced Address", "status": ""}, ["hard"]),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, []),
        ({"event": "spamreport", "reason": "", "status": ""}, ["complaint"]),
        ({"event": "delivered"}, []),
    ],
)
def test_sendgrid_s_events_are_told_apart(told: dict[str, Any], kind: list[str]) -> None:
    assert kinds(sendgrid.events(signers.sendgrid(**told))) == kind


def test_only_sendgrid_s_own_signature_is_believed() -> None:
    grid, body = SendGrid(), b'[{"event": "bounce"}]'
    stamp, signature = grid.sign(body).values()
    sendgrid.check(body, stamp, signature, grid.public)
    other = SendGrid().sign(body)["X-Twilio-Email-Event-Webhook-Signature"]
    for wrong in (
        (body + b" ", stamp, signature, grid.public),
        (body, "1", signature, grid.public),
        (body, stamp, other, grid.public),
        (body, stamp, "", grid.public),
        (body, stamp, "é", grid.public),
        (body, stamp, "AAAA", grid.public),
        (body, stamp, signature, "no key"),
    ):
        with pytest.raises(Forged):
            sendgrid.check(*wrong)


def test_the_standard_form_s_time_key_and_words_are_checked() -> None:
    body = json.dumps({"kind": "hard", "address": READER}).encode()
    right = signers.standard(body, NOON)
    assert generic.check(body, right, signers.HOOK_SECRET, NOON + timedelta(minutes=4)) == "msg_1"
    wrong: list[tuple[bytes, dict[str, str], datetime]] = [
        (body, {}, NOON),
        (body + b" ", right, NOON),
        (body, right | {"webhook-id": "msg_2"}, NOON),
        (body, right | {"webhook-timestamp": "1"}, NOON),
        (body, right | {"webhook-signature": "v1,é"}, NOON),
        (body, signers.standard(body, NOON, secret="whsec_YW5vdGhlcg=="), NOON),
        (body, right, NOON + timedelta(minutes=6)),
    ]
    for given, headers, at in wrong:
        with pytest.raises(Forged):
            generic.check(given, headers, signers.HOOK_SECRET, at)


def test_the_standard_form_may_tell_one_or_many() -> None:
    one: dict[str, Any] = {"address": READER, "code": "5.1.1", "words": "user unknown"}
    assert (
        kinds(generic.events(one, "m"))
        == kinds(generic.events({"type": "bounce", "data": one}, "m"))
        == ["hard"]
    )
    many = generic.events({"events": [one | {"kind": "soft"}, one, {"address": READER}]}, "m")
    assert kinds(many) == ["soft", "hard"] and len({event.id for event in many}) == 2
