"""The beats go on whatever the wall clock does, and end when they are told to."""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor

from blog import clock
from newsletter.schedule import Steady, Timetable, run_clock


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
    """Puts the signals back as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_told_to_stop_the_clock_ends_after_the_beat_that_is_at_work() -> None:
    stop, done = threading.Event(), []

    def send(_at: datetime) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append(stop.wait(10))

    def nothing(_at: datetime) -> None:
        pass

    def fails(_at: datetime) -> None:
        raise RuntimeError("the other beats go on")

    run_clock(Timetable(fails, nothing, send, nothing, nothing, nothing, nothing), clock.now, stop)
    assert stop.is_set()
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(10)
    assert done == [True]
