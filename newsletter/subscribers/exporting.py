"""Readers as lines of a table with everything they chose, in the columns that an import takes back. Called by the desk's download."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.lists.reading import DAILY
from newsletter.subscribers.model import Follow, Subject, Subscriber, Subscription

COLUMNS = (
    "email", "name", "state", "lists", "days", "at_once", "hour", "timezone", "paused_until", "only_followed", "pictures",
    "clicks", "topics", "authors", "tastes", "source", "form", "campaign", "created_at", "confirmed_at", "left_at", "reason", "fields",
)  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
JOINT = "|"
PART = 1000
FOLLOWED = 2
TASTES = {1: "more", -1: "less"}
"""What the other weights of ``Follow`` are called: ``more:topic:moon``."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Slugs:
    """What topics and authors are called, by their ids."""

    topics: Mapping[int, str]
    authors: Mapping[int, str]


def lines(db: Database, chosen: Select[Subscriber], slugs: Slugs) -> Iterator[tuple[str, ...]]:
    """The heading, then one line for each reader, by their numbers: whoever changes meanwhile comes once, as they then are."""
    yield COLUMNS
    last = 0
    while True:
        with db.reading() as s:
            part = s.scalars(chosen.where(Subscriber.id > last).order_by(Subscriber.id).limit(PART)).all()
            made = list(_lines(s, part, slugs))
        yield from made
        if len(part) < PART:
            return
        last = part[-1].id


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula. An apostrophe is put before what begins like one, or like a guarded one."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """What ``guarded`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def days_words(days: int) -> str:
    """``all``, or ``mon|tue``."""
    return (
        "all"
        if days == EVERY_DAY
        else JOINT.join(word for bit, word in enumerate(WEEKDAYS) if days >> bit & 1)
    )


def _lines(s: Session, part: Sequence[Subscriber], slugs: Slugs) -> Iterator[tuple[str, ...]]:
    ids = [reader.id for reader in part]
    held, followed = _subscriptions(s, ids), _followed(s, ids)
    for reader in part:
        follows = followed.get(reader.id, [])
        topics = _named(slugs.topics, follows, Subject.TOPIC)
        authors = _named(slugs.authors, follows, Subject.AUTHOR)
        words = (topics, authors, _tasted(slugs, follows))
        yield tuple(map(guarded, _cells(reader, held.get(reader.id, []), words)))


def _cells(
    reader: Subscriber, held: Sequence[tuple[str, int, bool]], followed: tuple[str, str, str]
) -> tuple[str, ...]:
    # Days of their own and "at once" can only be chosen for the daily list.
    days, at_once = next(((days, now) for slug, days, now in held if slug == DAILY), (EVERY_DAY, False))
    return (
        reader.address, reader.name, reader.state, JOINT.join(slug for slug, *_ in held), days_words(days), _yes(at_once),
        "" if reader.hour is None else str(reader.hour), reader.timezone or "", _time(reader.paused_until),
        _yes(reader.only_followed), _yes(reader.pictures), _yes(reader.clicks), *followed, reader.source, reader.form,
        reader.campaign, _time(reader.created_at), _time(reader.confirmed_at), _time(reader.left_at), reader.reason,
        json.dumps(reader.fields, ensure_ascii=False, sort_keys=True) if reader.fields else "",
    )  # fmt: skip


def _subscriptions(s: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, int, bool]]]:
    """Slug, days and whether at once, the daily list first."""
    found: dict[int, list[tuple[str, int, bool]]] = {}
    of = Subscription.subscriber_id
    held = select(of, MailingList.slug, Subscription.days, Subscription.at_once).where(of.in_(ids))
    for row in s.execute(held.join(MailingList, MailingList.id == Subscription.list_id)):
        found.setdefault(row.subscriber_id, []).append((row.slug, row.days, row.at_once))
    for lists in found.values():
        lists.sort(key=lambda one: (one[0] != DAILY, one[0]))
    return found


def _followed(s: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, int, int]]]:
    """Subject, its id and weight."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    for row in s.scalars(select(Follow).where(Follow.subscriber_id.in_(ids))):
        found.setdefault(row.subscriber_id, []).append((row.subject, row.subject_id, row.weight))
    return found


def _named(slugs: Mapping[int, str], follows: Iterable[tuple[str, int, int]], subject: Subject) -> str:
    """Who or what is gone from the site is left out."""
    mine = (number for kind, number, weight in follows if kind == subject and weight == FOLLOWED)
    return JOINT.join(sorted(slugs[number] for number in mine if number in slugs))


def _tasted(slugs: Slugs, follows: Iterable[tuple[str, int, int]]) -> str:
    known = {Subject.TOPIC.value: slugs.topics, Subject.AUTHOR.value: slugs.authors}
    return JOINT.join(
        sorted(
            f"{TASTES[weight]}:{kind}:{known[kind][number]}"
            for kind, number, weight in follows
            if weight in TASTES and number in known[kind]
        )
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _time(at: datetime | None) -> str:
    return at.isoformat() if at else ""
