"""Tells the present content generation so cheaply that every request can ask."""

import sqlite3
import threading
import time
from pathlib import Path

from blog.db import Database
from blog.pagecache.purge import present

POLL = 0.5
"""Seconds between two looks at PostgreSQL: how long a page may be stale where commits of other machines cannot be seen at once."""


class Generation:
    """On SQLite ``PRAGMA data_version`` (a few microseconds, no query) says whether anybody has committed since the last look,
    so the answer is exact. On PostgreSQL the row is read at most every half second."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen = threading.local()

    def current(self) -> int:
        seen = self._seen
        mark = self._mark()
        if getattr(seen, "mark", None) != mark:
            with self._db.reading() as s:
                seen.number = present(s)
            seen.mark = mark
        number: int = seen.number
        return number

    def _mark(self) -> int:
        """Changes whenever the row may have changed."""
        if not self._db.is_sqlite:
            return int(time.monotonic() / POLL)
        seen = self._seen
        if not hasattr(seen, "connection"):
            seen.connection = self._connect()
        version: int = seen.connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _connect(self) -> sqlite3.Connection:
        """Only looks: a database that is not there yet is not made."""
        path = Path(self._db.url.removeprefix("sqlite:///")).absolute()
        return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)
