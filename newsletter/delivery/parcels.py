"""What passes between the ledger, the composers and the transport. Composers (one per kind of letter) are handed in by app.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from newsletter.delivery.model import LetterId
from newsletter.delivery.seals import is_same, seal

_MINE = slice(16, 32)
"""Of a letter's signature; what comes before is for its return path."""


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
    content: bytes | Callable[[], bytes]
    """The message, or what joins it from its pieces: letters of one edition share most of theirs, so those that wait take little room,
    and one that is joined just before it leaves finds memory that is warm.
    """
    tidy: bool = False
    """Whoever wrote it vouches: only ASCII, CRLF and nothing else ends a line, the last one too, and none begins with a dot; and both
    addresses are printable ASCII without spaces or angle brackets. Looking through 30 KiB for that costs more than everything else a letter needs."""

    @property
    def message(self) -> bytes:
        """Joined anew each time, and each time the same."""
        return self.content if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True)
class Skip:
    """This letter is not to be sent, and why, in words for the books."""

    reason: str


Composer = Callable[[Session, Sequence[LetterView]], Mapping[LetterId, Parcel | Skip]]
"""Writes the letters of one kind. Reads in the session it is given, keeps nothing in it; a letter it leaves out is refused."""


def message_ids(domain: str, secret: str) -> Callable[[LetterView], str]:
    """Names letters: ``<41.1795348800.digest.0f3a9c5e7d21b604@example.org>``; ``domain`` is the sender's.

    The same for every copy of a letter, so that mail programs fold a second copy away. Signed, so that nobody who got a letter
    can make up a neighbour's.
    """
    sign = seal(secret, "letter")

    def message_id(letter: LetterView) -> str:
        id_ = letter.id
        return f"<{id_}.{_seconds(letter.created_at)}.{letter.kind}.{sign(str(id_))[_MINE]}@{domain}>"

    return message_id


def read_message_id(text: str, secret: str) -> LetterId | None:
    """The letter that bears this Message-ID; None for any other, and for a signature that is not ours."""
    local = text.strip(" <>").partition("@")[0]
    number, given = local.partition(".")[0], local.rpartition(".")[2]
    if not (local.isascii() and number.isdigit() and len(number) < 19):
        return None
    letter_id = LetterId(int(number))
    return letter_id if is_same(given, seal(secret, "letter")(str(letter_id))[_MINE]) else None


@lru_cache(maxsize=16)
def _seconds(at: datetime) -> int:
    """The letters of an edition share theirs."""
    return int(at.timestamp())
