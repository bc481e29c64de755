"""Which edition is due when, and when a reader's own moment comes: pure functions of time, zone, hour, weekdays and days taken.

A local hour that a clock change leaves out is due at the first moment after the gap; one that comes twice is due the first time.
A local day that a zone leaves out altogether has no edition.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.lists.model import EVERY_DAY

GRACE = timedelta(hours=6)
"""An edition that could not leave at its hour may still leave this much later; after that its stories wait for the next one."""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Due:
    local_date: date
    due_at: datetime


def plan(
    now: datetime,
    zone: ZoneInfo,
    hour: int,
    taken: Container[date],
    since: datetime,
    weekdays: int = EVERY_DAY,
) -> Due:
    """Where the open edition belongs: the hour that has just struck, if that day is free and it is not too late, else the next one.

    It leaves when ``due_at <= now``. Hours before ``since``, when the list began, do not count.
    """
    struck = latest_due(now, zone, hour, weekdays)
    is_free = struck.local_date not in taken and struck.due_at > since
    return struck if is_free and now - struck.due_at <= GRACE else next_due(now, zone, hour, taken, weekdays)


def next_due(
    after: datetime, zone: ZoneInfo, hour: int, taken: Container[date] = (), weekdays: int = EVERY_DAY
) -> Due:
    """The first moment later than ``after`` at which the hour strikes, on one of ``weekdays`` that is not taken."""
    day = after.astimezone(zone).date() - DAY
    while True:
        due = due_on(day, zone, hour) if is_on(day, weekdays) else None
        if due and due.due_at > after and day not in taken:
            return due
        day += DAY


def latest_due(at: datetime, zone: ZoneInfo, hour: int, weekdays: int = EVERY_DAY) -> Due:
    """The moment at which the hour struck last on one of ``weekdays``, at ``at`` or before."""
    day = at.astimezone(zone).date() + DAY
    while True:
        due = due_on(day, zone, hour) if is_on(day, weekdays) else None
        if due and due.due_at <= at:
            return due
        day -= DAY


def is_on(day: date, weekdays: int) -> bool:
    """Bit 0 is Monday. No bit at all would mean never, which is no timetable and must not come here."""
    assert weekdays, "a list without weekdays has no moments"
    return bool(weekdays >> day.weekday() & 1)


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
