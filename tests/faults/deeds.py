"""What a process under test does; imported once by the process that the others are forked from."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from app import open_house, timetable
from blog import clock, logs
from blog.house import House
from blog.settings import build
from blog.work import Embedded, Work, open_work
from newsletter.running import for_signals
from newsletter.schedule import run_clock, run_worker


def send(settings: dict[str, object], log: str, ahead: float = 0.0) -> None:
    """A worker that asks itself and nobody else, on either database. Its clock is so many seconds ahead."""
    with at_home(settings, log) as house:
        serve(house, Embedded(), ahead)


def work(settings: dict[str, object], log: str, ahead: float = 0.0) -> None:
    """``perijove worker``."""
    with at_home(settings, log) as house:
        serve(house, open_work(house.db), ahead)


def tick(settings: dict[str, object], log: str, ahead: float = 0.0) -> None:
    """``perijove clock``."""
    with at_home(settings, log) as house:
        stop = threading.Event()
        run_clock(timetable(house, stop), open_work(house.db), reading(ahead), stop)


def tick_once(settings: dict[str, object], log: str, at: datetime, barrier: Any = None) -> None:
    """``perijove clock --once --at``, together with all others at the barrier."""
    with at_home(settings, log) as house:
        verbs = timetable(house, threading.Event())
        if barrier:
            barrier.wait()
        verbs.once(at)


def send_in_a_crowd(settings: dict[str, object], log: str, ahead: float = 0.0) -> None:
    """A worker beside whom others take every connection to the database on SIGUSR1, and give them back on SIGUSR2."""
    with at_home(settings, log) as house:
        taken: list[Any] = []

        def take(*_: object) -> None:
            threading.Thread(
                target=lambda: [taken.append(house.db.engine.connect()) for _ in range(16)]
            ).start()

        def give_back(*_: object) -> None:
            for connection in taken:
                connection.close()

        signal.signal(signal.SIGUSR1, take)
        signal.signal(signal.SIGUSR2, give_back)
        serve(house, Embedded(), ahead)


def serve(house: House, work: Work, ahead: float) -> None:
    stop = threading.Event()
    for_signals(stop)
    run_worker(timetable(house, stop), work, reading(ahead), stop)


def reading(ahead: float) -> Any:
    by = timedelta(seconds=ahead)
    return lambda: clock.now() + by


@contextmanager
def at_home(settings: dict[str, object], log: str) -> Iterator[House]:
    with_group_and_log(log)
    house = open_house(build(**settings))
    try:
        yield house
    finally:
        house.db.close()


def with_group_and_log(log: str) -> None:
    """So that a kill reaches all that it started, and what it says can be read."""
    with_its_own = os.getpid() != os.getpgrp()
    if with_its_own:
        os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    sys.stdout.flush()
    logs.configure("warning")
