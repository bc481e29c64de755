"""The row of an import while something is done about it: claimed by one process, moved on chunk by chunk. Called by ``running``."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.moving.model import BUSY, ImportRun, RunId, RunState

CHUNK = 500
"""Lines of one transaction."""
GRACE = timedelta(seconds=60)
"""A process that died is waited for so much longer than it meant to work."""


@dataclass(frozen=True)
class Held:
    """An import that this process works on, and until when."""

    id: RunId
    state: RunState
    position: int
    content: bytes
    at: datetime
    began: float
    seconds: float

    @property
    def is_over(self) -> bool:
        return monotonic() - self.began >= self.seconds

    @property
    def now(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self.began)


def claim(db: Database, at: datetime, seconds: float) -> Held | None:
    """The oldest import with something to do that nobody works on."""
    found = find_free(db, at)
    if found is None:
        return None
    until = at + timedelta(seconds=seconds) + GRACE
    with db.transaction() as s:
        done = s.execute(update(ImportRun).where(ImportRun.id == found, *_free(at)).values(busy_until=until))
        assert isinstance(done, CursorResult)
        if not done.rowcount:
            return None
        run = s.get_one(ImportRun, found)
        content = s.scalars(select(ImportRun.content).where(ImportRun.id == found)).one() or b""
        return Held(RunId(run.id), RunState(run.state), run.position, content, at, monotonic(), seconds)


def find_free(db: Database, at: datetime) -> int | None:
    """The oldest import with something to do that nobody works on, not claimed."""
    with db.reading() as s:
        return s.scalar(select(ImportRun.id).where(*_free(at)).order_by(ImportRun.id).limit(1))


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    unclaimed = or_(ImportRun.busy_until.is_(None), ImportRun.busy_until < at)
    return (ImportRun.state.in_(BUSY), unclaimed)


def release(db: Database, held: Held) -> None:
    with db.transaction() as s:
        s.execute(update(ImportRun).where(ImportRun.id == held.id).values(busy_until=None))


def row(s: Session, held: Held, position: int) -> ImportRun | None:
    """The row, locked; None where it was stopped, or moved on by another process, since ``position``."""
    found = s.get(ImportRun, held.id, with_for_update=True)
    stands = found is not None and found.state == held.state and found.position == position
    return found if stands else None


def write(run: ImportRun, **more: Any) -> None:
    """Puts words into the report. A changed dict would not be noticed, so it is a new one."""
    run.report = {**run.report, **more}


def add(run: ImportRun, name: str, counts: dict[str, int]) -> None:
    """Adds to the counts that stand under this name."""
    stand = run.report.get(name, {})
    write(run, **{name: {key: stand.get(key, 0) + counts.get(key, 0) for key in {**stand, **counts}}})
