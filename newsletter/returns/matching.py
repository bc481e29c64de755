"""Which letter, and which reader, a report is about. What a report names is never believed by itself: anybody can write one.

A letter is known by its signed return path or its signed Message-ID: by what only those know who have had that very letter, or its
headers, before them. Called by ``receiving``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.parcels import read_message_id
from newsletter.delivery.paths import read_return_path
from newsletter.returns.judging import Kind
from newsletter.returns.originals import Original
from newsletter.returns.reports import Report
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.stopping import LETTERS


@dataclass(frozen=True)
class Keys:
    """What tells our own letters from made-up ones."""

    secret: str
    bounce_address: str

    def letter_at(self, address: str) -> LetterId | None:
        """The letter whose return path this is."""
        return read_return_path(address, self.bounce_address, self.secret) if self.bounce_address else None

    def letter_bearing(self, message_id: str) -> LetterId | None:
        return read_message_id(message_id, self.secret)


def keys(settings: Settings, secret: str) -> Keys:
    return Keys(secret, settings.bounce_address)


@dataclass(frozen=True)
class Match:
    """The letter, where one is known, and the reader it was written to, if it was one and still has that address."""

    letter: Letter | None
    reader: Subscriber | None


def by_envelope(s: Session, envelope_to: Iterable[str], keys: Keys) -> Letter | None:
    ids = [letter_id for address in envelope_to if (letter_id := keys.letter_at(address)) is not None]
    return s.get(Letter, ids[0]) if ids else None


def by_traces(s: Session, about: Original, keys: Keys) -> Letter | None:
    """By what the report quotes of the letter."""
    letter_id = keys.letter_at(about.return_path) or keys.letter_bearing(about.message_id)
    return s.get(Letter, letter_id) if letter_id is not None else None


def match(s: Session, letter: Letter) -> Match:
    """The reader is locked: what comes back in the same moment waits."""
    if letter.kind not in LETTERS:
        return Match(letter, None)
    reader = s.get(Subscriber, letter.reader_id, with_for_update=True)
    has_moved = reader is not None and reader.address_key != letter.address.casefold()
    return Match(letter, None if has_moved else reader)


def by_address(s: Session, address: str) -> Subscriber | None:
    """For reports whose signature says that they are a provider's own."""
    key = address.strip().casefold()
    return (
        s.scalar(select(Subscriber).where(Subscriber.address_key == key).with_for_update()) if key else None
    )


def about_one(reports: Sequence[Report], address: str) -> Report | None:
    """One letter has one recipient: the report that names them counts, else the mildest, for then it arrived somewhere."""
    named = [r for r in reports if address.casefold() in {name.casefold() for name in r.named}]
    mildest = (Kind.NOTHING, Kind.SOFT, Kind.BLOCK, Kind.HARD, Kind.COMPLAINT)
    return min(named or reports, key=lambda report: mildest.index(report.kind), default=None)
