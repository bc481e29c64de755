"""Keeps a few child processes running side by side and ends them together. ``app.py`` uses it for ``perijove up``."""

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType

import structlog

log = structlog.get_logger()
GRACE = 40
"""Seconds that children get to finish what is in flight; Granian and a sender with letters in flight end well within."""
HASTY = 5
"""A child that lives shorter than this many seconds is not started again at once."""


class Supervisor:
    """Starts the named commands, starts again one that dies, and stops them all on SIGINT or SIGTERM."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = threading.Event()

    def run(self) -> int:
        """Returns when told to stop and every child has ended; 0, or 1 where one had to be killed."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        while not self.stopping.wait(0.2):
            self._revive()
        return self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl+C reaches only us, and we end the children in order.
        self.children[name] = subprocess.Popen(list(self.commands[name]), start_new_session=True)
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
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE
        killed = 0
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                killed = 1
        return killed
