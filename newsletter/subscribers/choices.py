"""What one reader has chosen, and when their next mails come: frozen views. Called by ``choosing`` and the preference page."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import said
from blog.refusals import NotFound
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.model import EVERY_DAY, ListId, MailingList
from newsletter.lists.reading import DAILY, Rhythm
from newsletter.subscribers.masking import masked
from newsletter.subscribers.model import (
    AddressChange,
    Follow,
    Subject,
    Subscriber,
    SubscriberId,
    SubscriberState,
    Subscription,
)
from newsletter.subscribers.tokens import VALID

FOLLOWED = 2
"""The weight of what a reader follows; 1 and -1 are "more like this" and "less like this"."""


@dataclass(frozen=True)
class Choices:
    """What the preference page lets a reader choose in one go."""

    lists: frozenset[int]
    days: int = EVERY_DAY
    """Weekdays of the daily digest as bits; one bit means weekly."""
    at_once: bool = False
    timezone: str = ""
    """Empty: that of each list."""
    hour: int | None = None
    topics: frozenset[int] = frozenset()
    authors: frozenset[int] = frozenset()
    only_followed: bool = False
    tastes: frozenset[tuple[str, int]] = frozenset()
    """What "more" and "less like this" have gathered and the reader keeps: subject and its id."""
    pictures: bool = True
    clicks: bool = True


@dataclass(frozen=True)
class HeldList:
    """A list that the reader gets or may choose."""

    id: ListId
    slug: str
    name: str
    description: str
    is_held: bool
    is_at_once: bool
    """Each story when it comes out."""

    @property
    def is_daily(self) -> bool:
        return self.slug == DAILY


@dataclass(frozen=True)
class Taste:
    subject: Subject
    subject_id: int
    more: bool


@dataclass(frozen=True)
class Preferences:
    reader_id: SubscriberId
    address: str
    """Masked."""
    state: SubscriberState
    left_at: datetime | None
    choices: Choices
    lists: tuple[HeldList, ...]
    """The daily one first; with those that are offered no more but that the reader has."""
    tastes: tuple[Taste, ...]
    zone: ZoneInfo
    """In which the reader's own times are told."""
    usual: Rhythm
    """Zone and hour of the daily list, for whoever chose none."""
    paused_until: datetime | None
    moving_to: str
    """Masked; empty where no change of address waits."""

    @property
    def is_on_list(self) -> bool:
        return self.state == SubscriberState.CONFIRMED

    @property
    def held(self) -> tuple[HeldList, ...]:
        return tuple(one for one in self.lists if one.is_held)


def preferences(db: Database, subscriber_id: int, at: datetime, settings: Settings) -> Preferences:
    """Raises NotFound."""
    with db.reading() as s:
        reader = s.get(Subscriber, subscriber_id)
        if reader is None:
            raise NotFound(said("That address is not on the list any more."))
        usual = lists.rhythm(lists.find_list(s), settings)
        follows = s.scalars(select(Follow).where(Follow.subscriber_id == reader.id)).all()
        return Preferences(
            SubscriberId(reader.id), masked(reader.address), SubscriberState(reader.state), reader.left_at,
            chosen(s, reader), _lists(s, reader),
            tuple(sorted((_taste(f) for f in follows if abs(f.weight) == 1), key=lambda t: (not t.more, t.subject))),
            ZoneInfo(reader.timezone) if reader.timezone else usual.zone, usual,
            reader.paused_until if reader.paused_until and reader.paused_until > at else None, _moving_to(s, reader.id, at),
        )  # fmt: skip


def chosen(s: Session, reader: Subscriber) -> Choices:
    """As the rows stand in this transaction; lists that are retired do not count."""
    held = {one.list_id: one for one in subscriptions(s, reader.id)}
    daily = lists.find_list(s)
    own = held.get(daily.id) if daily else None
    follows = s.execute(
        select(Follow.subject, Follow.subject_id, Follow.weight).where(Follow.subscriber_id == reader.id)
    ).all()
    followed = {(f.subject, f.subject_id) for f in follows if f.weight == FOLLOWED}
    return Choices(
        frozenset(held), own.days if own else EVERY_DAY, own.at_once if own else False,
        reader.timezone or "", reader.hour,
        frozenset(number for subject, number in followed if subject == Subject.TOPIC),
        frozenset(number for subject, number in followed if subject == Subject.AUTHOR),
        reader.only_followed,
        frozenset((f.subject, f.subject_id) for f in follows if f.weight != FOLLOWED),
        reader.pictures, reader.clicks,
    )  # fmt: skip


def subscriptions(s: Session, subscriber_id: int) -> list[Subscription]:
    """To lists that are not retired."""
    living = select(MailingList.id).where(MailingList.retired_at.is_(None))
    mine = select(Subscription).where(
        Subscription.subscriber_id == subscriber_id, Subscription.list_id.in_(living)
    )
    return list(s.scalars(mine.order_by(Subscription.list_id)))


def _lists(s: Session, reader: Subscriber) -> tuple[HeldList, ...]:
    held = {one.list_id: one for one in subscriptions(s, reader.id)}
    shown = [one for one in lists.every_list(s) if one.is_offered or one.id in held]
    return tuple(
        HeldList(
            one.id, one.slug, one.name, one.description, one.id in held,
            one.at_once or (one.id in held and held[one.id].at_once),
        )
        for one in shown
    )  # fmt: skip


def _taste(row: Follow) -> Taste:
    return Taste(Subject(row.subject), row.subject_id, row.weight > 0)


def _moving_to(s: Session, subscriber_id: int, at: datetime) -> str:
    change = s.get(AddressChange, subscriber_id)
    return masked(change.address) if change and at - change.asked_at <= VALID else ""
