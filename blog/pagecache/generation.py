"""Tells the present content generation so cheaply that every request can ask."""

import mmap
import sqlite3
import threading
import time
from pathlib import Path
from typing import Protocol

from blog.db import Database
from blog.pagecache.hearing import Ear
from blog.pagecache.purge import present

POLL = 0.5
"""Seconds between two looks at PostgreSQL: how long a page may be stale where its notices do not come through."""
HEADER = 48
"""Bytes of the write-ahead log's index that every commit changes (sqlite.org/walformat.html, section 2.2)."""


class Generation:
    """On SQLite the head of the write-ahead log's index, read from shared memory without a call, says whether anybody has
    committed since the last look, so the answer is exact. PostgreSQL tells within milliseconds of the commit (``hearing.py``), and
    its row is read every half second for whoever is deaf."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sign: _Sign | None = None
        self._seen: tuple[bytes, int] | None = None
        self._lock = threading.Lock()

    def current(self) -> int:
        """Raises what the database raises where it is away."""
        sign = self._sign or self._watch()
        mark = sign.mark()
        seen = self._seen
        if seen is None or seen[0] != mark:
            # The mark is older than what is read now, so a commit between the two is found at the next look.
            with self._db.reading() as s:
                seen = (mark, present(s))
            self._seen = seen
        return seen[1]

    def known(self) -> int | None:
        """None where it would have to be asked for. Never waits, never raises."""
        sign, seen = self._sign, self._seen
        return seen[1] if sign and seen and seen[0] == sign.mark() else None

    def _watch(self) -> "_Sign":
        with self._lock:
            if self._sign is None:
                self._sign = _Log(self._db.url) if self._db.is_sqlite else _Pulse(self._db)
            return self._sign


class _Sign(Protocol):
    def mark(self) -> bytes:
        """Differs from the last one whenever the row may have changed."""


class _Log:
    """The index of SQLite's write-ahead log. The open connection keeps SQLite from taking the file away."""

    def __init__(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///")).absolute()
        # Only looks: a database that is not there yet is not made.
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, check_same_thread=False)
        self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with Path(f"{path}-shm").open("rb") as file:
            self._index = mmap.mmap(file.fileno(), HEADER, access=mmap.ACCESS_READ)

    def mark(self) -> bytes:
        return self._index[:HEADER]


class _Pulse:
    def __init__(self, db: Database) -> None:
        self._ear = Ear(db)

    def mark(self) -> bytes:
        return b"%d %d" % (self._ear.heard, time.monotonic() // POLL)
