"""Everything that is on record about one reader, for themselves: they take it with them as one file. Called by the preference page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts import reading as posts
from blog.refusals import NotFound
from newsletter.delivery.model import Letter
from newsletter.lists.model import MailingList
from newsletter.subscribers.choices import FOLLOWED
from newsletter.subscribers.choosing import day_words
from newsletter.subscribers.model import AddressChange, Consent, Follow, Subject, Subscriber, Subscription


@dataclass(frozen=True)
class Person:
    number: int
    address: str
    name: str
    state: str
    signed_up_at: datetime
    last_asked_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    reason: str
    page: str
    """Whose form was used."""
    form: str
    campaign: str
    noted: tuple[tuple[str, str], ...]
    """What an import or an editor wrote beside: name of a field and its text."""


@dataclass(frozen=True)
class Choosing:
    timezone: str | None
    hour: int | None
    paused_until: datetime | None
    only_followed: bool
    pictures: bool
    clicks_counted: bool


@dataclass(frozen=True)
class TakenList:
    name: str
    days: str
    each_story_at_once: bool
    since: datetime


@dataclass(frozen=True)
class TakenFollow:
    subject: str
    name: str
    means: str
    """follow, more or less."""


@dataclass(frozen=True)
class TakenDeed:
    deed: str
    at: datetime
    source: str
    detail: str


@dataclass(frozen=True)
class TakenLetter:
    kind: str
    address: str
    written_at: datetime
    state: str
    settled_at: datetime | None


@dataclass(frozen=True)
class Copy:
    made_at: datetime
    reader: Person
    choices: Choosing
    lists: tuple[TakenList, ...]
    follows: tuple[TakenFollow, ...]
    moving_to: str
    """The address of a change that waits for both ends; empty where none does."""
    history: tuple[TakenDeed, ...]
    letters: tuple[TakenLetter, ...]


def take(db: Database, subscriber_id: int, at: datetime) -> Copy:
    """Raises NotFound."""
    names = _names(db)
    with db.reading() as s:
        reader = s.get(Subscriber, subscriber_id)
        if reader is None:
            raise NotFound("That address is not on the list any more.")
        change = s.get(AddressChange, reader.id)
        return Copy(
            at, _person(reader), _choices(reader), _lists(s, reader.id), _follows(s, reader.id, names),
            change.address if change else "", _history(s, reader.id), _letters(s, reader.id),
        )  # fmt: skip


def _names(db: Database) -> dict[tuple[str, int], str]:
    names = {(str(Subject.TOPIC), int(topic.id)): topic.name for topic, _ in posts.topics(db)}
    return names | {(str(Subject.AUTHOR), int(one.id)): one.name for one in posts.authors(db)}


def _person(reader: Subscriber) -> Person:
    noted = tuple((name, str(value)) for name, value in sorted(reader.fields.items()))
    return Person(
        reader.id, reader.address, reader.name, reader.state, reader.created_at, reader.asked_at, reader.confirmed_at,
        reader.left_at, reader.reason, reader.source, reader.form, reader.campaign, noted,
    )  # fmt: skip


def _choices(reader: Subscriber) -> Choosing:
    return Choosing(
        reader.timezone,
        reader.hour,
        reader.paused_until,
        reader.only_followed,
        reader.pictures,
        reader.clicks,
    )


def _lists(s: Session, reader_id: int) -> tuple[TakenList, ...]:
    rows = s.execute(
        select(Subscription, MailingList.name)
        .join(MailingList, MailingList.id == Subscription.list_id)
        .where(Subscription.subscriber_id == reader_id)
        .order_by(Subscription.list_id)
    )
    return tuple(TakenList(name, day_words(row.days), row.at_once, row.since) for row, name in rows)


def _follows(s: Session, reader_id: int, names: dict[tuple[str, int], str]) -> tuple[TakenFollow, ...]:
    rows = s.scalars(
        select(Follow).where(Follow.subscriber_id == reader_id).order_by(Follow.subject, Follow.subject_id)
    )
    return tuple(
        TakenFollow(row.subject, names.get((row.subject, row.subject_id), f"number {row.subject_id}"), _means(row.weight))
        for row in rows
    )  # fmt: skip


def _means(weight: int) -> str:
    return "follow" if weight == FOLLOWED else "more" if weight > 0 else "less"


def _history(s: Session, reader_id: int) -> tuple[TakenDeed, ...]:
    rows = s.scalars(
        select(Consent).where(Consent.subscriber_id == reader_id).order_by(Consent.at, Consent.id)
    )
    return tuple(TakenDeed(row.deed, row.at, row.source, row.detail) for row in rows)


def _letters(s: Session, reader_id: int) -> tuple[TakenLetter, ...]:
    columns = (Letter.kind, Letter.address, Letter.created_at, Letter.state, Letter.settled_at)
    rows = s.execute(select(*columns).where(Letter.reader_id == reader_id).order_by(Letter.id))
    return tuple(TakenLetter(*row) for row in rows)
