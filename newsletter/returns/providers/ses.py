"""Amazon SES by way of SNS: bounces and complaints, and the confirmation of the subscription itself.

Signature versions 1 and 2 as in "Verifying the signatures of Amazon SNS messages": the certificate's address must be Amazon's own, and
only the topic of the settings is listened to. The letter is known by the envelope sender, which SES reports as ``source``.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from blog.fetching import Fetcher
from blog.refusals import Refusal
from newsletter.returns.judging import Kind
from newsletter.returns.originals import address_in
from newsletter.returns.providers.reading import Fields, Forged, event, listed, objects, text
from newsletter.returns.receiving import Event

_AMAZON = r"https://sns\.[a-z]{2,3}(-[a-z]+)+-\d{1,2}\.amazonaws\.com(\.cn)?"
_CERTIFICATE = re.compile(_AMAZON + r"/SimpleNotificationService-[\w-]{1,100}\.pem")
_CONFIRMATION = re.compile(_AMAZON + r"/\?Action=ConfirmSubscription&[\w=&:.%~+-]{1,1000}")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def check(fields: Fields, topic: str, fetch: Fetcher) -> None:
    """Raises Forged. Fetches the certificate."""
    kind, where = text(fields, "Type"), text(fields, "SigningCertURL")
    if text(fields, "TopicArn") != topic or kind not in _SIGNED or not _CERTIFICATE.fullmatch(where):
        raise Forged
    digest = {"1": SHA1, "2": SHA256}.get(text(fields, "SignatureVersion"))
    if digest is None:
        raise Forged
    try:
        key = x509.load_pem_x509_certificate(fetch(where).body).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise Forged
        signature = base64.b64decode(text(fields, "Signature"), validate=True)
        key.verify(signature, _signed(fields, kind), padding.PKCS1v15(), digest())
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
        raise Forged from None


def confirm(fields: Fields, fetch: Fetcher) -> bool:
    """Answers the question whether this topic may report here. Only after ``check``. False where it is no such question."""
    if text(fields, "Type") != "SubscriptionConfirmation":
        return False
    where = text(fields, "SubscribeURL")
    if not _CONFIRMATION.fullmatch(where):
        raise Forged
    return fetch(where).status == 200


def events(fields: Fields) -> tuple[Event, ...]:
    if text(fields, "Type") != "Notification":
        return ()
    try:
        (told,) = objects(text(fields, "Message").encode())
    except (Refusal, ValueError):
        return ()  # Amazon's own greeting to a new subscriber is no JSON.
    kind = text(told, "notificationType") or text(told, "eventType")
    read = {"Bounce": _bounces, "Complaint": _complaints}.get(kind)
    return tuple(read(told)) if read else ()


def _bounces(told: Fields) -> Iterator[Event]:
    bounce = told.get("bounce")
    kind, finer = text(bounce, "bounceType"), text(bounce, "bounceSubType")
    for one in listed(bounce, "bouncedRecipients"):
        words = re.sub(r"^\s*\w+\s*;\s*", "", text(one, "diagnosticCode"))
        status = text(one, "status")
        yield _event(told, bounce, one, _kind(kind, finer, words, status), words or f"{kind} {finer}", status)


def _kind(kind: str, finer: str, words: str, status: str) -> Kind | None:
    """SES calls many a block permanent: the server's words go first, its own judgement fills in where there are none."""
    if kind == "Permanent" and finer in ("NoEmail", "Suppressed", "OnAccountSuppressionList"):
        return Kind.HARD
    if finer in ("ContentRejected", "AttachmentRejected"):
        return Kind.BLOCK
    judged = event("", None, "", words, status=status).report.kind
    if kind != "Permanent":
        return Kind.SOFT if judged is Kind.HARD else judged
    return None


def _complaints(told: Fields) -> Iterator[Event]:
    complaint = told.get("complaint")
    is_one = text(complaint, "complaintFeedbackType") != "not-spam"
    for one in listed(complaint, "complainedRecipients") if is_one else ():
        words = text(complaint, "complaintFeedbackType") or text(complaint, "complaintSubType") or "complaint"
        yield _event(told, complaint, one, Kind.COMPLAINT, words, "")


def _event(told: Fields, about: object, one: Fields, kind: Kind | None, words: str, status: str) -> Event:
    address = address_in(text(one, "emailAddress"))
    return event(
        f"{text(about, 'feedbackId')} {address}",
        kind,
        address,
        words,
        status=status,
        message_id=text(told, "mail", "commonHeaders", "messageId"),
        return_path=text(told, "mail", "source"),
    )


def _signed(fields: Fields, kind: str) -> bytes:
    """Names and values of the fields that are signed, each on a line of its own. A subject that is not there is left out."""
    names = [name for name in _SIGNED[kind] if name in fields and fields[name] is not None]
    return "".join(f"{name}\n{text(fields, name)}\n" for name in names).encode()
