"""Ready pages in memory: the newest used stay, the total is bounded."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import brotli

BROTLI_QUALITY = 5
"""1.3 ms for a 59 KB page; quality 11 takes 64 ms for four per cent less."""


@dataclass(frozen=True)
class Ready:
    """A whole answer in one encoding."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str

    @property
    def unchanged(self) -> list[tuple[str, str]]:
        """The headers of an answer that says: you have it."""
        return [one for one in self.headers if one[0] not in ("Content-Length", "Content-Encoding")]

    def is_held(self, tags: str) -> bool:
        """By a visitor who sends these as If-None-Match."""
        return bool(tags) and self.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]

    @cached_property
    def lines(self) -> bytes:
        """The headers as they go onto the wire, with the empty line that ends them."""
        return _lines(self.headers)

    @cached_property
    def lines_unchanged(self) -> bytes:
        return _lines(self.unchanged)


@dataclass(frozen=True)
class Entry:
    generation: int
    made_at: float
    """Seconds since the epoch: other processes, and those of after a restart, must understand it."""
    variants: dict[str, Ready]
    """By content encoding: identity, gzip, br."""

    @property
    def size(self) -> int:
        return sum(len(ready.body) for ready in self.variants.values())


class Store:
    """Safe to share between threads; each process has its own."""

    def __init__(self, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._most = most_bytes
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Entry | None:
        entry = self._entries.get(key)
        if entry is not None:
            # One step of the interpreter, so it needs no lock; another thread may have dropped the key meanwhile.
            with suppress(KeyError):
                self._entries.move_to_end(key)
        return entry

    def put(self, key: str, entry: Entry) -> None:
        with self._lock:
            old = self._entries.pop(key, None)
            self._held += entry.size - (old.size if old else 0)
            self._entries[key] = entry
            while self._held > self._most and self._entries:
                self._held -= self._entries.popitem(last=False)[1].size


def variants(headers: list[tuple[str, str]], body: bytes) -> dict[str, Ready]:
    """The answer in every encoding worth having; ``headers`` must carry neither length, encoding, ETag nor Vary."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    packed = {"identity": body}
    if len(body) > 500:
        packed |= {
            "br": brotli.compress(body, quality=BROTLI_QUALITY),
            "gzip": gzip.compress(body, 6, mtime=0),
        }
    return {name: _ready(headers, name, data, digest) for name, data in packed.items()}


def _lines(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1") + b"\r\n"


def _ready(headers: list[tuple[str, str]], encoding: str, body: bytes, digest: str) -> Ready:
    etag = f'"{digest}-{encoding[0]}"'
    extra = [("Content-Length", str(len(body))), ("ETag", etag), ("Vary", "Accept-Encoding")]
    if encoding != "identity":
        extra.append(("Content-Encoding", encoding))
    return Ready([*headers, *extra], body, etag)
