"""What the desk and the public doors may know of readers: frozen views, no rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import NotFound
from newsletter.subscribers.model import Consent, Subscriber, SubscriberId, SubscriberState

PAGE = 50
SORTS: dict[str, ColumnElement[Any]] = {
    "address": Subscriber.address_key.expression,
    "status": Subscriber.state.expression,
    "joined": Subscriber.created_at.expression,
    "source": Subscriber.source.expression,
    "clicked": Subscriber.last_click_at.expression,
}
"""The columns by which the list can be ordered; a hyphen before the name turns it round."""


@dataclass(frozen=True)
class Reader:
    id: SubscriberId
    address: str
    state: SubscriberState
    source: str
    created_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    name: str
    form: str
    campaign: str
    reason: str
    """Why they get nothing any more, in their own or the mail server's words; empty where nobody said."""
    paused_until: datetime | None
    last_click_at: datetime | None


@dataclass(frozen=True)
class Counts:
    confirmed: int
    pending: int
    left: int
    bounced: int = 0
    complained: int = 0

    @property
    def total(self) -> int:
        return self.confirmed + self.pending + self.left + self.bounced + self.complained


@dataclass(frozen=True)
class ReaderPage:
    items: tuple[Reader, ...]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The number of the first one shown, from 1."""
        return (self.number - 1) * PAGE + 1


@dataclass(frozen=True)
class Deed:
    """What was done (the words are told at ``Consent.deed``), when, and from which page or letter."""

    deed: str
    at: datetime
    source: str
    detail: str = ""


@dataclass(frozen=True)
class History:
    reader: Reader
    deeds: tuple[Deed, ...]
    """Oldest first."""


def count(db: Database) -> Counts:
    with db.reading() as s:
        counted = s.execute(select(Subscriber.state, func.count()).group_by(Subscriber.state))
        by_state = {SubscriberState(state): number for state, number in counted}
    order = (
        SubscriberState.CONFIRMED, SubscriberState.PENDING, SubscriberState.LEFT, SubscriberState.BOUNCED,
        SubscriberState.COMPLAINED,
    )  # fmt: skip
    return Counts(*(by_state.get(state, 0) for state in order))


def confirmed_since(db: Database, since: datetime) -> int:
    """How many of those who get the digest now confirmed at ``since`` or later."""
    fresh = (Subscriber.state == SubscriberState.CONFIRMED, Subscriber.confirmed_at >= since)
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(Subscriber).where(*fresh)) or 0


def listing(
    db: Database, chosen: Select[Subscriber] | None = None, page: int = 1, sort: str = ""
) -> ReaderPage:
    """Those that ``filtering.chosen`` selects, else everybody; newest first unless ``sort`` is one of SORTS."""
    chosen = select(Subscriber) if chosen is None else chosen
    with db.reading() as s:
        total = s.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        pages = max(1, -(-total // PAGE))
        number = min(max(1, page), pages)
        rows = s.scalars(chosen.order_by(*_order(sort)).limit(PAGE).offset((number - 1) * PAGE))
        return ReaderPage(tuple(_reader(row) for row in rows), number, pages, total)


def sources(db: Database, most: int = 30) -> tuple[str, ...]:
    """Where most readers came from, the commonest first."""
    common = select(Subscriber.source).where(Subscriber.source != "").group_by(Subscriber.source)
    with db.reading() as s:
        return tuple(s.scalars(common.order_by(func.count().desc(), Subscriber.source).limit(most)))


def find(db: Database, subscriber_id: int) -> Reader | None:
    with db.reading() as s:
        return find_in(s, subscriber_id)


def find_in(s: Session, subscriber_id: int) -> Reader | None:
    row = s.get(Subscriber, subscriber_id)
    return _reader(row) if row else None


def by_address(s: Session, address_key: str) -> Reader | None:
    row = s.scalar(select(Subscriber).where(Subscriber.address_key == address_key))
    return _reader(row) if row else None


def history(db: Database, subscriber_id: int) -> History:
    """Raises NotFound."""
    with db.reading() as s:
        reader = find_in(s, subscriber_id)
        if reader is None:
            raise NotFound("There is no such reader.")
        return History(reader, deeds(s, subscriber_id))


def deeds(s: Session, subscriber_id: int) -> tuple[Deed, ...]:
    """Oldest first."""
    mine = select(Consent).where(Consent.subscriber_id == subscriber_id).order_by(Consent.at, Consent.id)
    return tuple(Deed(row.deed, row.at, row.source, row.detail) for row in s.scalars(mine))


def confirmed() -> Select[int, str]:
    """Id and address of everybody who gets an edition that closes now."""
    return select(Subscriber.id, Subscriber.address).where(Subscriber.state == SubscriberState.CONFIRMED)


def states(s: Session, ids: set[int]) -> dict[int, SubscriberState]:
    rows = s.execute(select(Subscriber.id, Subscriber.state).where(Subscriber.id.in_(ids)))
    return {subscriber_id: SubscriberState(state) for subscriber_id, state in rows}


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        return (Subscriber.id.desc(),)
    if sort.startswith("-"):
        return column.desc().nulls_last(), Subscriber.id.desc()
    return column.asc().nulls_last(), Subscriber.id.asc()


def _reader(row: Subscriber) -> Reader:
    return Reader(
        SubscriberId(row.id), row.address, SubscriberState(row.state), row.source, row.created_at, row.confirmed_at,
        row.left_at, row.name, row.form, row.campaign, row.reason, row.paused_until, row.last_click_at,
    )  # fmt: skip
