"""Mail servers that throw everything away, and ``smtp-source``, which fills them as fast as C can: the ceilings of ``bench/run digest``."""

import os
import pwd
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.counting import Count
from bench.tools import find, free_port, wait_for


@dataclass(frozen=True)
class Sink:
    count: Count
    pid: int


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's smtp-sink on a port of the loopback."""
    (program,) = find("smtp-sink")
    port = free_port()
    as_other = ["-u", "nobody"] if os.geteuid() == 0 and pwd.getpwnam("nobody") else []
    with _running([str(program), *as_other, "-c", f"127.0.0.1:{port}", "1000"]):
        wait_for(port)
        yield port


@contextmanager
def cheap(folder: Path, late: float = 0) -> Iterator[Sink]:
    """Our own, which costs next to nothing and counts; ``late`` is how many milliseconds every reply lets wait."""
    count = Count.make(folder / f"sink-{time.monotonic_ns()}")
    with _running([sys.executable, "-m", "bench.cheap", str(count.path), str(late)]) as process:
        deadline = time.monotonic() + 30
        while not count.port:
            assert process.poll() is None and time.monotonic() < deadline, "the sink did not start"
            time.sleep(0.02)
        yield Sink(count, process.pid)


@dataclass(frozen=True)
class Sourced:
    rate: float
    """Messages a second."""
    cost: float
    """Microseconds of processor time a message."""


def source(port: int, mails: int, size: int, connections: int) -> Sourced:
    """What smtp-source does with kept connections (-d)."""
    (program,) = find("smtp-source")
    before, began = _children(), time.perf_counter()
    subprocess.run(
        [program, "-d", "-m", str(mails), "-s", str(connections), "-l", str(size), "-f", "a@example.org", "-t", "b@example.org",
         f"127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    spent = time.perf_counter() - began
    return Sourced(mails / spent, (_children() - before) / mails * 1e6)


def round_trip(port: int, asked: int = 20) -> float:
    """Seconds from a command to its reply."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.recv(1000)
        spent = []
        for _ in range(asked):
            began = time.perf_counter()
            line.sendall(b"NOOP\r\n")
            line.recv(1000)
            spent.append(time.perf_counter() - began)
    return median(spent)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _running(words: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
