"""The processes under test: real clocks and workers, each in a process group of its own, forked from one that has imported the house.

A start costs some hundredths of a second instead of the seconds that the imports take.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

OUT_WITHIN = 30.0
"""Seconds that a process may take to end when it is asked to."""
WELL = (0, -signal.SIGTERM)
"""How a process ends that was asked to: by itself, or at once where it had not begun to listen."""


class Company:
    """Use it as a context: whoever is left at the end is killed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        """What all of them have to say."""
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.faults.deeds", "pytest"])
        self._processes: list[ForkServerProcess] = []

    def start(
        self, deed: Callable[..., None], settings: dict[str, object], **more: object
    ) -> ForkServerProcess:
        process = self._context.Process(target=deed, args=(settings, str(self.log)), kwargs=more)
        process.start()
        self._processes.append(process)
        return process

    def barrier(self, parties: int) -> Barrier:
        return self._context.Barrier(parties)

    def kill(self, process: ForkServerProcess) -> None:
        """-9, and all that it started with it."""
        assert process.pid
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)  # It had no group of its own yet.
        process.join()

    def stop(self, process: ForkServerProcess) -> int | None:
        """Asks it to end; its exit status, None when it does not end in time."""
        process.terminate()
        process.join(OUT_WITHIN)
        return process.exitcode

    def check(self) -> None:
        """Fails when a process died of itself: whoever waits for its mails would wait in vain."""
        for process in self._processes:
            if process.exitcode not in (None, *WELL, -signal.SIGKILL):
                raise AssertionError(
                    f"a process ended with {process.exitcode}: {self.log.read_text()[-1000:]}"
                )

    def says(self, words: str, beyond: int = 0) -> bool:
        """Whether anybody said so, in what stands in the log after so many bytes."""
        return self.log.exists() and words.encode() in self.log.read_bytes()[beyond:]

    def __enter__(self) -> "Company":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.is_alive():
                self.kill(process)
