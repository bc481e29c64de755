"""A sender as a process of its own, so that what it costs is its own: the verb of the timetable, watched from a thread.

``python -m bench.sender ORDER``; ``bench.senders`` starts it, says when to begin and reads what it tells.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.counting import Count

MiB = 1024 * 1024
GLANCE = 0.02
"""Seconds between two looks at the sink's count."""


@dataclass(frozen=True)
class Order:
    settings: dict[str, Any]
    seconds: float = 1e9
    """It is told to stop after so long."""
    mails: int = 2**62
    """And after so many; only where ``count`` is given."""
    count: str = ""
    """Where a cheap sink counts."""
    core: int | None = None
    """The one core that it may use."""
    beats: bool = False
    """Calls the verb once a second until it is told to stop, as a worker does."""


@dataclass(frozen=True)
class Glimpse:
    at: float
    cpu: float
    """Seconds of processor time since the process began."""
    mails: int
    mib: float
    """Resident memory."""


@dataclass(frozen=True)
class Told:
    seconds: float
    cpu: float
    peak_mib: float
    """Of resident memory."""
    glimpses: list[Glimpse] = field(default_factory=list)
    """In order, ten a second; the last after everything is written down."""


def main() -> None:
    order = Order(**json.loads(sys.argv[1]))
    if order.core is not None:
        os.sched_setaffinity(0, {order.core})
    stop = threading.Event()
    send = _verb(order, stop)
    watch = _Watch(order, stop)
    print("ready", flush=True)
    sys.stdin.readline()
    threading.Thread(target=_end_with_whoever_watches, daemon=True).start()
    began, before = time.perf_counter(), time.process_time()
    watch.start()
    send()
    seconds, cpu = time.perf_counter() - began, time.process_time() - before
    watch.end()
    print(json.dumps(asdict(Told(seconds, cpu, _peak(), watch.seen))), flush=True)


def _peak() -> float:
    """Its own since it began. ``getrusage`` knows the greater peak of whoever started it too."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0]) / 1024


def _end_with_whoever_watches() -> None:
    os.read(0, 1)
    os._exit(1)


def _verb(order: Order, stop: threading.Event) -> Callable[[], None]:
    # Here, so that whoever merely speaks of orders need not load the house.
    from sqlalchemy.exc import OperationalError

    from app import open_house, timetable
    from blog import clock
    from blog.logs import configure
    from blog.settings import build
    from newsletter.schedule import settle_in

    configure("error")
    verbs: Any = timetable(open_house(build(**order.settings)), stop).send
    send = verbs[""] if isinstance(verbs, Mapping) else verbs
    settle_in()

    def work() -> None:
        send(clock.now())

    def beat() -> None:
        while not stop.is_set():
            # A beat that fails is followed by the next, as in every worker.
            with suppress(OperationalError):
                work()
            stop.wait(1)

    return beat if order.beats else work


class _Watch(threading.Thread):
    def __init__(self, order: Order, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.order, self.stop = order, stop
        self.count = Count.open(Path(order.count)) if order.count else None
        self.seen: list[Glimpse] = []
        self._over = threading.Event()

    def run(self) -> None:
        deadline, last = time.monotonic() + self.order.seconds, self._mails() + self.order.mails
        for number in range(2**62):
            if number % 5 == 0:
                self._look()
            if time.monotonic() >= deadline or self._mails() >= last:
                self.stop.set()
            if self._over.wait(GLANCE):
                return

    def end(self) -> None:
        self._over.set()
        self.join()
        self._look()

    def _look(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        mib = pages * resource.getpagesize() / MiB
        self.seen.append(Glimpse(time.perf_counter(), time.process_time(), self._mails(), mib))

    def _mails(self) -> int:
        return self.count.mails if self.count else 0


if __name__ == "__main__":
    main()
