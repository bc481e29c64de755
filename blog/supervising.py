"""Keeps a few child processes running side by side and ends them together. ``app.py`` uses it for ``perijove up``."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Container, Iterable, Mapping, Sequence
from types import FrameType

import structlog

log = structlog.get_logger()
GRACE = 40
"""Seconds that children get to finish what is in flight; the web server and a sender with letters in flight end well within."""
PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>."""
HASTY = 5
"""A child that lives shorter than this many seconds is not started again at once."""


class Supervisor:
    """Starts the named commands, starts again one that dies, and stops them all on SIGINT or SIGTERM."""

    def __init__(self, commands: Mapping[str, Sequence[str]], last: Container[str] = ()) -> None:
        """``last`` names those that the others lean on: they end when the others have ended."""
        self.commands, self.last = commands, last
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = threading.Event()

    def run(self) -> int:
        """Returns when told to stop and every child has ended; 0, or 1 where one had to be killed."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        # No wait() on the event here: the handler that sets it runs in this thread and would find its lock taken.
        while not self.stopping.is_set():
            time.sleep(0.2)
            self._revive()
        return self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl+C reaches only us, and we end the children in order.
        self.children[name] = subprocess.Popen(
            list(self.commands[name]), start_new_session=True, preexec_fn=end_with_parent
        )
        self.started[name] = time.monotonic()

    def _revive(self) -> None:
        for name, child in self.children.items():
            if child.poll() is None:
                continue
            if time.monotonic() - self.started[name] < HASTY:
                time.sleep(1)
            log.warning("process.ended", name=name, status=child.returncode, then="started again")
            self._start(name)

    def _end(self) -> int:
        names = list(self.children)
        killed = self._finish(name for name in names if name not in self.last)
        return self._finish(name for name in names if name in self.last) or killed

    def _finish(self, names: Iterable[str]) -> int:
        children = [self.children[name] for name in names]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + GRACE
        killed = 0
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                killed = 1
        return killed


def end_with_parent() -> None:
    """In the child: when we are killed and cannot end it, Linux sends it SIGTERM; else it would hold the port for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
