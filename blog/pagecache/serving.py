"""The page cache as WSGI middleware around the whole application: a ready page is answered before Flask is entered.

Only GET and HEAD without a cookie, only answers that call themselves ``Cache-Control: public``, never one that sets a cookie.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError

from blog.pagecache.generation import Generation
from blog.pagecache.store import Entry, Ready, Store, variants

Environ = dict[str, Any]
Start = Any
"""WSGI's start_response (PEP 3333)."""
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

LIFE = 60.0
"""Seconds after which a page is made anew though nothing was published: dates, the Moon, a promotion that ended."""
KEPT_QUERIES = {"page"}
"""The only query parameters that choose another page; all others are dropped from the key."""
UNKEYED = ("/studio", "/static/", "/media/", "/search")
REFUSED = re.compile(r";\s*q=0(\.0{0,3})?\s*$", re.IGNORECASE)
REWRITTEN = {"content-length", "etag", "vary", "content-encoding", "last-modified"}


class PageCache:
    def __init__(self, application: Wsgi, generation: Generation, store: Store | None = None) -> None:
        self._application = application
        self._generation = generation
        self._store = store or Store()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        key = key_of(environ)
        if key is None:
            return self._application(environ, start)
        try:
            generation = self._generation.current()
        except (sqlite3.Error, SQLAlchemyError):
            # The database is away: the application has the words for that.
            return self._application(environ, start)
        entry = self._store.get(key)
        if entry and entry.generation == generation and time.monotonic() - entry.made_at < LIFE:
            return answer(entry, environ, start)
        return self._fill(key, generation, environ, start)

    def _fill(self, key: str, generation: int, environ: Environ, start: Start) -> Iterable[bytes]:
        """Asks the application for the whole page, without the visitor's conditions, and keeps it where it may."""
        asked = {
            k: v
            for k, v in environ.items()
            if k not in {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"}
        }
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            said[:] = [status, headers]

        chunks = self._application({**asked, "REQUEST_METHOD": "GET"}, listen)
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
        entry = Entry(generation, time.monotonic(), variants(kept, body))
        self._store.put(key, entry)
        return answer(entry, environ, start)


def key_of(environ: Environ) -> str | None:
    """What tells one ready page from another; None where the request must go to the application."""
    path: str = environ.get("PATH_INFO", "")
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or path.startswith(UNKEYED)
    ):
        return None
    if "json" in environ.get("HTTP_ACCEPT", "") and not path.endswith(".json"):
        return None
    query = environ.get("QUERY_STRING", "")
    if not query:
        return path
    # The first of several, as the application reads it: else one page could be kept under the name of another.
    kept = {
        name: values[0]
        for name, values in parse_qs(query, keep_blank_values=True).items()
        if name in KEPT_QUERIES
    }
    return "?".join([path, *(f"{name}={value}" for name, value in sorted(kept.items()))])


def answer(entry: Entry, environ: Environ, start: Start) -> Iterable[bytes]:
    ready = choose(entry, environ.get("HTTP_ACCEPT_ENCODING", ""))
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and ready.etag in [tag.strip().removeprefix("W/") for tag in asked.split(",")]:
        start(
            "304 Not Modified",
            [h for h in ready.headers if h[0] not in ("Content-Length", "Content-Encoding")],
        )
        return []
    start("200 OK", list(ready.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [ready.body]


def choose(entry: Entry, accepted: str) -> Ready:
    """Brotli, else gzip, else plain; an encoding with ``q=0`` is refused (RFC 9110 section 12.5.3)."""
    offered = {part.split(";")[0].strip() for part in accepted.split(",") if not REFUSED.search(part)}
    name = next((n for n in ("br", "gzip") if n in offered and n in entry.variants), "identity")
    return entry.variants[name]


def _may_keep(status: str, headers: list[tuple[str, str]]) -> bool:
    fields = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200")
        and "public" in fields.get("cache-control", "")
        and "set-cookie" not in fields
    )
