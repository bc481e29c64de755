"""Hears PostgreSQL tell of each commit that changes something public, wherever it was made (LISTEN and NOTIFY). Called by generation."""

import select
import socket
import threading
from typing import Any

import psycopg
from sqlalchemy import event

from blog.db import Database
from blog.pagecache.purge import CHANNEL

REST = 2.0
"""Seconds until a connection that was lost, or could not be had, is tried again."""


class Ear:
    """Listens on a connection of its own in a thread that ends with the database's engine. Whatever comes between (a pooler that
    passes no notices on, a lost connection) only makes it deaf: it never raises."""

    def __init__(self, db: Database) -> None:
        self.heard = 0
        """Grows with each notice, and whenever one may have been missed."""
        self._address = db.url.replace("+psycopg", "", 1)
        self._farewell, self._leave = socket.socketpair()
        event.listen(db.engine, "engine_disposed", lambda _engine: self.close(), once=True)
        self.thread = threading.Thread(target=self._listen, name="pages heard of", daemon=True)
        self.thread.start()

    def close(self) -> None:
        self._leave.close()

    def _listen(self) -> None:
        with self._farewell:
            while not self._is_over(0):
                try:
                    self._hear()
                except psycopg.Error:
                    self._is_over(REST)

    def _hear(self) -> None:
        with psycopg.connect(self._address, autocommit=True, application_name="perijove pages") as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.heard += 1
            awaited: list[Any] = [connection, self._farewell]
            while self._farewell not in select.select(awaited, [], [])[0]:
                connection.pgconn.consume_input()
                while connection.pgconn.notifies():
                    self.heard += 1

    def _is_over(self, seconds: float) -> bool:
        return bool(select.select([self._farewell], [], [], seconds)[0])
