"""Workers that are forked from one process, started again when they die, and ended together. Used by ``server``."""

import signal
import time
from collections.abc import Callable
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

log = structlog.get_logger()
GLANCE = 0.5
"""Seconds between two looks at whether we are to end."""
HASTY = 5.0
"""A worker that lives shorter than this many seconds is not started again at once."""
REST = 1.0


class Workers:
    """``work`` ends at SIGTERM; a worker that does not within ``grace`` seconds is killed."""

    def __init__(self, work: Callable[[], None], number: int, grace: float) -> None:
        self._work, self._number, self._grace = work, number, grace
        self._born: dict[BaseProcess, float] = {}
        self._is_ending = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for _ in range(self._number):
            self._start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while not self._is_ending:
            connection.wait([worker.sentinel for worker in self._born], GLANCE)
            self._revive()
        self._part()

    def _start(self) -> None:
        worker = get_context("fork").Process(target=self._begin)
        worker.start()
        self._born[worker] = time.monotonic()

    def _begin(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        self._work()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._is_ending = True

    def _revive(self) -> None:
        for worker in [one for one in self._born if not one.is_alive()]:
            if self._is_ending:
                return
            lived = time.monotonic() - self._born.pop(worker)
            log.warning("worker.ended", status=worker.exitcode, then="started again")
            if lived < HASTY:
                time.sleep(REST)
            self._start()

    def _part(self) -> None:
        for worker in self._born:
            worker.terminate()
        deadline = time.monotonic() + self._grace
        for worker in self._born:
            worker.join(max(0.0, deadline - time.monotonic()))
            if worker.is_alive():
                worker.kill()
                worker.join()
