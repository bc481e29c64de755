"""What search may be narrowed by: author, topic and year, each with how many of the found stories it would leave. ``search`` asks."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.posts.asked import word
from blog.posts.model import Post, PostAuthor, PostTopic, Topic

LOOKED_AT = 2000
"""Of so many found stories, the newest, the choices are counted: more would cost more than the search."""
OFFERED = 8
YEARS = range(1, 9999)
AUTHOR, TOPIC = 1, 0


@dataclass(frozen=True)
class Wanted:
    """Slugs of an author and a topic, and a year in the publication's zone; empty or 0 where anything will do."""

    author: str = ""
    topic: str = ""
    year: int = 0

    def __bool__(self) -> bool:
        return bool(self.author or self.topic or self.year)


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    stories: int


@dataclass(frozen=True)
class Choices:
    """By how many stories each leaves; years newest first."""

    authors: tuple[Choice, ...] = ()
    topics: tuple[Choice, ...] = ()
    years: tuple[Choice, ...] = ()
    are_exact: bool = True
    """Whether all found stories were counted."""


def conditions(wanted: Wanted, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.author:
        written = select(PostAuthor.post_id).join(Author, Author.id == PostAuthor.author_id)
        found.append(Post.id.in_(written.where(Author.slug == word(wanted.author))))
    if wanted.topic:
        filed = select(PostTopic.post_id).join(Topic, Topic.id == PostTopic.topic_id)
        found.append(Post.id.in_(filed.where(Topic.slug == word(wanted.topic))))
    if wanted.year in YEARS:
        found.append(within(datetime(wanted.year, 1, 1), datetime(wanted.year + 1, 1, 1), zone))
    return found


def within(since: datetime, until: datetime, zone: ZoneInfo) -> ColumnElement[bool]:
    """Published from ``since`` until before ``until``, by the clocks of ``zone``."""
    first, end = (at.replace(tzinfo=zone).astimezone(UTC) for at in (since, until))
    return (Post.published_at >= first) & (Post.published_at < end)


def choices(s: Session, found: Select[*tuple[Any, ...]], total: int, zone: ZoneInfo) -> Choices:
    """``found`` selects the ids of the stories, in any order."""
    newest = found.order_by(None).order_by(Post.published_at.desc()).limit(LOOKED_AT)
    ids = newest.subquery()
    people = (
        select(literal(AUTHOR).label("kind"), Author.slug, Author.name, func.count().label("stories"))
        .join(PostAuthor, PostAuthor.author_id == Author.id)
        .where(PostAuthor.post_id.in_(select(ids.c.id)))
        .group_by(Author.slug, Author.name)
    )
    subjects = (
        select(literal(TOPIC).label("kind"), Topic.slug, Topic.name, func.count().label("stories"))
        .join(PostTopic, PostTopic.topic_id == Topic.id)
        .where(PostTopic.post_id.in_(select(ids.c.id)))
        .group_by(Topic.slug, Topic.name)
    )
    both = union_all(people, subjects).subquery()
    rows = s.execute(select(both).order_by(both.c.stories.desc(), both.c.name)).all()
    dates = s.scalars(select(Post.published_at).where(Post.id.in_(select(ids.c.id)))).all()
    years = Counter(at.astimezone(zone).year for at in dates if at)

    def kind(which: int) -> tuple[Choice, ...]:
        return tuple(Choice(r.slug, r.name, r.stories) for r in rows if r.kind == which)[:OFFERED]

    dated = tuple(Choice(str(year), str(year), n) for year, n in sorted(years.items(), reverse=True))
    return Choices(kind(AUTHOR), kind(TOPIC), dated, total <= LOOKED_AT)
