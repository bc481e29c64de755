"""Requests a second of public pages as browsers ask for them (gzip), beside nginx serving the very same bytes as a file."""

import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Measure, within
from bench.tools import cpu_seconds, find, free_port, wait_for

PERIJOVE = Path(sys.executable).parent / "perijove"
CONNECTIONS = 16
P99 = 3
"""Milliseconds."""
MEMORY = 150
"""MiB of the two together, each counted with its share of what they have in common."""
ENCODING = "gzip"
ROWS = ("article", "home", "memory", "fresh")


@dataclass(frozen=True)
class Load:
    requests: float
    """A second."""
    p99: float
    """Milliseconds."""
    cpu: float
    """Microseconds of the server's processor time a request."""


def run(*, quick: bool, only: Collection[str] = ()) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="perijove-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's and PostgreSQL's processes read it under other names
        if set(only or ROWS) - {"fresh"}:
            yield from _ready(folder, quick, only)
        if "fresh" in (only or ROWS):
            from bench import fresh  # which opens the house

            yield from fresh.run(folder, quick=quick)


def _ready(folder: Path, quick: bool, only: Collection[str]) -> Iterator[Measure]:
    seconds = 1 if quick else 5
    with perijove(folder / "data") as (port, process):
        paths = {"article": article_path(port), "home": "/"}
        for label in [row for row in only or ROWS if row in paths]:
            path = paths[label]
            page = fetch(port, path, ENCODING)
            with nginx(folder, page) as (nginx_port, nginx_process):
                ceiling = load(nginx_port, "/page", seconds, nginx_process.pid)
            ours = load(port, path, seconds, process.pid)
            yield Measure(f"{label}, ready page", ours.requests, "requests/s", ceiling.requests, 0.55)
            yield Measure(
                f"{label}, server processor time", ours.cpu, "µs/request", ceiling.cpu, 2.3, "lower"
            )
            yield within(f"{label}, p99 at 16 connections", ours.p99, "ms", P99, ceiling.p99)
        if "memory" in (only or ROWS):
            yield within("two web workers, memory that is theirs", workers_mib(process.pid), "MiB", MEMORY)


@contextmanager
def perijove(data: Path, database: str = "") -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The demonstration publication, served by the real web command."""
    port = free_port()
    env = {
        **os.environ,
        "PERIJOVE_DATA": str(data),
        "PERIJOVE_DATABASE_URL": database,
        "PERIJOVE_PORT": str(port),
        "PERIJOVE_LOG_LEVEL": "warning",
    }
    subprocess.run([PERIJOVE, "up", "--demo", "--prepare"], env=env, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([PERIJOVE, "web"], env=env, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """nginx with the page as a file, two workers, no log: the least that a web server can do for it."""
    (program,) = find("nginx")
    port = free_port()
    (folder / "page").write_bytes(page)
    conf = folder / "nginx.conf"
    conf.write_text(
        f"worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        "events { worker_connections 512; }"
        f"http {{ access_log off; sendfile on; tcp_nopush on; default_type text/html; keepalive_requests 1000000;"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}"
    )
    process = subprocess.Popen([program, "-c", str(conf), "-e", f"{folder}/error.log"])
    try:
        wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait()


def load(port: int, path: str, seconds: int, server: int) -> Load:
    """What wrk sees with 16 kept connections, after a short warm-up."""
    (wrk,) = find("wrk")
    ask = [wrk, "-t1", f"-c{CONNECTIONS}", "-H", f"Accept-Encoding: {ENCODING}"]
    address = f"http://127.0.0.1:{port}{path}"
    subprocess.run([*ask, "-d1s", address], check=True, stdout=subprocess.DEVNULL)
    before = cpu_seconds(server)
    said = subprocess.run(
        [*ask, f"-d{seconds}s", "--latency", address],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    spent = cpu_seconds(server) - before
    if "Non-2xx" in said:
        sys.exit(f"{address} did not answer 200 each time:\n{said}")
    total = int(_read(r"(\d+) requests in", said))
    return Load(float(_read(r"Requests/sec:\s+([\d.]+)", said)), _milliseconds(said), spent / total * 1e6)


def workers_mib(server: int) -> float:
    """Proportional set size of the processes below ``server``."""
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    told = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in workers]
    return sum(int(_read(r"^Pss:\s+(\d+)", one)) for one in told) / 1024


def article_path(port: int) -> str:
    feed = fetch(port, "/feed.xml").decode()
    return _read(r"<item>.*?<link>https?://[^/]+(/[^<]+)</link>", feed)


def fetch(port: int, path: str, encoding: str = "identity") -> bytes:
    """The body as it goes over the wire."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(asked) as answer:
        body: bytes = answer.read()
        return body


def _milliseconds(said: str) -> float:
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def _read(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.S | re.M)
    if not found:
        sys.exit(f"{pattern} is not in:\n{text[:2000]}")
    return found.group(1)
