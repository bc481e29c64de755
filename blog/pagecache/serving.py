"""The page cache as WSGI middleware around the whole application: a ready page is answered before Flask is entered.

Only GET and HEAD without a cookie, only answers that call themselves ``Cache-Control: public``, never one that sets a cookie.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from blog.pagecache.generation import Generation
from blog.pagecache.keys import key_of
from blog.pagecache.remembering import Remembered
from blog.pagecache.shelf import Shelf
from blog.pagecache.store import Entry, Ready, Store, variants

Environ = dict[str, Any]
Start = Any
"""WSGI's start_response (PEP 3333)."""
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

LIFE = 60.0
"""Seconds after which a page is made anew though nothing was published: dates, the Moon, a promotion that ended."""
REFUSED = re.compile(r";\s*q=0(\.0{0,3})?\s*$", re.IGNORECASE)
REWRITTEN = {"content-length", "etag", "vary", "content-encoding", "last-modified"}


class PageCache:
    def __init__(
        self,
        application: Wsgi,
        generation: Generation,
        store: Store | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """Without a ``shelf`` each process makes its own pages."""
        self.application = application
        self._generation = generation
        self.remembered = Remembered(generation)
        """What pages are made of, for the application behind."""
        self._store = store or Store()
        self._shelf = shelf

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        key = key_of(environ)
        if key is None:
            return self.application(environ, start)
        try:
            generation = self._generation.current()
        except (sqlite3.Error, SQLAlchemyError):
            # The database is away: the application has the words for that.
            return self.application(environ, start)
        entry = self._kept(key, generation)
        return answer(entry, environ, start) if entry else self._fill(key, generation, environ, start)

    def ready(self, key: str, encodings: str) -> Ready | None:
        """The page, where it is at hand and known to be fresh without asking anybody; never waits."""
        entry = self._store.get(key)
        if entry is None or not _is_fresh(entry, self._generation.known()):
            return None
        return choose(entry, encodings)

    def _kept(self, key: str, generation: int) -> Entry | None:
        entry = self._store.get(key)
        return entry if entry and _is_fresh(entry, generation) else None

    def _fill(self, key: str, generation: int, environ: Environ, start: Start) -> Iterable[bytes]:
        """Whoever comes while a page is being made waits for it."""
        if not self._shelf:
            return self._make(key, generation, environ, start)
        with self._shelf.alone(key):
            entry = self._kept(key, generation) or self._shelf.get(key, generation)
            if not entry or not _is_fresh(entry, generation):
                return self._make(key, generation, environ, start)
            self._store.put(key, entry)
            return answer(entry, environ, start)

    def _make(self, key: str, generation: int, environ: Environ, start: Start) -> Iterable[bytes]:
        """Asks the application for the whole page, without the visitor's conditions, and keeps it where it may."""
        asked = {
            k: v
            for k, v in environ.items()
            if k not in {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"}
        }
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            said[:] = [status, headers]

        chunks = self.application({**asked, "REQUEST_METHOD": "GET"}, listen)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        status, headers = said
        if not _may_keep(status, headers):
            start(status, headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        kept = [(name, value) for name, value in headers if name.lower() not in REWRITTEN]
        entry = Entry(generation, time.time(), variants(kept, body))
        self._store.put(key, entry)
        if self._shelf:
            self._shelf.put(key, entry)
        return answer(entry, environ, start)


def answer(entry: Entry, environ: Environ, start: Start) -> Iterable[bytes]:
    ready = choose(entry, environ.get("HTTP_ACCEPT_ENCODING", ""))
    if ready.is_held(environ.get("HTTP_IF_NONE_MATCH", "")):
        start("304 Not Modified", ready.unchanged)
        return []
    start("200 OK", list(ready.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [ready.body]


def choose(entry: Entry, accepted: str) -> Ready:
    """Brotli, else gzip, else plain."""
    return next(
        (entry.variants[name] for name in _offered(accepted) if name in entry.variants),
        entry.variants["identity"],
    )


@lru_cache(maxsize=256)
def _offered(accepted: str) -> tuple[str, ...]:
    """An encoding with ``q=0`` is refused (RFC 9110 section 12.5.3)."""
    offered = {part.split(";")[0].strip() for part in accepted.split(",") if not REFUSED.search(part)}
    return tuple(name for name in ("br", "gzip") if name in offered)


def _is_fresh(entry: Entry, generation: int | None) -> bool:
    """A page from the future was made before the clock was set back."""
    return entry.generation == generation and 0 <= time.time() - entry.made_at < LIFE


def _may_keep(status: str, headers: list[tuple[str, str]]) -> bool:
    fields = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200")
        and "public" in fields.get("cache-control", "")
        and "set-cookie" not in fields
    )
