"""The letter box: whoever wants a mail sent puts a letter in, in the same transaction as the deed that called for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, exists, false, literal, null, select, true, update
from sqlalchemy.orm import Session

from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import EDITION, Letter, LetterState

_AT_REST = (LetterState.READY, LetterState.RETRY, LetterState.UNCERTAIN)


def put(
    s: Session,
    kind: str,
    about_id: int,
    reader_id: int,
    address: str,
    at: datetime,
    priority: int = EDITION,
    payload: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    relay: str = "",
) -> None:
    """One letter, not to leave before ``due_at``. Does nothing when this reader's letter about this exists already."""
    row = insert_into(s, Letter).values(
        kind=kind,
        about_id=about_id,
        reader_id=reader_id,
        address=address,
        payload=null() if payload is None else dict(payload),
        priority=priority,
        created_at=at,
        due_at=due_at or at,
        relay=relay,
    )
    s.execute(row.on_conflict_do_nothing())


def put_all(
    s: Session,
    kind: str,
    about_id: int,
    readers: Select[int, str],
    at: datetime,
    priority: int = EDITION,
    relay: str = "",
) -> int:
    """A letter for each (reader id, address) that ``readers`` selects, in one statement; returns how many are new.

    In the order of the readers, so that two who write to the same ones at once never wait for each other. Where no letter about it
    is there yet, none is looked for row by row: with PostgreSQL that would be a quarter of the time.
    """
    chosen = readers.subquery()
    reader_id, address = chosen.c
    rows = select(
        literal(kind), literal(about_id), reader_id, address, literal(LetterState.READY.value), literal(priority),
        literal(at, Letter.created_at.type), literal(at, Letter.due_at.type), literal(0), literal(0), literal(""), literal(relay), false(),
    ).where(true()).order_by(reader_id)  # fmt: skip
    columns = [
        "kind", "about_id", "reader_id", "address", "state", "priority", "created_at", "due_at", "attempts", "doubts", "reply", "relay", "paced",
    ]  # fmt: skip
    writing = insert_into(s, Letter).from_select(columns, rows, include_defaults=False)
    if s.scalar(select(exists().where(Letter.kind == kind, Letter.about_id == about_id))):
        writing = writing.on_conflict_do_nothing()
    done = s.execute(writing, execution_options={"preserve_rowcount": True})
    assert isinstance(done, CursorResult)
    return done.rowcount


def again(
    s: Session,
    kind: str,
    about_id: int,
    reader_id: int,
    address: str,
    at: datetime,
    priority: int = EDITION,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """As ``put``, but a letter that has come to its end is sent once more, as a new mail. One that still waits is left alone."""
    put(s, kind, about_id, reader_id, address, at, priority, payload)
    mine = (Letter.kind == kind) & (Letter.about_id == about_id) & (Letter.reader_id == reader_id)
    fresh = {
        "state": LetterState.READY,
        "attempts": 0,
        "doubts": 0,
        "code": None,
        "reply": "",
        "settled_at": None,
        "paced": False,
    }
    s.execute(
        update(Letter)
        .where(mine, Letter.settled_at.is_not(None))
        .values(
            address=address,
            created_at=at,
            due_at=at,
            priority=priority,
            payload=null() if payload is None else dict(payload),
        )
        .values(fresh)
        .execution_options(synchronize_session=False)
    )


def recall(s: Session, kinds: Sequence[str], reader_id: int, reason: str, at: datetime) -> int:
    """Takes back a reader's letters of these kinds that have not left yet; they are skipped for ``reason``. Returns how many."""
    done = s.execute(
        update(Letter)
        .where(
            Letter.kind.in_(kinds),
            Letter.reader_id == reader_id,
            Letter.state.in_(_AT_REST),
            Letter.settled_at.is_(None),
        )
        .values(
            state=LetterState.SKIPPED,
            reply=reason,
            settled_at=at,
            payload=null(),
            lease_owner=None,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount


def give_back(
    s: Session, kinds: Sequence[str], reader_id: int, reason: str, since: datetime, at: datetime
) -> int:
    """What was recalled for ``reason`` at ``since`` or later is ready again. Returns how many."""
    done = s.execute(
        update(Letter)
        .where(
            Letter.kind.in_(kinds),
            Letter.reader_id == reader_id,
            Letter.state == LetterState.SKIPPED,
            Letter.reply == reason,
            Letter.settled_at >= since,
        )
        .values(state=LetterState.READY, reply="", settled_at=None, due_at=at, paced=False)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount
