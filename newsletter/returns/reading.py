"""What came back, as the desk shows it: frozen views, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.model import Letter
from newsletter.returns.counting import AT_ONCE
from newsletter.returns.judging import Kind
from newsletter.returns.model import Returned
from newsletter.subscribers.model import Subscriber

MOST = 200
PART = 1000
"""Rows of one statement where all are read."""
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Back:
    """One report. ``address`` and ``subscriber_id`` are empty where the reader was erased."""

    kind: Kind
    code: str
    words: str
    at: datetime
    via: str
    stopped: bool
    is_warning: bool
    subscriber_id: int | None
    address: str
    edition_id: int | None
    """The edition whose letter it was."""


@dataclass(frozen=True)
class Backs:
    items: tuple[Back, ...]
    numbers: dict[Kind, int]
    """By kind, of the last thirty days; of one edition, all that ever came."""


def listing(db: Database, at: datetime, kind: str = "", edition_id: int = 0) -> Backs:
    """The newest 200; an empty ``kind`` and the edition 0 mean all."""
    with db.reading() as s:
        lately = _letters_of(edition_id) if edition_id else (Returned.at > at - LATELY,)
        numbers = _numbers(s, *lately)
        rows = s.execute(
            _chosen(kind, edition_id).order_by(Returned.at.desc(), Returned.id.desc()).limit(MOST)
        )
        return Backs(tuple(map(_back, rows)), numbers)


def every(db: Database, kind: str = "", edition_id: int = 0) -> Iterator[Back]:
    """All that is on record, oldest first."""
    last = 0
    while True:
        with db.reading() as s:
            part = _chosen(kind, edition_id).where(Returned.id > last).order_by(Returned.id).limit(PART)
            rows = s.execute(part).all()
        yield from map(_back, rows)
        if len(rows) < PART:
            return
        last = rows[-1].Returned.id


def of_edition(db: Database, edition_id: int) -> dict[Kind, int]:
    """How much came back of its accepted letters, by kind."""
    with db.reading() as s:
        return _numbers(s, *_letters_of(edition_id), Returned.via != AT_ONCE)


def of_reader(s: Session, subscriber_id: int, most: int) -> tuple[Back, ...]:
    """What came back of a reader's letters and ended nothing: what did stands in their history, what was refused with its letter."""
    mine = _chosen().where(
        Returned.subscriber_id == subscriber_id, Returned.via != AT_ONCE, Returned.stopped.is_(False) | (Returned.kind == "block")
    )  # fmt: skip
    rows = s.execute(mine.order_by(Returned.at.desc(), Returned.id.desc()).limit(most))
    return tuple(map(_back, rows))


def _chosen(kind: str = "", edition_id: int = 0) -> Select[*tuple[Any, ...]]:
    chosen: Select[*tuple[Any, ...]] = (
        select(Returned, Subscriber.address, Letter.kind.label("letter"), Letter.about_id)
        .join(Subscriber, Subscriber.id == Returned.subscriber_id, isouter=True)
        .join(Letter, Letter.id == Returned.letter_id, isouter=True)
    )
    if kind in set(Kind):
        chosen = chosen.where(Returned.kind == kind)
    return chosen.where(*_letters_of(edition_id)) if edition_id else chosen


def _letters_of(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    its = select(Letter.id).where(Letter.kind == "digest", Letter.about_id == edition_id)
    return (Returned.letter_id.in_(its),)


def _numbers(s: Session, *where: ColumnElement[bool]) -> dict[Kind, int]:
    counted = s.execute(select(Returned.kind, func.count()).where(*where).group_by(Returned.kind))
    return {Kind(name): number for name, number in counted}


def _back(found: Row[Any]) -> Back:
    row, address = found.Returned, found.address
    return Back(
        Kind(row.kind),
        row.code,
        row.words,
        row.at,
        row.via,
        row.stopped,
        not row.counts,
        row.subscriber_id if address else None,
        address or "",
        found.about_id if found.letter == "digest" else None,
    )
