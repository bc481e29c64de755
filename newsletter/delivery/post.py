"""The letters of one reader, for the page that the desk keeps of them; and who of many still has one coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.delivery.model import WAITING, Letter, LetterId, LetterState

TO_READERS = ("digest", "story", "correction", "confirmation", "welcome", "notice")
"""The kinds whose ``reader_id`` is a reader's number; other kinds count in terms of their own."""


@dataclass(frozen=True)
class Posted:
    id: LetterId
    kind: str
    about_id: int
    state: LetterState
    at: datetime
    """When it came to its end, or was written where it still waits."""
    reply: str
    """The mail server's words, or why it was skipped."""


def letters_of(s: Session, reader_id: int, most: int = 50) -> tuple[Posted, ...]:
    """Newest first."""
    mine = select(Letter).where(Letter.reader_id == reader_id, Letter.kind.in_(TO_READERS))
    return tuple(_posted(row) for row in s.scalars(mine.order_by(Letter.id.desc()).limit(most)))


def awaiting(s: Session, reader_ids: Sequence[int]) -> Sequence[int]:
    """Those of the readers who have a letter that has not come to its end."""
    theirs = Letter.reader_id.in_(reader_ids) & Letter.kind.in_(TO_READERS) & Letter.state.in_(WAITING)
    return s.scalars(select(Letter.reader_id).where(theirs, Letter.settled_at.is_(None)).distinct()).all()


def _posted(row: Letter) -> Posted:
    return Posted(
        LetterId(row.id), row.kind, row.about_id, LetterState(row.state), row.settled_at or row.created_at, row.reply
    )  # fmt: skip
