"""What a composer must know of the readers it writes to: whether they still want it, and their choices.

Asked for each batch of letters, so the statements are made once, look at tables and bring bare rows.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session

from newsletter.subscribers.model import Follow, Subscriber, Subscription

SPARSE = 4
"""Readers of a batch are neighbours more often than not; then asking for all from the first to the last is far cheaper."""
Weights = tuple[tuple[str, int, int], ...]
"""(topic or author, its id, 2 followed | 1 more like this | -1 less)."""


class Served(NamedTuple):
    state: str
    pictures: bool
    clicks: bool
    has_list: bool = True
    """Whether they get the list that was asked about."""


class Batch:
    """Some readers, and how a statement asks for them: ``column`` is that of the reader's id."""

    def __init__(self, ids: Collection[int]) -> None:
        self._first, self._last = min(ids, default=0), max(ids, default=0)
        self._ids = None if self._last - self._first < SPARSE * len(ids) else list(ids)

    def of(self, s: Session, asked: "Asked", **more: Any) -> Sequence[tuple[Any, ...]]:
        """All rows of these readers; perhaps those of some others too."""
        if self._ids is None:
            return s.execute(asked.near, {"first": self._first, "last": self._last, **more}).all()
        return s.execute(asked.apart, {"ids": self._ids, **more}).all()


class Asked:
    """One question about readers, in both forms."""

    def __init__(self, rows: Select[Any], column: ColumnElement[int]) -> None:
        self.near = rows.where(column.between(bindparam("first"), bindparam("last")))
        self.apart = rows.where(column.in_(bindparam("ids", expanding=True)))


_people, _held, _follows = (table.__table__.c for table in (Subscriber, Subscription, Follow))
_PEOPLE = Asked(select(_people.id, _people.state, _people.pictures, _people.clicks), _people.id)
_ON_LIST = and_(_held.subscriber_id == _people.id, _held.list_id == bindparam("list_id"))
_KIND = (_people.state, _people.pictures, _people.clicks, _held.list_id.is_not(None))
_OF_LIST = Asked(
    select(func.aggregate_strings(cast(_people.id, String), ","), *_KIND)
    .select_from(Subscriber.__table__.outerjoin(Subscription.__table__, _ON_LIST))
    .group_by(*_KIND),
    _people.id,
)
"""Readers are of few kinds: one row for each, with the ids of all who are of it."""
_WEIGHTS = Asked(
    select(_follows.subscriber_id, _follows.subject, _follows.subject_id, _follows.weight),
    _follows.subscriber_id,
)


def served(s: Session, ids: Collection[int]) -> Mapping[int, Served]:
    """Those that are on record."""
    rows = Batch(ids).of(s, _PEOPLE)
    return {id_: Served(state, pictures, clicks) for id_, state, pictures, clicks in rows}


def served_by(s: Session, list_id: int, batch: Batch) -> Mapping[int, Served]:
    """Those that are on record, and whether they get that list."""
    found: dict[int, Served] = {}
    for ids, *kind in batch.of(s, _OF_LIST, list_id=list_id):
        found |= dict.fromkeys(map(int, ids.split(",")), Served(*kind))
    return found


def weights(s: Session, batch: Batch) -> Mapping[int, Weights]:
    """What readers follow, want more or less of; those who never said so are left out."""
    found: dict[int, Weights] = {}
    for reader_id, subject, subject_id, weight in batch.of(s, _WEIGHTS):
        found[reader_id] = (*found.get(reader_id, ()), (subject, subject_id, weight))
    return found
