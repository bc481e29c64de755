"""A digest as our composers write it, and a way to hand it over."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.transport import Transport, open_transport
from newsletter.delivery.verdicts import Answer
from newsletter.editions.envelope import Form, Words, slot

LEAVE = f"https://sky.example.org/leave/{slot('leave')}"
WORDS = Words(
    "Ein Komet über Köln ☄", f"Schön war’s.\nLeave: {LEAVE}\n", f'<p>Schön.</p><a href="{LEAVE}">Leave</a>'
)
LEAVES = "https://sky.example.org/leave/abc"


def digest(
    at: datetime, recipient: str = "galileo@example.org", sender: str = "bounces+41.x@example.org"
) -> Parcel:
    form = Form(
        WORDS, "The Daily Sky, Köln <digest@example.org>", {"List-Id": "Sky <sky.example.org>"}, LEAVE
    )
    message_id = f"<{recipient.partition('@')[0]}.41@example.org>"
    own = {"to": recipient, "date": format_datetime(at), "message-id": message_id, "leave": "abc"}
    return Parcel(sender, recipient, form.fill({name: value.encode() for name, value in own.items()}))


def by_provider(url: str) -> Provider:
    opened = open_transport(url)
    assert isinstance(opened, Provider)
    return opened


def hand_over(transport: Transport, *parcels: Parcel) -> Sequence[Answer]:
    line = transport.connect()
    try:
        return line.send_all(parcels, lambda: None)
    finally:
        line.close()
