"""What a person may do to the letters of one deed while they go out: stop those that have not left, try again what was refused.

Called by the desk. Nothing that was accepted is ever sent again by it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, null, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import books
from newsletter.delivery.model import Letter, LetterId, LetterState

AT_REST = (LetterState.READY, LetterState.RETRY, LetterState.UNCERTAIN)
ENDED_BADLY = (LetterState.REFUSED, LetterState.UNCERTAIN)
LAST = 50
_QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Line:
    """One letter that came to an end or was put off, without its address."""

    letter_id: LetterId
    reader_id: int
    state: LetterState
    at: datetime
    code: int | None
    reply: str


def stop(s: Session, kind: str, about_id: int, by: str, at: datetime) -> int:
    """Whatever has not left is skipped, with who stopped it. What is on the wire comes to its end. Returns how many."""
    books.forget(s, kind, about_id, at)
    waiting = update(Letter).where(
        _of(kind, about_id), Letter.state.in_(AT_REST), Letter.settled_at.is_(None)
    )
    done = s.execute(
        waiting.values(
            state=LetterState.SKIPPED, reply=f"stopped by {by}"[:300], settled_at=at, payload=null(),
            lease_owner=None,
        ),
        execution_options=_QUIET,
    )  # fmt: skip
    assert isinstance(done, CursorResult)
    return done.rowcount


def retry(db: Database, kind: str, about_id: int, code: int | None, reply: str, at: datetime) -> int:
    """Letters that were refused, or stayed in doubt, with these very words of the server are ready again. Returns how many."""
    with db.transaction() as s:
        books.forget(s, kind, about_id, at)
        same = (Letter.code == code) if code is not None else Letter.code.is_(None)
        ended = update(Letter).where(
            _of(kind, about_id),
            Letter.state.in_(ENDED_BADLY),
            Letter.settled_at.is_not(None),
            same,
            Letter.reply == reply,
        )
        done = s.execute(
            ended.values(
                state=LetterState.READY, attempts=0, doubts=0, settled_at=None, due_at=at, paced=False
            ),
            execution_options=_QUIET,
        )
        assert isinstance(done, CursorResult)
        return done.rowcount


def log(db: Database, kind: str, about_id: int) -> tuple[Line, ...]:
    """The letters that came to an end last, newest first, the accepted ones too."""
    settled = select(Letter).where(_of(kind, about_id), Letter.settled_at.is_not(None))
    with db.reading() as s:
        rows = s.scalars(settled.order_by(Letter.settled_at.desc(), Letter.id.desc()).limit(LAST))
        return tuple(
            Line(LetterId(row.id), row.reader_id, LetterState(row.state), row.settled_at, row.code, row.reply)
            for row in rows
            if row.settled_at
        )


def _of(kind: str, about_id: int) -> ColumnElement[bool]:
    return (Letter.kind == kind) & (Letter.about_id == about_id)
