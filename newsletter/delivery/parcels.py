"""What passes between the ledger, the composers and the transport. Composers (one per kind of letter) are handed in by app.py."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from newsletter.delivery.model import LetterId
from newsletter.delivery.paths import signature


class LetterView(NamedTuple):
    """What a composer is told about a letter. The ids are in the composer's own terms."""

    id: LetterId
    kind: str
    about_id: int
    reader_id: int
    address: str
    payload: Mapping[str, Any] | None
    created_at: datetime


class Parcel(NamedTuple):
    """A mail ready for the wire: bare envelope addresses, and the whole message with CRLF line ends."""

    sender: str
    recipient: str
    message: bytes
    tidy: bool = False
    """Whoever wrote it vouches: only ASCII, CRLF and nothing else ends a line, the last one too, and none begins with a dot.
    Looking through 30 KiB for that costs more than everything else a letter needs."""


@dataclass(frozen=True)
class Skip:
    """This letter is not to be sent, and why, in words for the books."""

    reason: str


Composer = Callable[[Session, Sequence[LetterView]], Mapping[LetterId, Parcel | Skip]]
"""Writes the letters of one kind. Reads in the session it is given, keeps nothing in it; a letter it leaves out is refused."""


def message_id(letter: LetterView, domain: str, secret: str) -> str:
    """``<41.1795348800.digest.k3j5m7q2aaaa@example.org>``; ``domain`` is the sender's.

    The same for every copy of a letter, so that mail programs fold a second copy away. Signed, so that nobody who got a letter
    can make up a neighbour's.
    """
    named = f"{letter.id}.{int(letter.created_at.timestamp())}.{letter.kind}"
    return f"<{named}.{_own(secret, named)}@{domain}>"


def read_message_id(text: str, secret: str) -> LetterId | None:
    """The letter that bears this Message-ID; None for any other, and for a signature that is not ours."""
    local = text.strip(" <>").partition("@")[0]
    named, _, given = local.rpartition(".")
    number = named.partition(".")[0]
    if not (local.isascii() and number.isdigit() and len(number) < 19):
        return None
    is_ours = hmac.compare_digest(given.encode(), _own(secret, named).encode())
    return LetterId(int(number)) if is_ours else None


def _own(secret: str, named: str) -> str:
    return signature(secret, "message id", named)
