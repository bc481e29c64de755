"""Saved segments: a filter under a name. It is a question, so its answer is always of today. Called by the desk, bulk acts and figures."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NewType

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, Invalid, NotFound
from newsletter.subscribers import filtering
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Segment

SegmentId = NewType("SegmentId", int)
LONGEST = 80


@dataclass(frozen=True)
class SegmentView:
    id: SegmentId
    name: str
    filter: ReaderFilter
    readers: int
    """So many match at this moment."""
    created_at: datetime
    by: str

    @property
    def words(self) -> dict[str, str]:
        """The filter as an address line writes it."""
        return filtering.written(self.filter)


def save(db: Database, name: str, wanted: ReaderFilter, by: str, at: datetime) -> SegmentId:
    """Raises Invalid for no name or no filter, Conflict for a name that is taken."""
    name = _name(name)
    query = filtering.written(wanted)
    if not query:
        raise Invalid("Filter the readers first: a segment of everybody is the whole list.")
    try:
        with db.transaction() as s:
            made = Segment(name=name, query=query, created_at=at, by=by[:120])
            s.add(made)
            s.flush()
            return SegmentId(made.id)
    except IntegrityError:
        raise _taken(name) from None


def rename(db: Database, segment_id: int, name: str) -> None:
    """Raises NotFound, Invalid, Conflict."""
    name = _name(name)
    try:
        with db.transaction() as s:
            _get(s, segment_id).name = name
    except IntegrityError:
        raise _taken(name) from None


def remove(db: Database, segment_id: int) -> str:
    """Its readers stay as they are. Returns the name. Raises NotFound."""
    with db.transaction() as s:
        gone = _get(s, segment_id)
        s.delete(gone)
        return gone.name


def listing(db: Database, at: datetime, zone: tzinfo) -> tuple[SegmentView, ...]:
    """By name, each counted."""
    with db.reading() as s:
        rows = s.scalars(select(Segment).order_by(func.lower(Segment.name), Segment.id))
        return tuple(_view(s, row, at, zone) for row in rows)


def names(db: Database) -> tuple[tuple[SegmentId, str], ...]:
    with db.reading() as s:
        rows = s.execute(select(Segment.id, Segment.name).order_by(func.lower(Segment.name), Segment.id))
        return tuple((SegmentId(row.id), row.name) for row in rows)


def find(s: Session, segment_id: int) -> ReaderFilter | None:
    row = s.get(Segment, segment_id)
    return filtering.read(row.query) if row else None


def look_up(db: Database, segment_id: int) -> tuple[str, ReaderFilter]:
    """Name and filter. Raises NotFound."""
    with db.reading() as s:
        row = s.get(Segment, segment_id)
        if row is None:
            raise NotFound("There is no such segment any more.")
        return row.name, filtering.read(row.query)


def _view(s: Session, row: Segment, at: datetime, zone: tzinfo) -> SegmentView:
    wanted = filtering.read(row.query)
    matching = filtering.chosen(wanted, at, zone).subquery()
    readers = s.scalar(select(func.count()).select_from(matching)) or 0
    return SegmentView(SegmentId(row.id), row.name, wanted, readers, row.created_at, row.by)


def _get(s: Session, segment_id: int) -> Segment:
    row = s.get(Segment, segment_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such segment any more.")
    return row


def _name(typed: str) -> str:
    name = " ".join(typed.replace("\0", "").split())
    if not name:
        raise Invalid("Give the segment a name.")
    if len(name) > LONGEST:
        raise Invalid(f"A segment's name can have {LONGEST} characters.")
    return name


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a segment “{name}” already. Choose another name.")
