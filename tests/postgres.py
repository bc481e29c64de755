"""A PostgreSQL server for tests and benchmarks: its own folder, a unix socket, by default no durability. Runs as ``postgres`` where the tests run as root."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg


class Server:
    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """``durable`` leaves Debian's own settings, under which a commit reaches the disk."""
        self.folder = folder
        self.settings = _ENOUGH if durable else (*_ENOUGH, *_FAST)
        # A socket's path must stay under 108 bytes, and "postgres" must be able to walk to it.
        self.socket = Path(tempfile.mkdtemp(prefix="pj-", dir="/tmp"))
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_installed() -> bool:
        return _find("initdb") is not None

    def __enter__(self) -> Self:
        sweep()
        data = self.socket / "data"
        # Held as long as this process lives, however it ends.
        self.held = (self.socket / "held").open("w")
        fcntl.flock(self.held, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            shutil.chown(self.socket, "postgres", "postgres")
        self._run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.start()
        return self

    def start(self) -> None:
        words = ["-D", str(self.socket / "data"), "-k", str(self.socket), "-c", "listen_addresses="]
        self.process = subprocess.Popen(
            [str(_find("postgres")), *words, *self.settings],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_postgres(),
        )  # fmt: skip
        self._run("pg_isready", "-h", str(self.socket), "-t", "0", until=True)

    def restart(self) -> None:
        """As ``-m immediate`` does it: no farewell to anybody, then recovery."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process:
            # SIGINT ends it at once; SIGTERM would wait for every connection that a test left open.
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
        self.held.close()
        shutil.rmtree(self.socket, ignore_errors=True)

    def create(self, name: str, like: str = "template1") -> str:
        """Makes a database, empty or as another one is that nobody uses now; returns its SQLAlchemy address."""
        with psycopg.connect(
            host=str(self.socket), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket}"

    def _run(self, program: str, *words: str, until: bool = False) -> None:
        found = _find(program)
        assert found, f"{program} is not installed"
        while subprocess.run(
            [str(found), *words], capture_output=True, check=not until, **_as_postgres()
        ).returncode:
            assert self.process and self.process.poll() is None, "PostgreSQL did not start"


def sweep() -> None:
    """Takes away the folders of test processes that were killed. A server that still runs in one ends when it misses its files."""
    for held in Path("/tmp").glob("pj-*/held"):
        with suppress(OSError), held.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(held.parent, ignore_errors=True)


_ENOUGH = ("-c", "max_connections=60")
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def _find(program: str) -> Path | None:
    newest_first = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    on_path = shutil.which(program)
    return newest_first[0] if newest_first else Path(on_path) if on_path else None


def _as_postgres() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return (
        {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}
        if os.geteuid() == 0
        else {"cwd": "/"}
    )
