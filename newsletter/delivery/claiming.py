"""Leases: a sender takes a batch of letters for itself for two minutes. Called by ``sending`` only.

A lease changes no state. A letter that is still marked as being sent when its lease has run out was in flight when its sender died:
it becomes uncertain, and is sent again unless it has been in doubt three times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, null, or_, select, text, update

from blog.db import Database
from newsletter.delivery.model import Letter, LetterId, LetterState
from newsletter.delivery.parcels import LetterView
from newsletter.delivery.pausing import stopped

LEASE = timedelta(seconds=120)
BATCH = 50
MOST_DOUBTS = 3
MESSAGE = "message"

_QUIET = {"synchronize_session": False}
AT_REST = (LetterState.READY, LetterState.RETRY, LetterState.UNCERTAIN)
_WAITING = text("letter.settled_at IS NULL")
# The very words of the index's condition: SQLite uses a partial index for nothing else.


@dataclass(frozen=True)
class Claimed:
    """A leased letter, and how it stood when it was claimed."""

    letter: LetterView
    state: LetterState
    attempts: int
    doubts: int


def is_anything_due(db: Database, now: datetime) -> bool:
    """A cheap look, which takes no lock: is there a free letter, or one to be settled, and may we send?"""
    with db.reading() as s:
        lost = and_(Letter.state == LetterState.SENDING, Letter.lease_until < now)
        return (
            s.scalar(
                select(Letter.id)
                .where(_WAITING, Letter.relay == "", or_(_is_free(now), lost), _may_go())
                .limit(1)
            )
            is not None
        )


def claim(db: Database, owner: str, now: datetime, most: int = BATCH) -> tuple[Claimed, ...]:
    """Leases the most urgent letters that are due and free. Several senders never get the same one."""
    with db.transaction() as s:
        rows = s.execute(_due(now).limit(most)).all()
        if rows:
            lease = {"lease_owner": owner, "lease_until": now + LEASE}
            ids = [row.id for row in rows]
            s.execute(
                update(Letter).where(Letter.id.in_(ids)).values(lease),
                execution_options=_QUIET,
            )
    return tuple(
        Claimed(
            LetterView(LetterId(r.id), r.kind, r.about_id, r.reader_id, r.address, r.payload, r.created_at),
            LetterState(r.state), r.attempts, r.doubts,
        )
        for r in rows
    )  # fmt: skip


def renew(db: Database, owner: str, now: datetime) -> None:
    """Every lease of ``owner`` lasts from now. A letter that is just being written about is left alone: that renews or ends its lease."""
    with db.transaction() as s:
        mine = _unlocked(Letter.lease_owner == owner)
        s.execute(
            update(Letter).where(Letter.id.in_(mine)).values(lease_until=now + LEASE),
            execution_options=_QUIET,
        )


def release(db: Database, owner: str) -> None:
    """Gives back what ``owner`` leased and did not send."""
    with db.transaction() as s:
        unsent = _unlocked(Letter.lease_owner == owner, Letter.state.in_(AT_REST))
        s.execute(
            update(Letter).where(Letter.id.in_(unsent)).values(lease_owner=None, lease_until=None),
            execution_options=_QUIET,
        )


def doubt_abandoned(db: Database, now: datetime) -> None:
    """What died in flight becomes uncertain; what has been in doubt too often stays so for a person to see."""
    last = Letter.doubts + 1 >= MOST_DOUBTS
    with db.transaction() as s:
        abandoned = _unlocked(Letter.state == LetterState.SENDING, Letter.lease_until < now)
        s.execute(
            update(Letter)
            .where(Letter.id.in_(abandoned))
            .values(
                state=LetterState.UNCERTAIN,
                doubts=Letter.doubts + 1,
                settled_at=case((last, now), else_=None),
                payload=case((last, null()), else_=Letter.payload),
                lease_owner=None,
                lease_until=None,
                reply="The sender stopped before the server's answer was written down.",
            ),
            execution_options=_QUIET,
        )


def _is_free(now: datetime) -> ColumnElement[bool]:
    unleased = or_(Letter.lease_until.is_(None), Letter.lease_until < now)
    return and_(Letter.state.in_(AT_REST), Letter.settled_at.is_(None), Letter.due_at <= now, unleased)


def _may_go() -> ColumnElement[bool]:
    """A pause holds back what goes to readers, not the words to one person: an alarm about the pause would wait for its end."""
    return or_(Letter.kind == MESSAGE, ~stopped())


def _due(now: datetime) -> Select[Any]:
    columns = Letter.__table__.c
    return (
        select(
            columns.id, columns.kind, columns.about_id, columns.reader_id, columns.address, columns.payload, columns.created_at,
            columns.state, columns.attempts, columns.doubts,
        )
        .where(_WAITING, Letter.relay == "", _is_free(now), _may_go())
        .order_by(Letter.priority, Letter.due_at, Letter.id)
        .with_for_update(skip_locked=True)
    )  # fmt: skip


def _unlocked(*which: ColumnElement[bool]) -> Select[int]:
    """Waits for nobody: a sender that waits for rows while it holds others could wait for one that waits for it."""
    return select(Letter.id).where(_WAITING, *which).with_for_update(skip_locked=True)
