"""The commands that run the timetable: the clock and the workers. ``app.py`` adds them to ``perijove``."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from blog import clock
from blog.desk import Desk
from blog.house import House
from blog.work import open_work
from newsletter.schedule import Timetable, run_clock, run_worker


@dataclass(frozen=True)
class PostDesk(Desk):
    timetable: Callable[[House, threading.Event], Timetable]
    """Binds the timetable's verbs to an opened house; they heed the event as the word to stop."""


class Moment(click.ParamType[datetime]):
    name = "ISO-TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("give a time like 2026-11-23T07:00:00+00:00", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


@click.command("clock")
@click.option("--once", is_flag=True, help="One tick, then end: for rehearsal and catching up.")
@click.option(
    "--at", type=Moment(), help="With --once: as if it were this time (UTC where no zone is given)."
)
@click.pass_obj
def run_the_clock(desk: PostDesk, once: bool, at: datetime | None) -> None:
    """Puts scheduled posts online and closes editions when their hour comes. Asks workers for the rest, or with SQLite does it too."""
    stop, house = threading.Event(), desk.open_house()
    timetable = desk.timetable(house, stop)
    if once:
        for_signals(stop)
        timetable.once(at or clock.now())
    else:
        run_clock(timetable, open_work(house.db), clock.now, stop)


@click.command("worker")
@click.option("--letters", is_flag=True, help="Only letters: where the data folder is not at hand.")
@click.pass_obj
def run_a_worker(desk: PostDesk, letters: bool) -> None:
    """Sends letters, renders pictures and does the chores; decides nothing. Any number may run, on any number of machines."""
    stop, house = threading.Event(), desk.open_house()
    for_signals(stop)
    run_worker(desk.timetable(house, stop), open_work(house.db), clock.now, stop, only_letters=letters)


commands: tuple[click.Command, ...] = (run_the_clock, run_a_worker)


def for_signals(stop: threading.Event) -> None:
    """Sets ``stop`` on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
