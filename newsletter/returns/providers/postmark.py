"""Postmark's webhooks for bounces and spam complaints. It signs nothing: the password in the address given to it is the proof."""

import hmac

from newsletter.returns.judging import Kind
from newsletter.returns.providers.reading import Fields, Forged, event, text
from newsletter.returns.receiving import Event

DEAD = ("HardBounce", "BadEmailAddress")
NOTHING = (
    "AutoResponder",
    "AddressChange",
    "OpenRelayTest",
    "TemplateRenderingFailed",
    "InboundError",
    "Subscribe",
)
COMPLAINT = ("SpamComplaint",)
BLOCK = ("SpamNotification", "Blocked", "DMARCPolicy", "VirusNotification", "SMTPApiError")


def check(password: str, secret: str) -> None:
    """Raises Forged."""
    if not hmac.compare_digest(password.encode(), secret.encode()):
        raise Forged


def events(fields: Fields) -> tuple[Event, ...]:
    kind = _kind(fields)
    if kind is Kind.NOTHING:
        return ()
    return (
        event(
            text(fields, "ID"),
            kind,
            text(fields, "Email"),
            text(fields, "Details") or text(fields, "Description"),
            message_id=text(fields, "Metadata", "letter"),
            counts=text(fields, "Type") != "Transient",
        ),
    )


def _kind(fields: Fields) -> Kind | None:
    """Postmark's own type counts where it is plain, the server's words where it is not."""
    record, kind = text(fields, "RecordType"), text(fields, "Type")
    if record == "SpamComplaint" or kind in COMPLAINT:
        return Kind.COMPLAINT
    if record != "Bounce" or kind in NOTHING:
        return Kind.NOTHING
    if kind in BLOCK:
        return Kind.BLOCK
    if kind in DEAD:
        said = event("", None, "", text(fields, "Details") or "no words").report.kind
        return Kind.BLOCK if said is Kind.BLOCK else Kind.HARD
    return Kind.SOFT
