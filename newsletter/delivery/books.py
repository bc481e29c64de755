"""How a kind of letter stands, counted in the ledger. Read by editions (is it sent?) and by the desk (progress).

A million letters take a second to count. So what was counted of a large edition is kept, with its moment, until the next count
(``editions.counting``); everything else is counted when it is asked for.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, literal_column, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import Letter, LetterCount, LetterState
from newsletter.delivery.sets import is_postgres


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
    counted_at: datetime
    """All of it is as it stood then."""


@dataclass(frozen=True)
class Kept:
    """When, how long and with what left to wait for something was counted."""

    counted_at: datetime
    took: timedelta
    waiting: int


def balance(s: Session, kind: str, about_id: int, now: datetime) -> Balance:
    """As it was kept, else as it stands now."""
    kept = _counted(s, kind, about_id)
    return _from_figures(kept.figures) if kept else count(s, kind, about_id, now)


def states(s: Session, kind: str, ids: Sequence[int]) -> Mapping[int, Mapping[LetterState, int]]:
    """How many letters about each of these stand how: as it was kept, else as it stands now."""
    rows = s.scalars(select(LetterCount).where(LetterCount.kind == kind, LetterCount.about_id.in_(ids)))
    found = {
        row.about_id: {state: int(row.figures[state]) for state in LetterState} for row in rows if row.figures
    }
    counted = (
        select(Letter.about_id, Letter.state, func.count())
        .where(Letter.kind == kind, Letter.about_id.in_([one for one in ids if one not in found]))
        .group_by(Letter.about_id, Letter.state)
    )
    for about_id, state, number in s.execute(counted):
        found.setdefault(about_id, {})[LetterState(state)] = number
    return found


def minutes(s: Session, kind: str, about_id: int) -> tuple[tuple[datetime, int], ...]:
    """In which minutes letters were accepted, and how many: as it was kept, else as it stands now."""
    kept = _counted(s, kind, about_id)
    if kept:
        return tuple((datetime.fromisoformat(minute), number) for minute, number in kept.figures["minutes"])
    return _minutes(s, kind, about_id)


def keep(db: Database, kind: str, about_id: int, now: datetime) -> None:
    """Counts, and keeps it, unless somebody else has, or a person has changed meanwhile what was counted."""
    began = time.perf_counter()
    with db.reading() as s:
        before = s.execute(select(*_STAMP).where(_of(kind, about_id))).one_or_none()
        counted = count(s, kind, about_id, now)
        paces = [(minute.isoformat(), number) for minute, number in _minutes(s, kind, about_id)]
    figures = {name: _plain(value) for name, value in asdict(counted).items()} | {"minutes": paces}
    took = round((time.perf_counter() - began) * 1000)
    row = {"counted_at": now, "took_ms": took, "waiting": counted.waiting, "figures": figures}
    with db.transaction() as s:
        if before is None:
            first = insert_into(s, LetterCount).values(kind=kind, about_id=about_id, **row)
            s.execute(first.on_conflict_do_nothing())
        else:
            unchanged = [column == value for column, value in zip(_STAMP, before, strict=True)]
            s.execute(update(LetterCount).where(_of(kind, about_id), *unchanged).values(**row))


def kept(s: Session, kind: str) -> Mapping[int, Kept]:
    columns = (LetterCount.about_id, LetterCount.counted_at, LetterCount.took_ms, LetterCount.waiting)
    rows = s.execute(select(*columns).where(LetterCount.kind == kind, LetterCount.waiting >= 0))
    return {
        row.about_id: Kept(row.counted_at, timedelta(milliseconds=row.took_ms), row.waiting) for row in rows
    }


def forget(s: Session, kind: str, about_id: int, at: datetime) -> None:
    """A person has changed what was counted, and shall see it. A mark stays, so that a count that is under way now is not kept."""
    mark = {"counted_at": at, "took_ms": secrets.randbits(31), "waiting": -1, "figures": {}}
    first = insert_into(s, LetterCount).values(kind=kind, about_id=about_id, **mark)
    s.execute(first.on_conflict_do_update(index_elements=["kind", "about_id"], set_=mark))


def count(s: Session, kind: str, about_id: int, now: datetime) -> Balance:
    """As the ledger has it at this moment."""
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
        counted_at=now,
    )


def _counted(s: Session, kind: str, about_id: int) -> LetterCount | None:
    found = s.get(LetterCount, (kind, about_id))
    return found if found and found.figures else None


def _of(kind: str, about_id: int) -> ColumnElement[bool]:
    return (LetterCount.kind == kind) & (LetterCount.about_id == about_id)


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


def _minutes(s: Session, kind: str, about_id: int) -> tuple[tuple[datetime, int], ...]:
    if is_postgres(s):
        minute: ColumnElement[Any] = func.date_trunc("minute", Letter.settled_at)
    else:
        minute = func.substr(Letter.settled_at, 1, len("2026-11-30 07:00"), type_=String)
    accepted = (Letter.kind == kind, Letter.about_id == about_id, Letter.state == LetterState.ACCEPTED)
    counted = select(minute.label("minute"), func.count()).where(*accepted, Letter.settled_at.is_not(None))
    found = s.execute(counted.group_by(literal_column("minute"))).all()
    return tuple(sorted((_moment(at), number) for at, number in found))


def _moment(minute: datetime | str) -> datetime:
    if isinstance(minute, str):
        return datetime.fromisoformat(minute).replace(tzinfo=UTC)
    return minute.astimezone(UTC)


_STAMP = (LetterCount.counted_at, LetterCount.took_ms, LetterCount.waiting)
_MOMENTS = ("next_due_at", "last_written_at", "last_settled_at", "counted_at")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _from_figures(figures: Mapping[str, Any]) -> Balance:
    moments = {name: datetime.fromisoformat(figures[name]) for name in _MOMENTS if figures[name]}
    reasons = tuple((reason, number) for reason, number in figures["reasons"])
    names = {field.name for field in fields(Balance)}
    known = {name: value for name, value in figures.items() if name in names}
    return Balance(**known | moments | {"reasons": reasons})
