from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.lists.planning import GRACE, Due, due_on, latest_due, next_due, plan

DAY = timedelta(days=1)
LONDON, UTC_ZONE = ZoneInfo("Europe/London"), ZoneInfo("UTC")
_ZONES = """
UTC Europe/London America/New_York America/Sao_Paulo Australia/Lord_Howe America/Nuuk Asia/Gaza Africa/Casablanca Africa/Cairo
Pacific/Chatham America/St_Johns Asia/Kathmandu Pacific/Kiritimati America/Havana Asia/Beirut
"""
TELLING = _ZONES.split()
"""Half-hour clocks, half-hour changes, changes at midnight, twice a year with Ramadan between, and both ends of the day."""
BEGIN = datetime(2009, 12, 31, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_hour_that_does_not_exist_is_due_when_the_gap_ends() -> None:
    assert due_on(date(2026, 3, 29), LONDON, 1) == Due(date(2026, 3, 29), at("2026-03-29T01:00"))


def test_an_hour_that_comes_twice_is_due_the_first_time() -> None:
    assert due_on(date(2026, 10, 25), LONDON, 1) == Due(date(2026, 10, 25), at("2026-10-25T00:00"))


def test_a_gap_at_midnight_delays_the_hour_it_swallows() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    assert due_on(date(2026, 3, 29), beirut, 0) == Due(date(2026, 3, 29), at("2026-03-28T22:00"))


def test_a_gap_of_half_an_hour_ends_at_the_half_hour() -> None:
    howe = ZoneInfo("Australia/Lord_Howe")
    due = due_on(date(2026, 10, 4), howe, 2)
    assert due and f"{due.due_at.astimezone(howe):%d %H:%M}" == "04 02:30"


def test_a_day_that_a_zone_left_out_has_no_edition() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert due_on(date(2011, 12, 30), apia, 7) is None
    before = due_on(date(2011, 12, 29), apia, 7)
    assert before and next_due(before.due_at, apia, 7).local_date == date(2011, 12, 31)
    after = due_on(date(2011, 12, 31), apia, 7)
    assert after and latest_due(after.due_at - timedelta(seconds=1), apia, 7).local_date == date(2011, 12, 29)


@pytest.mark.parametrize("name", TELLING)
def test_every_local_date_has_exactly_one_edition_through_every_change_of_the_clock(name: str) -> None:
    zone = ZoneInfo(name)
    for hour in (0, 1, 2, 3, 7, 23):
        moment, last = at("2026-01-01T00:00"), None
        while moment < at("2028-01-01T00:00"):
            due = next_due(moment, zone, hour)
            assert moment < due.due_at <= moment + timedelta(hours=50)
            assert last is None or due.local_date == last + DAY
            assert latest_due(due.due_at, zone, hour) == due
            assert (
                latest_due(due.due_at - timedelta(microseconds=1), zone, hour).local_date
                == due.local_date - DAY
            )
            local = due.due_at.astimezone(zone)
            assert (local.hour, local.minute) == (hour, 0) or _is_end_of_gap(due.due_at, zone)
            moment, last = due.due_at, due.local_date


def test_the_hour_that_has_just_struck_is_planned_for_as_long_as_the_grace() -> None:
    struck = Due(date(2026, 11, 22), at("2026-11-22T07:00"))
    for late in (timedelta(0), timedelta(minutes=1), timedelta(hours=1), GRACE):
        assert plan(struck.due_at + late, UTC_ZONE, 7, (), BEGIN) == struck


def test_beyond_the_grace_the_next_one_is_planned() -> None:
    tomorrow = Due(date(2026, 11, 23), at("2026-11-23T07:00"))
    late = at("2026-11-22T07:00") + GRACE + timedelta(microseconds=1)
    assert plan(late, UTC_ZONE, 7, (), BEGIN) == tomorrow


def test_nine_missed_days_become_one_edition() -> None:
    assert plan(at("2026-12-01T07:30"), UTC_ZONE, 7, {date(2026, 11, 22)}, BEGIN).local_date == date(
        2026, 12, 1
    )


def test_a_day_that_is_taken_is_not_planned_again() -> None:
    taken = {date(2026, 11, 22), date(2026, 11, 23)}
    assert plan(at("2026-11-22T07:00"), UTC_ZONE, 7, taken, BEGIN).local_date == date(2026, 11, 24)


def test_a_list_that_began_after_the_hour_waits_for_the_next() -> None:
    assert plan(at("2026-11-22T07:30"), UTC_ZONE, 7, (), at("2026-11-22T07:20")).local_date == date(
        2026, 11, 23
    )


def _is_end_of_gap(moment: datetime, zone: ZoneInfo) -> bool:
    before, after = ((moment + shift).astimezone(zone) for shift in (timedelta(seconds=-1), timedelta(0)))
    return (after.replace(tzinfo=None) - before.replace(tzinfo=None)) > timedelta(seconds=1)
