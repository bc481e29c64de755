"""The queue of one receiving domain: when a letter to it may go. Pure; called by ``domains``."""

from datetime import datetime, timedelta
from typing import NamedTuple

from newsletter.delivery.doors import UNITS, Limit

ASTRAY = timedelta(minutes=1)
"""So far from ours the time of another sender may lie, by its clock or because we waited for it. What lies further off than that
was written before the clock was set back.
"""
ON_TIME = timedelta(seconds=5)
"""So long after its place a letter goes without asking again."""
LONGEST_REST = timedelta(hours=1)
LENGTH = timedelta(minutes=10)
"""Places lie within this; who gets none asks again towards its end. So an edition that is stopped leaves no long queue behind it."""
AHEAD_ALONE = timedelta(seconds=10)
"""After a rest one letter goes ahead, and so long later another, until one was accepted."""
LATE = timedelta(seconds=0.1)


class Candidate(NamedTuple):
    """A letter that could be claimed."""

    id: int
    domain: str
    """Of its address, in small letters."""
    due_at: datetime
    paced: bool
    """``due_at`` is its place."""
    urgent: bool = False
    """Somebody waits for it: it goes before the queue, which moves up by one."""


class Place(NamedTuple):
    at: datetime
    is_kept: bool
    """It may go then; else it is to ask again."""


class Queue:
    def __init__(
        self,
        next_at: datetime | None,
        ahead_at: datetime | None,
        rests_until: datetime | None,
        rests: int,
        limit: Limit | None,
    ) -> None:
        self.next_at, self.ahead_at = next_at, ahead_at
        self.has_moved = False
        self._rests_until, self._rests = rests_until, rests
        self._spacing = spacing_of(limit)

    def place(self, letter: Candidate, now: datetime) -> Place | None:
        """None: it may go now."""
        if self._rests_until and now < self._rests_until <= now + LONGEST_REST + ASTRAY:
            return Place(self._rests_until, False)
        if self._rests:
            return self._after_a_rest(now)
        if self._spacing is None or (letter.paced and now - letter.due_at <= ON_TIME):
            return None
        end = now + LENGTH
        at = _coming(self.next_at, now, end + 2 * self._spacing)
        if at > end and not letter.urgent:
            return Place(at - ON_TIME, False)
        self.next_at, self.has_moved = min(at, end) + self._spacing, True
        return None if at <= now or letter.urgent else Place(at, True)

    def _after_a_rest(self, now: datetime) -> Place | None:
        at = _coming(self.ahead_at, now, now + AHEAD_ALONE)
        if at > now:
            return Place(at, False)
        self.ahead_at, self.has_moved = now + AHEAD_ALONE, True
        return None


def _coming(at: datetime | None, now: datetime, furthest: datetime) -> datetime:
    return now if at is None or at > furthest + ASTRAY else max(at, now)


def spacing_of(limit: Limit | None) -> timedelta | None:
    """Between two places. In minutes and hours there is room for a letter that is late by as much as it may be; in a second there is
    not, and each process holds it back at its ``doors``.
    """
    if limit is None or limit.rate is None:
        return None
    late = LATE if limit.within == UNITS["s"] else ON_TIME
    return (limit.within + late) // limit.rate + timedelta(microseconds=1)
