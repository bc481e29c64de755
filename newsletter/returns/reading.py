"""What came back, as the desk shows it: frozen views, the newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from blog.db import Database
from newsletter.delivery.model import Letter
from newsletter.returns.judging import Kind
from newsletter.returns.model import Returned
from newsletter.subscribers.model import Subscriber

MOST = 200
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
    """By kind, of the last thirty days."""


def listing(db: Database, at: datetime, kind: str = "") -> Backs:
    """The newest 200; an empty ``kind`` means all."""
    with db.reading() as s:
        counted = s.execute(
            select(Returned.kind, func.count()).where(Returned.at > at - LATELY).group_by(Returned.kind)
        )
        numbers = {Kind(name): number for name, number in counted}
        chosen = (
            select(Returned, Subscriber.address, Letter.kind, Letter.about_id)
            .join(Subscriber, Subscriber.id == Returned.subscriber_id, isouter=True)
            .join(Letter, Letter.id == Returned.letter_id, isouter=True)
            .order_by(Returned.at.desc(), Returned.id.desc())
            .limit(MOST)
        )
        if kind in set(Kind):
            chosen = chosen.where(Returned.kind == kind)
        items = tuple(
            _back(row, address, about_id if letter_kind == "digest" else None)
            for row, address, letter_kind, about_id in s.execute(chosen)
        )
    return Backs(items, numbers)


def _back(row: Returned, address: str | None, edition_id: int | None) -> Back:
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
        edition_id,
    )
