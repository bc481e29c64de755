"""Every change of every clock that the time zone database knows of for ten years: each local date has its one edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from newsletter.editions.model import EditionState
from newsletter.lists.model import MailingList
from newsletter.lists.planning import Due, due_on, latest_due, next_due, plan
from tests.cast import Newsroom
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]

DAY, HOUR, MICROSECOND = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2009, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def shape(self) -> tuple[object, ...]:
        """Two changes of the same shape do the same to the hours around them."""
        local = self.at + self.before
        return local.hour, local.minute, self.before, self.after

    @property
    def hours(self) -> list[int]:
        """The local hours near it, on either clock."""
        near = {
            (self.at + offset + n * HOUR).hour for offset in (self.before, self.after) for n in range(-2, 3)
        }
        return sorted(near | {7})


def test_every_local_date_has_one_edition_through_every_change_of_every_zone() -> None:
    zones = {change.zone.key for change in changes()}
    assert len(available_timezones()) > 590 and len(changes()) > 600 and len(zones) > 25
    for change in changes():
        for hour in change.hours:
            _check_days_follow(change, hour)


def test_ticking_through_any_kind_of_change_closes_one_edition_a_day() -> None:
    """As the clock does it: whatever is due closes, its date is taken, the next is planned."""
    shapes = {change.shape: change for change in changes()}
    for change in shapes.values():
        for hour in change.hours:
            _check_ticks(change, hour)


def test_a_readers_own_days_are_kept_through_every_kind_of_change() -> None:
    shapes = {change.shape: change for change in changes()}
    for change in shapes.values():
        day = (change.at + change.before).date()
        weekdays = 1 << day.weekday()
        due = next_due(change.at - 3 * DAY, change.zone, 2, weekdays=weekdays)
        after = next_due(due.due_at, change.zone, 2, weekdays=weekdays)
        assert (after.local_date - due.local_date).days == 7 or due_on(day + 7 * DAY, change.zone, 2) is None
        assert due.local_date.weekday() == after.local_date.weekday() == day.weekday()


@pytest.mark.parametrize("kind", ["forward", "back", "half an hour", "at midnight"])
def test_on_the_books_too_each_list_has_one_edition_of_each_local_date(newsroom: Newsroom, kind: str) -> None:
    """A list for the hour that the clocks leave and one for that which they come to, two stories a day, and a tick each hour."""
    change = _of_kind(kind)
    begun = change.at - 36 * HOUR
    with newsroom.db.transaction() as s:
        for hour in {(change.at + offset).hour for offset in (change.before, change.after)}:
            s.add(_list(f"at-{hour}", change.zone, hour, begun))
    for count in range(72):
        if count % 12 == 0:
            newsroom.publish(f"Story {count}", begun + count * HOUR)
        newsroom.tick(begun + count * HOUR)
    gone = [edition for edition in newsroom.editions() if edition.state != EditionState.OPEN]
    for list_id in {edition.list_id for edition in gone}:
        days = sorted(edition.local_date for edition in gone if edition.list_id == list_id)
        assert len(days) >= 2
        assert days == [days[0] + n * DAY for n in range(len(days))]


def _of_kind(kind: str) -> Change:
    for change in changes():
        shift, local = change.after - change.before, change.at + change.before
        if {
            "forward": shift == HOUR and local.hour == 2,
            "back": shift == -HOUR and local.hour == 3,
            "half an hour": abs(shift) == HOUR / 2,
            "at midnight": shift == HOUR and local.hour == 0,
        }[kind]:
            return change
    raise AssertionError(f"no clock changes {kind} any more")


def _list(slug: str, zone: ZoneInfo, hour: int, at: datetime) -> MailingList:
    return MailingList(slug=slug, name=slug, timezone=zone.key, send_hour=hour, created_at=at)


def _check_days_follow(change: Change, hour: int) -> None:
    due = next_due(change.at - 2 * DAY, change.zone, hour)
    while due.due_at < change.at + 2 * DAY:
        following = next_due(due.due_at, change.zone, hour)
        assert following.due_at > due.due_at
        assert following.local_date == _next_date(change.zone, due.local_date), change
        assert latest_due(following.due_at, change.zone, hour) == following
        assert latest_due(following.due_at - MICROSECOND, change.zone, hour) == due
        due = following


def _check_ticks(change: Change, hour: int) -> None:
    now, taken = change.at - 2 * DAY, list[date]()
    while now < change.at + 2 * DAY:
        due = plan(now, change.zone, hour, taken, LONG_AGO)
        if due.due_at <= now:
            taken.append(due.local_date)
        now += timedelta(minutes=30)
    assert len(taken) == len(set(taken)) and taken == sorted(taken)
    for earlier, later in zip(taken, taken[1:], strict=False):
        assert later == _next_date(change.zone, earlier), change


def _next_date(zone: ZoneInfo, day: date) -> date:
    """The next that the zone has: one that crossed the date line once left a day out."""
    following = day + DAY
    while not isinstance(due_on(following, zone, 12), Due):
        following += DAY
    return following


@cache
def changes() -> list[Change]:
    """Zones that share a history are looked at once."""
    known: dict[tuple[tuple[datetime, timedelta, timedelta], ...], list[Change]] = {}
    for name in sorted(available_timezones()):
        found = list(_changes_of(ZoneInfo(name)))
        known.setdefault(tuple((change.at, change.before, change.after) for change in found), found)
    return [change for found in known.values() for change in found]


def _changes_of(zone: ZoneInfo) -> Iterator[Change]:
    at, offset = FIRST, _offset(FIRST, zone)
    while at < LAST:
        at += DAY
        if (now := _offset(at, zone)) != offset:
            yield Change(zone, _moment(zone, at - DAY, at), offset, now)
            offset = now


def _moment(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    offset = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
        low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found
