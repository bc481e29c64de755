"""How fast a relay is used: messages per second, per hour and per day, exact over all processes. Called by a claim, in its transaction.

No window of a second, an hour or 24 hours, wherever it is laid, holds more than the limit, however late within ``Grant.late`` each
message leaves. Seconds: messages get slots at even distances, one in every ``(1 s + late) / limit``, so that a window that is wider
by the lateness still holds no more slots than the limit; the next free slot is all that is remembered. Hours and days: messages are
counted in sixty ``buckets`` a window. The price is 9 % of a second's limit and 2 % of an hour's and a day's; of these, 5 % more are
kept for urgent letters.

A transaction that needs both asks ``domains`` before ``pace``, so that no two senders wait for each other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.buckets import Window
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import RelayPace
from newsletter.delivery.queues import ASTRAY
from newsletter.delivery.relays import Pace, Relay

HOUR, DAY = 3600, 86400
LATE = timedelta(seconds=0.1)
"""A message leaves at most so long after its slot, or not at all."""
LATE_AT_ONCE = timedelta(seconds=5)
"""The same where there is no limit per second: windows are so wide then that it costs nothing."""
AHEAD = timedelta(seconds=0.15)
"""So long it takes to write and hand over what was claimed: the first slot comes no sooner."""
REACH = timedelta(seconds=0.5)
"""No slot lies further off: what one sender was given is soon used or lost."""
SPARE = timedelta(seconds=0.3)
"""Asking again so long before the next free slot keeps slots from being lost."""
KEPT = 20
"""One in so many of an hour's or a day's messages is kept for urgent letters."""
LOOK = timedelta(seconds=1)
"""While some are kept, an urgent letter that comes waits no longer."""


class Grant(NamedTuple):
    """Message number i may leave from ``first_at + i * spacing`` until ``late`` after that."""

    number: int
    first_at: datetime
    spacing: float
    """Seconds; 0: all at once."""
    again_at: datetime
    """When to ask for more."""
    late: float
    """Seconds. What has not left by then must not leave; tell ``give_back``."""


def grant(s: Session, relay: Relay, wanted: int, now: datetime, urgent: int = 0) -> Grant:
    """Slots for at most ``wanted`` letters, of which ``urgent`` are waited for by somebody. No statement where there is no limit.

    Holds the relay's row until the transaction ends; whoever asks meanwhile waits. Machines that share a relay need clocks that
    agree within a few hundredths of a second, as NTP keeps them.
    """
    pace = relay.pace
    if wanted <= 0 or pace.is_free(now):
        return Grant(max(wanted, 0), now, 0.0, now, LATE_AT_ONCE.total_seconds())
    row = _held(s, relay.name)
    spacing = _spacing(pace)
    first = _first_slot(row.next_at, spacing, now)
    windows = _windows(pace, row.counts, first, now)
    free, number = now, wanted
    if spacing:
        number = min(number, max(0, (now + REACH - first) // spacing + 1))
        free = max(now, first + spacing * number - SPARE)
    for window in windows:
        room = window.room()
        fit = max(min(urgent, room), room - window.cap // KEPT, 0)
        if fit < number:
            number, free = fit, now + LOOK if room else window.frees_at()
    if number:
        for window in windows:
            window.add(number, first + spacing * (number - 1))
    if number or _was_set_back(row.next_at, spacing, now):
        _keep(s, relay.name, first + spacing * number, windows)
    if pace.warmup:
        free = min(free, _midnight_after(now))
    late = LATE if spacing else LATE_AT_ONCE
    return Grant(number, first, spacing.total_seconds(), free, late.total_seconds())


def is_open(db: Database, relay: Relay, now: datetime) -> bool:
    """A cheap look, which takes no lock: have the hour and the day room for a letter?"""
    pace = relay.pace
    if not (pace.per_hour or pace.most_in_a_day(now)):
        return True
    with db.reading() as s:
        counts = s.scalar(select(RelayPace.counts).where(RelayPace.relay == relay.name)) or {}
    return all(window.room() for window in _windows(pace, counts, now, now))


def give_back(s: Session, relay: Relay, number: int, now: datetime) -> None:
    """``number`` messages that were granted never left: the hour and the day have room for them again."""
    if number <= 0 or not (relay.pace.per_hour or relay.pace.most_in_a_day(now)):
        return
    row = _held(s, relay.name)
    windows = _windows(relay.pace, row.counts, now, now)
    for window in windows:
        window.take_out(number)
    _keep(s, relay.name, row.next_at, windows)


class _Row(NamedTuple):
    next_at: datetime | None
    counts: dict[str, list[list[int]]]


def _held(s: Session, name: str) -> _Row:
    mine = select(RelayPace.next_at, RelayPace.counts).where(RelayPace.relay == name).with_for_update()
    row = s.execute(mine).one_or_none()
    if row is None:
        s.execute(insert_into(s, RelayPace).values(relay=name, counts={}).on_conflict_do_nothing())
        row = s.execute(mine).one()
    return _Row(row.next_at, row.counts)


def _spacing(pace: Pace) -> timedelta:
    """Just more than a window and the lateness divided by the limit, so that not even a window with both its ends holds one more."""
    if not pace.per_second:
        return timedelta()
    return (timedelta(seconds=1) + LATE) // pace.per_second + timedelta(microseconds=1)


def _first_slot(next_at: datetime | None, spacing: timedelta, now: datetime) -> datetime:
    if not spacing:
        return now
    soonest = now + AHEAD
    if next_at and _was_set_back(next_at, spacing, now):
        return now + REACH + spacing
    return max(soonest, next_at or soonest)


def _was_set_back(next_at: datetime | None, spacing: timedelta, now: datetime) -> bool:
    """The clock, that is. Whatever was granted before leaves by the present end of reach."""
    return next_at is not None and next_at > now + REACH + spacing + ASTRAY


def _windows(
    pace: Pace, counts: dict[str, list[list[int]]], first: datetime, now: datetime
) -> Sequence[Window]:
    caps = ((HOUR, pace.per_hour), (DAY, pace.most_in_a_day(now)))
    return [
        Window(
            seconds, cap, counts.get(str(seconds), ()), first, latest=now + REACH + ASTRAY, late=LATE_AT_ONCE
        )
        for seconds, cap in caps
        if cap
    ]


def _keep(s: Session, name: str, next_at: datetime | None, windows: Sequence[Window]) -> None:
    counts = {str(window.seconds): window.kept() for window in windows}
    s.execute(
        update(RelayPace).where(RelayPace.relay == name).values(next_at=next_at, counts=counts),
        execution_options={"synchronize_session": False},
    )


def _midnight_after(now: datetime) -> datetime:
    """UTC, when the warm-up's number is doubled."""
    day = now.astimezone(UTC) + timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
