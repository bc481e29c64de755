"""How a kind of letter stands, counted in the ledger. Read by editions (is it sent?) and by the desk (progress)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from newsletter.delivery.model import Letter, LetterState


@dataclass(frozen=True)
class Balance:
    """``total`` is the sum of the seven states. ``waiting`` are those with which something will still happen by itself."""

    total: int
    ready: int
    sending: int
    retry: int
    uncertain: int
    accepted: int
    refused: int
    skipped: int
    waiting: int
    doubts: int
    reasons: tuple[tuple[str, int], ...]
    """Why letters were skipped, and how many."""
    next_due_at: datetime | None
    """When the first of those that wait may leave; it may have passed."""
    last_written_at: datetime | None
    """When the last of those that wait was put in."""
    last_settled_at: datetime | None
    rate_per_minute: int
    """Accepted in the last 60 seconds."""


def balance(s: Session, kind: str, about_id: int, now: datetime) -> Balance:
    lately = (Letter.settled_at > now - timedelta(seconds=60)) & (Letter.state == LetterState.ACCEPTED)
    rows = s.execute(
        select(
            Letter.state,
            func.count().label("number"),
            func.sum(Letter.doubts).label("doubts"),
            func.max(Letter.settled_at).label("last"),
            func.sum(case((lately, 1), else_=0)).label("lately"),
            func.sum(case((Letter.settled_at.is_(None), 1), else_=0)).label("waiting"),
            func.min(case((Letter.settled_at.is_(None), Letter.due_at))).label("next_due"),
            func.max(case((Letter.settled_at.is_(None), Letter.created_at))).label("written"),
        )
        .where(Letter.kind == kind, Letter.about_id == about_id)
        .group_by(Letter.state)
    ).all()
    numbers = {LetterState(row.state): row.number for row in rows}
    return Balance(
        total=sum(numbers.values()),
        **{state.value: numbers.get(state, 0) for state in LetterState},
        waiting=sum(row.waiting for row in rows),
        doubts=sum(row.doubts for row in rows),
        reasons=_reasons(s, kind, about_id),
        next_due_at=min((row.next_due for row in rows if row.next_due), default=None),
        last_written_at=max((row.written for row in rows if row.written), default=None),
        last_settled_at=max((row.last for row in rows if row.last), default=None),
        rate_per_minute=sum(row.lately for row in rows),
    )


def waiting(s: Session, kind: str, about_id: int) -> bool:
    """Whether any letter is still on its way. One that was in doubt three times is not: it waits for a person."""
    mine = (Letter.kind == kind) & (Letter.about_id == about_id) & Letter.settled_at.is_(None)
    return s.scalar(select(Letter.id).where(mine).limit(1)) is not None


def _reasons(s: Session, kind: str, about_id: int) -> tuple[tuple[str, int], ...]:
    number = func.count().label("number")
    skipped = select(Letter.reply, number).where(
        Letter.kind == kind, Letter.about_id == about_id, Letter.state == LetterState.SKIPPED
    )
    found = s.execute(skipped.group_by(Letter.reply).order_by(number.desc(), Letter.reply))
    return tuple((row.reply or "no reason given", row.number) for row in found)
