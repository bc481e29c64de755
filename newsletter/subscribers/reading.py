"""What the desk and the public doors may know of readers: frozen views, no rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import NotFound
from newsletter.subscribers.model import Consent, Subscriber, SubscriberId, SubscriberState

PAGE = 50


@dataclass(frozen=True)
class Reader:
    id: SubscriberId
    address: str
    state: SubscriberState
    source: str
    created_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class Counts:
    confirmed: int
    pending: int
    left: int

    @property
    def total(self) -> int:
        return self.confirmed + self.pending + self.left


@dataclass(frozen=True)
class ReaderPage:
    items: tuple[Reader, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Deed:
    """asked, confirmed, left or returned; when, and from which page or letter."""

    deed: str
    at: datetime
    source: str


@dataclass(frozen=True)
class History:
    reader: Reader
    deeds: tuple[Deed, ...]
    """Oldest first."""


def count(db: Database) -> Counts:
    with db.reading() as s:
        counted = s.execute(select(Subscriber.state, func.count()).group_by(Subscriber.state))
        by_state = {SubscriberState(state): number for state, number in counted}
    order = (SubscriberState.CONFIRMED, SubscriberState.PENDING, SubscriberState.LEFT)
    return Counts(*(by_state.get(state, 0) for state in order))


def listing(db: Database, words: str = "", state: str = "", page: int = 1) -> ReaderPage:
    """Newest first; ``words`` is any part of an address; an empty ``state`` means all."""
    chosen = _chosen(words, state)
    with db.reading() as s:
        total = s.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        pages = max(1, -(-total // PAGE))
        number = min(max(1, page), pages)
        rows = s.scalars(chosen.order_by(Subscriber.id.desc()).limit(PAGE).offset((number - 1) * PAGE))
        return ReaderPage(tuple(_reader(row) for row in rows), number, pages, total)


def find(db: Database, subscriber_id: int) -> Reader | None:
    with db.reading() as s:
        return find_in(s, subscriber_id)


def find_in(s: Session, subscriber_id: int) -> Reader | None:
    row = s.get(Subscriber, subscriber_id)
    return _reader(row) if row else None


def history(db: Database, subscriber_id: int) -> History:
    """Raises NotFound."""
    with db.reading() as s:
        reader = find_in(s, subscriber_id)
        if reader is None:
            raise NotFound("There is no such reader.")
        deeds = s.scalars(
            select(Consent).where(Consent.subscriber_id == subscriber_id).order_by(Consent.at, Consent.id)
        )
        return History(reader, tuple(Deed(row.deed, row.at, row.source) for row in deeds))


def confirmed() -> Select[int, str]:
    """Id and address of everybody who gets an edition that closes now."""
    return select(Subscriber.id, Subscriber.address).where(Subscriber.state == SubscriberState.CONFIRMED)


def states(s: Session, ids: set[int]) -> dict[int, SubscriberState]:
    rows = s.execute(select(Subscriber.id, Subscriber.state).where(Subscriber.id.in_(ids)))
    return {subscriber_id: SubscriberState(state) for subscriber_id, state in rows}


def _chosen(words: str, state: str) -> Select[Subscriber]:
    chosen = select(Subscriber)
    if words.strip():
        chosen = chosen.where(Subscriber.address_key.contains(words.strip().casefold(), autoescape=True))
    return chosen.where(Subscriber.state == state) if state in set(SubscriberState) else chosen


def _reader(row: Subscriber) -> Reader:
    return Reader(
        SubscriberId(row.id),
        row.address,
        SubscriberState(row.state),
        row.source,
        row.created_at,
        row.confirmed_at,
        row.left_at,
    )
