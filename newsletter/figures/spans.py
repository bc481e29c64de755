"""Stretches of time that rows are counted in: months in a zone, days back from a moment; and the counting, in one statement each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.orm import Session

Edges = tuple[datetime, ...]
"""Where spans begin, oldest first; the last one ends with the present."""


def months(at: datetime, zone: ZoneInfo, number: int = 12) -> Edges:
    """The starts of the month of ``at`` and of those before it, in ``zone``."""
    local = at.astimezone(zone)
    count = local.year * 12 + local.month - 1
    starts = range(count - number + 1, count + 1)
    return tuple(datetime(one // 12, one % 12 + 1, 1, tzinfo=zone) for one in starts)


def days(at: datetime, number: int) -> Edges:
    """The last ``number`` times 24 hours."""
    return tuple(at - timedelta(days=back) for back in range(number, 0, -1))


def dates(at: datetime, zone: ZoneInfo, number: int) -> Edges:
    """The starts of the last ``number`` local dates, the one of ``at`` last."""
    today = at.astimezone(zone).date()
    found = (today - timedelta(days=back) for back in range(number - 1, -1, -1))
    return tuple(datetime(day.year, day.month, day.day, tzinfo=zone) for day in found)


def steps(first: datetime, last: datetime, most: int = 60) -> tuple[int, Edges]:
    """Whole minutes from ``first`` to ``last``, several at a time where there would be more than ``most``: (minutes each, starts)."""
    start = first.replace(second=0, microsecond=0)
    whole = int((last - start).total_seconds() // 60) + 1
    each = -(-whole // most)
    return each, tuple(start + timedelta(minutes=each * one) for one in range(-(-whole // each)))


def numbers(
    s: Session, column: Any, edges: Sequence[datetime], *where: ColumnElement[bool]
) -> tuple[int, ...]:
    """How many rows' ``column`` lies in each span."""
    span = _span(column, edges, 0).label("span")
    counted = select(span, func.count()).where(column >= edges[0], *where).group_by(literal_column("span"))
    found = {int(one): int(number) for one, number in s.execute(counted).all()}
    return tuple(found.get(one, 0) for one in range(len(edges)))


def _span(column: Any, edges: Sequence[datetime], first: int) -> ColumnElement[int]:
    """The number of the span, by halving: both databases and every zone understand it, and a year of days costs nine comparisons."""
    if len(edges) == 1:
        return literal_column(str(first))
    middle = len(edges) // 2
    left, right = _span(column, edges[:middle], first), _span(column, edges[middle:], first + middle)
    return case((column < edges[middle], left), else_=right)
