"""Reports from any other software, signed in the Standard Webhooks form. docs/RETURNS.md shows what they look like."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from newsletter.returns.judging import Kind
from newsletter.returns.providers.reading import Fields, Forged, event, is_near, listed, text
from newsletter.returns.receiving import Event

MAY_BE_OLD = timedelta(minutes=5)
KINDS = {kind.value: kind for kind in Kind if kind is not Kind.NOTHING}


def check(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str:
    """The id of the request. Raises Forged."""
    hook_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signed = f"{hook_id}.{stamp}.".encode() + body
    made = base64.b64encode(hmac.new(_key(secret), signed, sha256).digest())
    given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    is_right = any(hmac.compare_digest(made, one.encode()) for one in given[:10])
    if not (hook_id and is_right and is_near(stamp, now, MAY_BE_OLD)):
        raise Forged
    return hook_id


def events(fields: Fields, hook_id: str) -> tuple[Event, ...]:
    """``{"events": [{"kind": …, "address": …, …}]}``, or one such event as ``data`` or by itself."""
    data = fields.get("data")
    many = list(listed(fields, "events")) or [data if isinstance(data, dict) else fields]
    return tuple(_event(one, f"{hook_id} {number}") for number, one in enumerate(many) if _is_one(one))


def _is_one(one: Fields) -> bool:
    return bool(text(one, "kind") in KINDS or text(one, "words") or text(one, "code"))


def _event(one: Fields, fallback: str) -> Event:
    return event(
        text(one, "id") or fallback,
        KINDS.get(text(one, "kind")),
        text(one, "address"),
        text(one, "words"),
        status=text(one, "code"),
        message_id=text(one, "message_id"),
        return_path=text(one, "return_path"),
    )


def _key(secret: str) -> bytes:
    """``whsec_`` and base64; any other text is taken as it is."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"))
    except binascii.Error:
        return secret.encode()
