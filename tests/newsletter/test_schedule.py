"""The beats go on whatever the wall clock does, and end when they are told to."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor

from blog import clock
from blog.work import Embedded
from newsletter.schedule import Steady, Timetable, errands, run_clock, run_worker, settle_in
from tests.conftest import NOON


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(days=-3650)], ids=["back", "forward"])
def test_a_clock_that_is_set_back_or_far_forward_stops_no_beat(away: timedelta) -> None:
    """As a scheduler sees it: its next beat lies far from the time that it is now."""
    beaten = threading.Event()
    scheduler = Steady(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_job(beaten.set, "interval", seconds=1, next_run_time=datetime.now(UTC) + away)
    thread = threading.Thread(target=scheduler.start)
    thread.start()
    assert beaten.wait(5)
    scheduler.shutdown()
    thread.join()


@pytest.fixture
def handlers() -> Iterator[None]:
    """Puts the signals and the search for garbage back as they were."""
    often, turn = gc.get_threshold(), sys.getswitchinterval()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    gc.set_threshold(*often)
    gc.unfreeze()
    sys.setswitchinterval(turn)


@pytest.mark.usefixtures("handlers")
def test_what_a_process_has_at_its_start_is_never_looked_through_for_garbage_again() -> None:
    settle_in()
    garbage: list[object] = [gc]
    garbage.append(garbage)
    assert not any(one is settle_in for one in gc.get_objects()), "it stays for good"
    assert any(one is garbage for one in gc.get_objects()), "what comes later is looked at"


@pytest.mark.usefixtures("handlers")
def test_no_connection_stands_idle_for_long_while_letters_are_composed() -> None:
    settle_in()
    assert sys.getswitchinterval() < 0.001


def nothing(_at: datetime) -> None:
    pass


NOTHING = Timetable(nothing, nothing, {"": nothing}, nothing, nothing, nothing, nothing, nothing)


@pytest.mark.usefixtures("handlers")
def test_told_to_stop_before_the_first_beat_the_clock_does_not_begin() -> None:
    stop, beats = threading.Event(), list[datetime]()
    stop.set()
    beat = beats.append
    run_clock(Timetable(beat, beat, {"": beat}, beat, beat, beat, beat, beat), Embedded(), clock.now, stop)
    assert not beats


@pytest.mark.usefixtures("handlers")
def test_told_to_stop_the_clock_ends_after_the_beat_that_is_at_work() -> None:
    stop, done = threading.Event(), []

    def send(_at: datetime) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append(stop.wait(10))

    def fails(_at: datetime) -> None:
        raise RuntimeError("the other beats go on")

    run_clock(replace(NOTHING, publish=fails, send={"": send}), Embedded(), clock.now, stop)
    assert stop.is_set()
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(10)
    assert done == [True]


@pytest.mark.usefixtures("handlers")
def test_where_nobody_asks_a_worker_does_its_errands_at_their_beats_and_decides_nothing() -> None:
    stop, done = threading.Event(), threading.Event()

    def decides(_at: datetime) -> None:
        raise AssertionError("a worker decides nothing")

    def sweep(_at: datetime) -> None:
        done.set()
        os.kill(os.getpid(), signal.SIGTERM)

    taken_up = list[datetime]()
    timetable = replace(NOTHING, publish=decides, compile=decides, sweep=sweep, take_up=taken_up.append)
    run_worker(timetable, Embedded(), clock.now, stop)
    assert done.is_set() and stop.is_set()
    assert len(taken_up) == 1, "it begins with what the dead left here"


def test_each_relay_has_a_queue_of_its_own_and_letters_may_be_all_that_a_worker_does() -> None:
    timetable = replace(
        NOTHING, send={"": nothing, "weekly": nothing}, due={"send:weekly": lambda _at: False}
    )
    asked = {one.name: one for one in errands(timetable)}
    assert [(name, one.queue) for name, one in asked.items() if one.is_shared] == [
        ("send:", "letters:"),
        ("send:weekly", "letters:weekly"),
    ]
    assert asked["send:"].is_due(NOON) and not asked["send:weekly"].is_due(NOON)
    assert [one.name for one in errands(timetable, only_letters=True)] == ["send:", "send:weekly"]
    assert len({one.queue for one in asked.values()}) == 5
