"""The databases that a benchmark runs on: an embedded SQLite file, and a PostgreSQL of its own as Debian configures it, with fsync."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Server


@dataclass(frozen=True)
class Place:
    """Where one world's tables lie."""

    label: str
    url: str
    """Empty: SQLite in the world's own folder."""
    server: int = 0
    """The process id of its server, which has one where it is PostgreSQL."""


Places = Callable[[str], Place]
"""A fresh database by a name."""


def sqlite(_name: str) -> Place:
    return Place("SQLite", "")


@contextmanager
def postgresql(folder: Path) -> Iterator[Places]:
    """A server whose commits reach the disk: a sender must pay for its own."""
    with Server(folder, durable=True) as server:
        assert server.process
        pid = server.process.pid
        yield lambda name: Place("PostgreSQL", server.create(name), pid)
