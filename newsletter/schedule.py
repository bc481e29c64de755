"""The timetable: when which verb is called. The clock and the worker run it; APScheduler appears in this file only.

It ticks in UTC and decides nothing. Whether an edition, a scheduled post or a letter is due, the verbs find in the database;
so a missed tick, a second clock or a change of the hour is harmless. Decisions are taken in the clock's own process; everything else is
an errand, and who does it is the business of ``blog.work``.
"""

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from blog.work import Errand, Work

log = structlog.get_logger()
Verb = Callable[[datetime], object]
LETTERS = "send:"
"""What the name of a sending errand begins with; the relay follows, which is nothing for the publication's own mail server."""

CYCLES = 20_000
"""So many new objects until the next look for garbage: a batch of letters has thousands that are none."""
TURN = 0.0002
"""Seconds after which a thread lets another have its turn."""


def _nothing(_at: datetime) -> None:
    """There are no dead where nothing is sent, and no words where nothing is published."""


@dataclass(frozen=True)
class Timetable:
    publish: Verb
    """Puts scheduled posts online."""
    compile: Verb
    """Closes editions whose hour has come; marks as sent those whose last letter is settled."""
    send: Mapping[str, Verb]
    """By relay: sends the letters that are ready, until none is or the process is told to stop."""
    render: Verb
    """Makes the missing sizes of new pictures."""
    move: Verb
    """Goes on with imports of readers."""
    collect: Verb
    """Takes what came back by mail, and counts what servers refused for good."""
    count: Verb
    """Keeps the books of large editions."""
    sweep: Verb
    """Removes what has had its day."""
    learn: Verb = _nothing
    """Takes in the words of stories that are not known yet."""
    herald: Verb = lambda at: None
    """Tells feed readers and search engines of changed stories, where the settings name any."""
    look: Verb = _nothing
    """Looks whether links to other sites lead somewhere."""
    due: Mapping[str, Callable[[datetime], bool]] = field(default_factory=dict)
    """By the name of an errand: a cheap look whether there is anything to do. One that is not here is asked for at every beat."""
    take_up: Verb = _nothing
    """Takes up what senders left that died on this machine; whoever works here begins with it, for others may have no way to."""

    def once(self, at: datetime) -> None:
        """One whole tick as if it were ``at``: publish, compile, render, send, compile again (it marks what was sent), the rest."""
        first = (self.publish, self.move, self.compile, self.render, *self.send.values())
        for verb in (
            *first,
            self.compile,
            self.learn,
            self.herald,
            self.look,
            self.collect,
            self.count,
            self.sweep,
        ):
            verb(at)


def errands(timetable: Timetable, *, only_letters: bool = False) -> tuple[Errand, ...]:
    """What any machine may do: letters with a queue for each relay, so that none waits for another, pictures, and chores."""
    letters = tuple(
        _errand(timetable, LETTERS + relay, verb, f"letters:{relay}", 0.5, is_shared=True)
        for relay, verb in timetable.send.items()
    )
    if only_letters:
        return letters
    return (
        *letters,
        _errand(timetable, "render", timetable.render, "pictures", 1),
        _errand(timetable, "move", timetable.move, "chores", 2),
        _errand(timetable, "herald", timetable.herald, "chores", 10),
        # Other people's servers are slow: nothing else waits for them.
        _errand(timetable, "look", timetable.look, "links", 10),
        _errand(timetable, "collect", timetable.collect, "chores", 60),
        _errand(timetable, "count", timetable.count, "chores", 5),
        _errand(timetable, "learn", timetable.learn, "chores", 60),
        _errand(timetable, "sweep", timetable.sweep, "chores", 3600),
    )


def _errand(
    timetable: Timetable, name: str, verb: Verb, queue: str, seconds: float, *, is_shared: bool = False
) -> Errand:
    look = timetable.due.get(name, lambda at: True)
    return Errand(name, verb, queue, seconds, look, is_shared)


@dataclass(frozen=True)
class Beat:
    name: str
    verb: Verb
    seconds: float


def run_clock(timetable: Timetable, work: Work, now: Callable[[], datetime], stop: threading.Event) -> None:
    """Takes the timetable's decisions and asks for its errands. Blocks until told to stop."""
    settle_in()
    decisions = (Beat("publish", timetable.publish, 5), Beat("compile", timetable.compile, 5))
    _run((*decisions, *_beats(errands(timetable), work)), now, stop)


def run_worker(
    timetable: Timetable,
    work: Work,
    now: Callable[[], datetime],
    stop: threading.Event,
    *,
    only_letters: bool = False,
) -> None:
    """Errands alone, for a machine that lends its hands; any number of these may run beside any number of clocks."""
    settle_in()
    doing = errands(timetable, only_letters=only_letters)
    _call(Beat("take_up", timetable.take_up, 0), now)
    if not work.serve(doing, now, stop):
        _run(_beats(doing, work), now, stop)


def settle_in() -> None:
    """What the process has now it keeps: looking through it for garbage time and again would be a tenth of what a letter costs.

    And its threads give way to each other sooner than Python's 5 ms: while the clerk composes, eight connections would stand idle for so long.
    """
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
    gc.set_threshold(CYCLES, *gc.get_threshold()[1:])


def _beats(asked: tuple[Errand, ...], work: Work) -> tuple[Beat, ...]:
    return tuple(Beat(one.name, partial(work.ask, one), one.seconds) for one in asked)


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
    if not stop.is_set():  # told to while we were still getting ready
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
