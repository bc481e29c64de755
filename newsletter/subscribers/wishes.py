"""What somebody chose on the form itself: which lists, whom to follow, and the zone that their browser lives in.

Kept for readers who have not confirmed yet, and for nobody else: a stranger who types an address must not change what its reader chose.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blog import zones
from blog.db import Database
from blog.posts import reading as posts
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.reading import ListView
from newsletter.subscribers import serving
from newsletter.subscribers.model import Follow, Subject, Subscriber, Subscription

FOLLOWS = 20
"""So many follows are kept for somebody who has not confirmed."""
MONTH = timedelta(days=30)
_FOLLOW = re.compile(r"(author|topic):([1-9]\d{0,17})")


@dataclass(frozen=True)
class Followed:
    subject: Subject
    id: int

    def __str__(self) -> str:
        return f"{self.subject.value}:{self.id}"


@dataclass(frozen=True)
class Wishes:
    timezone: str = ""
    lists: tuple[str, ...] = ()
    """Slugs; none means the daily digest."""
    follow: Followed | None = None


NOTHING = Wishes()


def read_follow(text: str) -> Followed | None:
    """``author:7`` or ``topic:7``."""
    found = _FOLLOW.fullmatch(text.strip())
    return Followed(Subject(found[1]), int(found[2])) if found else None


def name_of(db: Database, followed: Followed) -> str:
    """Empty where there is no such author or topic."""
    if followed.subject == Subject.TOPIC:
        return next((topic.name for topic, _ in posts.topics(db) if topic.id == followed.id), "")
    return next((author.name for author in posts.authors(db) if author.id == followed.id), "")


def offered(db: Database) -> tuple[ListView, ...]:
    """The lists that a form may offer; the daily one is first."""
    with db.reading() as s:
        return tuple(one for one in lists.every_list(s) if one.is_offered)


def keep(s: Session, reader: Subscriber, wishes: Wishes, at: datetime, settings: Settings) -> None:
    """To be taken back by the caller for a reader who has confirmed. The lists chosen last are the ones; a follow comes to those that are there."""
    own = lists.rhythm(lists.find_list(s), settings).zone
    reader.timezone = zone(wishes.timezone, own, at) or reader.timezone
    if wishes.lists:
        _choose(s, reader, wishes.lists, at, settings)
    if wishes.follow:
        _follow(s, reader.id, wishes.follow)


def zone(name: str, own: ZoneInfo, at: datetime) -> str | None:
    """A browser's zone where its clocks tell another time than those of the list, in winter or in summer."""
    if name == own.key or name not in zones.names():
        return None
    theirs, moments = ZoneInfo(name), [at + MONTH * number for number in range(13)]
    is_other = any(one.astimezone(theirs).utcoffset() != one.astimezone(own).utcoffset() for one in moments)
    return name if is_other and len(name) <= 64 else None


def _choose(s: Session, reader: Subscriber, slugs: tuple[str, ...], at: datetime, settings: Settings) -> None:
    chosen = [one.id for one in lists.every_list(s) if one.is_offered and one.slug in slugs]
    if chosen:
        others = Subscription.list_id.not_in(chosen)
        s.execute(delete(Subscription).where(Subscription.subscriber_id == reader.id, others))
    for list_id in chosen:
        serving.subscribe(s, reader, list_id, at, settings)


def _follow(s: Session, subscriber_id: int, followed: Followed) -> None:
    held = s.scalar(select(func.count()).where(Follow.subscriber_id == subscriber_id)) or 0
    key = (subscriber_id, followed.subject.value, followed.id)
    if held < FOLLOWS and s.get(Follow, key) is None:
        s.add(Follow(subscriber_id=subscriber_id, subject=followed.subject, subject_id=followed.id))
        s.flush()
