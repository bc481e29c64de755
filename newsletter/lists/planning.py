"""Which edition is due when: pure functions of the time, the list's zone and hour, and the days already taken. Called by ``opening``.

A local hour that a clock change leaves out is due at the first moment after the gap; one that comes twice is due the first time.
A local day that a zone leaves out altogether has no edition.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

GRACE = timedelta(hours=6)
"""An edition that could not leave at its hour may still leave this much later; after that its stories wait for the next one."""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Due:
    local_date: date
    due_at: datetime


def plan(now: datetime, zone: ZoneInfo, hour: int, taken: Container[date], since: datetime) -> Due:
    """Where the open edition belongs: the hour that has just struck, if that day is free and it is not too late, else the next one.

    It leaves when ``due_at <= now``. Hours before ``since``, when the list began, do not count.
    """
    struck = latest_due(now, zone, hour)
    is_free = struck.local_date not in taken and struck.due_at > since
    return struck if is_free and now - struck.due_at <= GRACE else next_due(now, zone, hour, taken)


def next_due(after: datetime, zone: ZoneInfo, hour: int, taken: Container[date] = ()) -> Due:
    """The first edition whose hour strikes later than ``after`` on a day that is not taken."""
    day = after.astimezone(zone).date() - DAY
    while True:
        due = due_on(day, zone, hour)
        if due and due.due_at > after and day not in taken:
            return due
        day += DAY


def latest_due(at: datetime, zone: ZoneInfo, hour: int) -> Due:
    """The edition whose hour struck last, at ``at`` or before."""
    day = at.astimezone(zone).date() + DAY
    while True:
        due = due_on(day, zone, hour)
        if due and due.due_at <= at:
            return due
        day -= DAY


def due_on(day: date, zone: ZoneInfo, hour: int) -> Due | None:
    """None where the zone has no such day."""
    wall = datetime.combine(day, time(hour), zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return Due(day, instant)
    end = _end_of_gap(wall, zone)
    before, after = (end - SECOND).astimezone(zone).date(), end.astimezone(zone).date()
    return None if before < day < after else Due(day, end)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after the gap in which ``wall`` lies. Read with the two offsets around it, wall falls on either side."""
    low, high = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    earlier = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + timedelta(seconds=(high - low) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == earlier:
            low = middle
        else:
            high = middle
    return high
