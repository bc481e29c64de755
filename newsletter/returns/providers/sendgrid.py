"""SendGrid's event webhook, signed by ECDSA on P-256 over the time and the whole body."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.returns.judging import Kind
from newsletter.returns.providers.reading import Fields, Forged, event, text
from newsletter.returns.receiving import Event

DROPPED = {"Bounced Address": Kind.HARD, "Spam Reporting Address": Kind.COMPLAINT, "Invalid": Kind.HARD}
"""Addresses to which SendGrid itself sends no more."""


def check(body: bytes, stamp: str, signature: str, public_key: str) -> None:
    """``public_key`` as SendGrid shows it: base64 of its DER form. Raises Forged."""
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise Forged
        key.verify(base64.b64decode(signature, validate=True), stamp.encode() + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise Forged from None


def events(fields: Fields) -> tuple[Event, ...]:
    name, reason = text(fields, "event"), text(fields, "reason")
    kind: Kind | None = None
    if name == "spamreport":
        kind = Kind.COMPLAINT
    elif name == "dropped" and reason in DROPPED:
        kind = DROPPED[reason]
    elif name == "bounce":
        kind = Kind.BLOCK if text(fields, "type") == "blocked" else None
        kind = _unless_soft(kind, reason, text(fields, "status"))
    elif name == "deferred":
        kind = Kind.SOFT
    else:
        return ()
    return (
        event(
            text(fields, "sg_event_id"),
            kind,
            text(fields, "email"),
            reason or text(fields, "response") or text(fields, "type"),
            status=text(fields, "status"),
            message_id=text(fields, "smtp-id"),
            counts=name != "deferred",
        ),
    )


def _unless_soft(kind: Kind | None, reason: str, status: str) -> Kind | None:
    """SendGrid calls a full mailbox blocked too: then the server's words count."""
    if kind is not Kind.BLOCK or event("", None, "", reason, status=status).report.kind is Kind.BLOCK:
        return kind
    return Kind.SOFT
