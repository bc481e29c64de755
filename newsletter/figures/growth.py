"""How the number of readers grew: who confirmed, who is gone again. Asked by the figures' pages and the card on Today.

A reader counts by their latest stay; one who was erased counts nowhere any more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.figures import spans
from newsletter.subscribers.model import Subscriber, SubscriberState

GONE = (SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.COMPLAINED)


@dataclass(frozen=True)
class Stretch:
    starts: date
    joined: int
    left: int
    """Left, bounced for good or complained."""
    total: int
    """At its end."""


@dataclass(frozen=True)
class Growth:
    stretches: tuple[Stretch, ...]
    """Oldest first."""

    @property
    def total(self) -> int:
        return self.stretches[-1].total

    @property
    def joined(self) -> int:
        return sum(one.joined for one in self.stretches)

    @property
    def left(self) -> int:
        return sum(one.left for one in self.stretches)

    def lately(self, number: int) -> int:
        """By how many the last ``number`` stretches changed the total."""
        return sum(one.joined - one.left for one in self.stretches[-number:])


def by_month(db: Database, at: datetime, zone: ZoneInfo) -> Growth:
    """Twelve months in ``zone``, the present one last."""
    with db.reading() as s:
        return _growth(s, spans.months(at, zone))


def by_date(db: Database, at: datetime, zone: ZoneInfo, number: int = 366) -> Growth:
    with db.reading() as s:
        return _growth(s, spans.dates(at, zone, number))


def recent(db: Database, at: datetime, number: int = 30) -> Growth:
    """The last ``number`` days, each 24 hours back from ``at``."""
    with db.reading() as s:
        return _growth(s, spans.days(at, number))


def _growth(s: Session, edges: spans.Edges) -> Growth:
    total = s.scalar(select(func.count()).where(Subscriber.state == SubscriberState.CONFIRMED)) or 0
    was_in = Subscriber.confirmed_at.is_not(None)
    joined = spans.numbers(s, Subscriber.confirmed_at, edges, Subscriber.state.in_((*GONE, "confirmed")))
    left = spans.numbers(s, Subscriber.left_at, edges, was_in, Subscriber.state.in_(GONE))
    found: list[Stretch] = []
    for start, came, went in reversed(list(zip(edges, joined, left, strict=True))):
        found.append(Stretch(start.date(), came, went, max(total, 0)))
        total += went - came
    return Growth(tuple(reversed(found)))
