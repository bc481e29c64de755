"""Where readers came from: forms, pages, links with a tag, and the stories and authors that brought them. Asked by the figures' pages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from blog.db import Database
from blog.posts.reading import Credited, stories_at
from newsletter.subscribers.model import Subscriber, SubscriberState

MOST = 10
PLACES = 5000
"""More different pages than that are not told apart."""


@dataclass(frozen=True)
class Origin:
    name: str
    joined: int
    stayed: int
    """Those of them who still get the digest."""
    path: str = ""
    """Where it is a page of ours."""


@dataclass(frozen=True)
class Sources:
    """Each the greatest first; of readers who confirmed since the moment asked for."""

    forms: tuple[Origin, ...]
    pages: tuple[Origin, ...]
    campaigns: tuple[Origin, ...]
    stories: tuple[Origin, ...]
    authors: tuple[Origin, ...]


def sources(db: Database, since: datetime, most: int = MOST) -> Sources:
    """``most`` of each, save of the forms."""
    with db.reading() as s:
        forms, tags = _origins(s, Subscriber.form, since), _origins(s, Subscriber.campaign, since)
        places = _origins(s, Subscriber.source, since)
        known = stories_at(s, [one.name for one in places if one.name.startswith("/")])
    stories, authors = _brought(places, known)
    pages = _pages([one for one in places if one.name not in known])
    tagged = [one for one in tags if one.name]
    return Sources(tuple(forms), *(tuple(some[:most]) for some in (pages, tagged, stories, authors)))


def _origins(s: Session, column: InstrumentedAttribute[str], since: datetime) -> list[Origin]:
    joined = func.count().label("joined")
    is_in = case((Subscriber.state == SubscriberState.CONFIRMED, 1), else_=0)
    rows: Sequence[Row[Any]] = s.execute(
        select(column.label("name"), joined, func.sum(is_in).label("stayed"))
        .where(Subscriber.confirmed_at >= since)
        .group_by(column)
        .order_by(joined.desc(), column)
        .limit(PLACES)
    ).all()
    return [Origin(row.name, row.joined, row.stayed) for row in rows]


def _brought(places: Iterable[Origin], known: Mapping[str, Credited]) -> tuple[list[Origin], list[Origin]]:
    """Stories, and their authors: a story by two counts for both."""
    stories, authors = _Sums(), _Sums()
    for one in places:
        story = known.get(one.name)
        if story:
            stories.add((story.title, story.path), one)
            for name in story.authors:
                authors.add((name, ""), one)
    return stories.origins(), authors.origins()


def _pages(places: Iterable[Origin]) -> list[Origin]:
    return [
        Origin(one.name, one.joined, one.stayed, one.name if one.name.startswith("/") else "")
        for one in places
        if one.name
    ]


class _Sums:
    """A story counts once under all the addresses that it ever had."""

    def __init__(self) -> None:
        self.joined: Counter[tuple[str, str]] = Counter()
        self.stayed: Counter[tuple[str, str]] = Counter()

    def add(self, what: tuple[str, str], one: Origin) -> None:
        self.joined[what] += one.joined
        self.stayed[what] += one.stayed

    def origins(self) -> list[Origin]:
        return [
            Origin(name, number, self.stayed[name, path], path)
            for (name, path), number in self.joined.most_common()
        ]
