"""No window of time, wherever it is laid, holds more than a relay's limit, and nearly all of the limit can be used."""

from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import pace
from newsletter.delivery.model import RelayPace
from newsletter.delivery.pace import Grant
from newsletter.delivery.relays import Pace, Relay, Warmup

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
few = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@dataclass
class Senders:
    """Some processes that ask for slots of one relay, one after the other, as the lock on its row has it. What they are granted
    leaves as late as chance wants it.
    """

    s: Session
    relay: Relay
    chance: Random = field(default_factory=lambda: Random(7))
    left: list[datetime] = field(default_factory=list)
    """When each message left."""
    set_back: timedelta = timedelta()
    """So far the clock that the senders read lies behind ``left``."""

    def ask(self, wanted: int, at: datetime, urgent: int = 0) -> Grant:
        got = pace.grant(self.s, self.relay, wanted, at - self.set_back, urgent)
        for number in range(got.number):
            slot = got.first_at + timedelta(seconds=got.spacing) * number + self.set_back
            late = self.chance.choice([0.0, got.late, self.chance.random() * got.late])
            self.left.append(max(at, slot) + timedelta(seconds=late))
        return got

    def work(self, processes: int, begin: datetime, end: datetime) -> int:
        """Each asks when it was told to, a little later now and then. Returns how many messages they were granted."""
        before, turns = len(self.left), [begin] * processes
        while (at := min(turns)) < end:
            got = self.ask(10_000, at)
            hesitation = timedelta(seconds=self.chance.choice([0.01, 0.05, 0.1]))
            turns[turns.index(at)] = max(got.again_at + self.set_back, at) + hesitation
        return len(self.left) - before

    def most_within(self, window: timedelta) -> int:
        """In the fullest window of that length, both of its ends included."""
        times = sorted(self.left)
        return max(bisect_right(times, time + window) - place for place, time in enumerate(times))


def relay(**limits: int | Warmup) -> Relay:
    return Relay("alerts", "file:///tmp/x", pace=Pace(**limits))  # type: ignore[arg-type]


@few
@given(
    per_second=st.integers(1, 400),
    processes=st.integers(1, 4),
    seed=st.integers(0, 999),
)
def test_no_second_holds_more_than_the_limit_and_nine_tenths_are_used(
    s: Session, per_second: int, processes: int, seed: int
) -> None:
    forget(s)
    senders = Senders(s, relay(per_second=per_second), Random(seed))
    for_long = timedelta(seconds=8)
    got = senders.work(processes, NOON, NOON + for_long)
    assert senders.most_within(SECOND) <= per_second
    assert got >= 0.9 * per_second * for_long.total_seconds() - per_second / 2 - 1


@few
@given(cap=st.integers(20, 5000), processes=st.integers(1, 3), seed=st.integers(0, 999))
def test_no_hour_and_no_day_holds_more_than_its_limit(
    s: Session, cap: int, processes: int, seed: int
) -> None:
    forget(s)
    senders = Senders(s, relay(per_hour=cap, per_day=cap * 6), Random(seed))
    began = NOON + timedelta(seconds=senders.chance.randrange(5000))
    for number in range(3 * 24):
        at = began + number * timedelta(minutes=40) + timedelta(seconds=senders.chance.randrange(900))
        for process in range(processes):
            senders.ask(senders.chance.randrange(cap), at + process * timedelta(milliseconds=20))
    assert senders.most_within(HOUR) <= cap
    assert senders.most_within(DAY) <= cap * 6


@pytest.mark.parametrize(("limit", "window"), [("per_hour", HOUR), ("per_day", DAY)])
def test_nine_tenths_of_an_hour_s_and_a_day_s_limit_are_used(
    s: Session, limit: str, window: timedelta
) -> None:
    senders = Senders(s, relay(**{limit: 1000}))
    at, windows = NOON, 6
    while at < NOON + windows * window:
        senders.ask(10_000, at)
        at += window / 150
    assert len(senders.left) >= 0.9 * 1000 * windows
    assert senders.most_within(window) <= 1000


@few
@given(seed=st.integers(0, 9999), back=st.sampled_from([1, 30, 70, 3599, 86_400, 40_000_000]))
def test_a_clock_that_is_set_back_breaks_no_limit_and_stops_nothing_for_more_than_a_minute(
    s: Session, seed: int, back: int
) -> None:
    forget(s)
    senders = Senders(s, relay(per_second=20, per_hour=5000), Random(seed))
    senders.work(2, NOON, NOON + timedelta(seconds=8))
    senders.set_back = timedelta(seconds=back)
    senders.work(2, NOON + timedelta(seconds=8), NOON + timedelta(seconds=68))
    got = senders.work(2, NOON + timedelta(seconds=68), NOON + timedelta(seconds=76))
    assert senders.most_within(SECOND) <= 20
    assert got >= 0.85 * 20 * 8


def test_an_hour_s_count_outlives_a_clock_that_is_set_back(s: Session) -> None:
    senders = Senders(s, relay(per_hour=100))
    assert senders.ask(100, NOON, urgent=100).number == 100
    senders.set_back = timedelta(days=400)
    assert senders.ask(100, NOON + timedelta(minutes=30)).number == 0
    assert senders.ask(100, NOON + timedelta(minutes=93)).number == 95


def test_a_warm_up_doubles_each_day_until_the_day_s_limit(s: Session) -> None:
    plan = Warmup(date(2026, 12, 1), 500)
    pacing = Pace(per_day=3000, warmup=plan)
    day = datetime(2026, 12, 1, 9, tzinfo=UTC)
    caps = [pacing.most_in_a_day(day + n * DAY) for n in (-3, 0, 1, 2, 3, 13, 14, 400)]
    assert caps == [500, 500, 1000, 2000, 3000, 3000, 3000, 3000]
    endless = Pace(warmup=plan)
    assert endless.most_in_a_day(day + 13 * DAY) == 500 * 2**13
    assert endless.most_in_a_day(day + 14 * DAY) is None
    assert endless.is_free(day + 14 * DAY) and not endless.is_free(day)


def test_during_a_warm_up_no_24_hours_hold_more_than_their_last_day_s_number(s: Session) -> None:
    senders = Senders(s, relay(warmup=Warmup(NOON.date(), 50)))
    told: list[tuple[datetime, int]] = []
    for number in range(4 * 48):
        at = NOON + number * timedelta(minutes=30)
        told.append((at, senders.ask(10_000, at).number))
    for at, _ in told:
        within = sum(count for when, count in told if at - DAY <= when <= at)
        assert within <= 50 << (at.date() - NOON.date()).days
    assert sum(count for _, count in told) >= 0.9 * (50 + 100 + 200 + 400)


def test_some_of_an_hour_are_kept_for_letters_that_somebody_waits_for(s: Session) -> None:
    senders = Senders(s, relay(per_hour=100))
    first = senders.ask(500, NOON)
    assert (first.number, first.again_at) == (95, NOON + SECOND)
    assert senders.ask(500, NOON + SECOND, urgent=2).number == 2
    assert senders.ask(3, NOON + SECOND, urgent=3).number == 3
    spent = senders.ask(500, NOON + SECOND, urgent=9)
    assert spent.number == 0
    assert HOUR < spent.again_at - NOON < HOUR + timedelta(minutes=2)
    assert senders.ask(500, spent.again_at).number == 95


def test_what_never_left_is_not_counted(s: Session) -> None:
    senders = Senders(s, relay(per_hour=100))
    senders.ask(95, NOON)
    pace.give_back(s, senders.relay, 40, NOON + timedelta(minutes=5))
    assert senders.ask(500, NOON + timedelta(minutes=6)).number == 40


def test_slots_lie_within_half_a_second_and_the_next_are_asked_for_in_time(s: Session) -> None:
    senders = Senders(s, relay(per_second=10))
    got = senders.ask(100, NOON)
    last = got.first_at + timedelta(seconds=got.spacing) * (got.number - 1)
    assert got.first_at > NOON and last <= NOON + timedelta(seconds=0.5)
    assert NOON < got.again_at < last
    assert senders.ask(100, NOON).number == 0, "they are somebody's"


def test_a_relay_without_limits_asks_the_database_nothing(s: Session, statements: list[str]) -> None:
    got = pace.grant(s, Relay("", "file:///tmp/x"), 300, NOON)
    pace.give_back(s, Relay("", "file:///tmp/x"), 3, NOON)
    assert (got.number, got.first_at, got.spacing, got.again_at) == (300, NOON, 0.0, NOON)
    assert statements == []


def test_relays_are_counted_apart(s: Session) -> None:
    first, second = Senders(s, relay(per_second=1)), Senders(s, Relay("weekly", "", pace=Pace(per_second=1)))
    assert (first.ask(1, NOON).number, second.ask(1, NOON).number, first.ask(1, NOON).number) == (1, 1, 0)


def test_senders_that_ask_in_one_moment_never_get_the_same_slot(db: Database) -> None:
    slots: list[datetime] = []

    def ask(turn: int) -> None:
        with db.transaction() as s:
            got = pace.grant(s, relay(per_second=100, per_hour=500), 7, NOON + turn * timedelta(seconds=0.04))
        slots.extend(got.first_at + number * timedelta(seconds=got.spacing) for number in range(got.number))

    with ThreadPoolExecutor(4) as senders:
        list(senders.map(ask, range(40)))
    distances = [later - earlier for earlier, later in pairwise(sorted(slots))]
    assert len(slots) > 100 and min(distances) > timedelta(seconds=0.0109)


def forget(s: Session) -> None:
    s.execute(delete(RelayPace))


def test_a_relay_at_its_cap_is_left_alone_until_there_is_room(db: Database, statements: list[str]) -> None:
    relay = Relay("", "", pace=Pace(per_hour=5))
    assert pace.is_open(db, relay, NOON)
    with db.transaction() as s:
        again = pace.grant(s, relay, 100, NOON, urgent=100).again_at
        again = pace.grant(s, relay, 100, NOON, urgent=100).again_at
    assert not pace.is_open(db, relay, NOON) and not pace.is_open(db, relay, again - SECOND)
    assert pace.is_open(db, relay, again)
    statements.clear()
    assert pace.is_open(db, Relay("", ""), NOON) and not statements
