"""Mailgun's webhooks. Its signature covers a time and a token but not the event, so each token must be good for one request only.

See "Securing webhooks" in Mailgun's manual. The letter is known by the Message-ID, which Mailgun leaves as it is.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from newsletter.returns.judging import Kind
from newsletter.returns.providers.reading import Fields, Forged, event, is_near, text
from newsletter.returns.receiving import Event

MAY_BE_OLD = timedelta(hours=12)
"""Mailgun tries again for eight hours."""


def check(fields: Fields, key: str, now: datetime) -> str:
    """The token, which the caller must not accept a second time. Raises Forged."""
    stamp, token = text(fields, "signature", "timestamp"), text(fields, "signature", "token")
    made = hmac.new(key.encode(), (stamp + token).encode(), sha256).hexdigest()
    is_right = hmac.compare_digest(made.encode(), text(fields, "signature", "signature").encode())
    if not (is_right and token and is_near(stamp, now, MAY_BE_OLD)):
        raise Forged
    return token


def events(fields: Fields) -> tuple[Event, ...]:
    data = fields.get("event-data")
    name, reason = text(data, "event"), text(data, "reason")
    kind: Kind | None = None
    if name == "complained" or reason == "suppress-complaint":
        kind = Kind.COMPLAINT
    elif name != "failed":
        return ()
    elif reason == "suppress-bounce":
        kind = Kind.HARD
    elif reason.startswith("suppress"):
        return ()
    is_late = text(data, "severity") == "temporary"
    if is_late and kind is None:
        kind = Kind.SOFT
    code, said = text(data, "delivery-status", "code"), text(data, "delivery-status", "message")
    words = said or text(data, "delivery-status", "description") or reason
    if code.isdigit() and len(code) == 3 and not words.startswith(code):
        words = f"{code} {words}"
    return (
        event(
            text(data, "id"),
            kind,
            text(data, "recipient"),
            words,
            status=text(data, "delivery-status", "enhanced-code"),
            message_id=text(data, "message", "headers", "message-id"),
            counts=not is_late,
        ),
    )
