"""The timetable: when which verb is called. The clock and the worker run it; APScheduler appears in this file only.

It ticks in UTC and decides nothing. Whether an edition, a scheduled post or a letter is due, the verbs find in the database;
so a missed tick, a second clock or a change of the hour is harmless.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

log = structlog.get_logger()
Verb = Callable[[datetime], object]


@dataclass(frozen=True)
class Timetable:
    publish: Verb
    """Puts scheduled posts online."""
    compile: Verb
    """Closes editions whose hour has come; marks as sent those whose last letter is settled."""
    send: Verb
    """Sends the letters that are ready, until none is or the process is told to stop."""
    render: Verb
    """Makes the missing sizes of new pictures."""
    move: Verb
    """Goes on with imports of readers."""
    collect: Verb
    """Takes what came back by mail, and counts what servers refused for good."""
    sweep: Verb
    """Removes what has had its day."""

    def once(self, at: datetime) -> None:
        """One whole tick as if it were ``at``: publish, compile, render, send, compile again (it marks what was sent), the rest."""
        first = (self.publish, self.move, self.compile, self.render, self.send)
        for verb in (*first, self.compile, self.collect, self.sweep):
            verb(at)


@dataclass(frozen=True)
class Beat:
    name: str
    verb: Verb
    seconds: int


def run_clock(timetable: Timetable, now: Callable[[], datetime], stop: threading.Event) -> None:
    """The clock of an embedded installation: the timetable's decisions and its work. Blocks until told to stop."""
    decisions = (
        Beat("publish", timetable.publish, 5),
        Beat("compile", timetable.compile, 5),
        Beat("collect", timetable.collect, 60),
        Beat("sweep", timetable.sweep, 3600),
    )
    _run((*decisions, *_work(timetable)), now, stop)


def run_worker(timetable: Timetable, now: Callable[[], datetime], stop: threading.Event) -> None:
    """Work alone, for a machine that lends its hands; any number of these may run beside any number of clocks."""
    _run(_work(timetable), now, stop)


def _work(timetable: Timetable) -> tuple[Beat, ...]:
    return (
        Beat("send", timetable.send, 1),
        Beat("render", timetable.render, 1),
        Beat("move", timetable.move, 2),
    )


def _run(beats: tuple[Beat, ...], now: Callable[[], datetime], stop: threading.Event) -> None:
    scheduler = Steady(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(beats))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    # A beat that finds the one before still at work is nothing to report: an edition takes minutes.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    for beat in beats:
        first = now()
        scheduler.add_job(
            _call, "interval", (beat, now), seconds=beat.seconds, id=beat.name, next_run_time=first
        )

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        # A thread of its own: shutting down from inside the handler would wait for a lock that the handler interrupted.
        threading.Thread(target=scheduler.shutdown, daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    scheduler.start()


class Steady(BlockingScheduler):  # type: ignore[misc]
    """Beats go by the wall clock. Where it was set back, or far forward, they go on from where it stands now, instead of
    waiting until the old time comes again or counting every beat that was leapt over."""

    def _process_jobs(self) -> float | None:
        at = datetime.now(UTC)
        for job in self.get_jobs():
            if abs(job.next_run_time - at) > 2 * job.trigger.interval:
                job.modify(next_run_time=at)
        wait: float | None = super()._process_jobs()
        return wait


def _call(beat: Beat, now: Callable[[], datetime]) -> None:
    """A verb that fails is logged and called again at its next beat: the ledger, not the clock, knows what is left to do."""
    try:
        beat.verb(now())
    except Exception:
        log.exception("clock.beat_failed", beat=beat.name)
