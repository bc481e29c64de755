"""What passes between the ledger, the composers and the transport. Composers (one per kind of letter) are handed in by app.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from newsletter.delivery.model import LetterId


@dataclass(frozen=True)
class LetterView:
    """What a composer is told about a letter. The ids are in the composer's own terms."""

    id: LetterId
    kind: str
    about_id: int
    reader_id: int
    address: str
    payload: Mapping[str, Any] | None
    created_at: datetime


@dataclass(frozen=True)
class Parcel:
    """A mail ready for the wire: bare envelope addresses, and the whole message with CRLF line ends."""

    sender: str
    recipient: str
    message: bytes


@dataclass(frozen=True)
class Skip:
    """This letter is not to be sent, and why, in words for the books."""

    reason: str


Composer = Callable[[Session, Sequence[LetterView]], Mapping[LetterId, Parcel | Skip]]
"""Writes the letters of one kind. Reads in the session it is given, keeps nothing in it; a letter it leaves out is refused."""


def message_id(letter: LetterView, domain: str) -> str:
    """The same for every copy of a letter, so that mail programs fold a second copy away. ``domain`` is the sender's."""
    return f"<{letter.id}.{int(letter.created_at.timestamp())}.{letter.kind}@{domain}>"
