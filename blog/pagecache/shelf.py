"""Ready pages on disk: what one worker made serves the others of this machine, and those that start later. Called by ``serving``.

A page lies in a folder named for the house that made it, its code, templates and settings; another house begins with an empty shelf.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

from blog.pagecache.store import Entry, Ready

PARTS = ("blog", "newsletter", "templates", "static", "themes")
"""Of the house; whatever changes in them may change a page."""
LOCKS = 64
LONGEST = 2.0
"""Seconds that one waits for another who makes the same page; then it is made twice."""
GLANCE = 0.01
OFTEN = 200
"""After so many pages that were put there the shelf is looked through."""


def house_mark(root: Path, words: str) -> str:
    """Names a house by its files, as they are under ``root``, and by ``words`` about its settings."""
    mark = sha256(words.encode())
    for part in PARTS:
        for path in sorted((root / part).rglob("*.*")):
            if path.suffix != ".pyc":
                told = path.stat()
                mark.update(f"{path} {told.st_mtime_ns} {told.st_size}\n".encode())
    return mark.hexdigest()[:20]


class Shelf:
    def __init__(self, folder: Path, mark: str, most_bytes: int = 256 * 1024 * 1024) -> None:
        self._home, self._folder, self._most = folder, folder / mark, most_bytes
        self._locks = [threading.Lock() for _ in range(LOCKS)]
        self._put = 0

    def get(self, key: str, generation: int) -> Entry | None:
        """None where it is not there, of another generation, or cannot be read."""
        try:
            data = self._place(key).read_bytes()
            head, _, bodies = data.partition(b"\n")
            told = json.loads(head)
            if told["key"] != key or told["generation"] != generation:
                return None
            return Entry(generation, told["made_at"], _variants(told["variants"], bodies))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, entry: Entry) -> None:
        """A disk that is full, or not ours to write to, keeps nobody from their page."""
        told = {
            "key": key, "generation": entry.generation, "made_at": entry.made_at,
            "variants": {name: [ready.headers, len(ready.body), ready.etag] for name, ready in entry.variants.items()},
        }  # fmt: skip
        data = b"".join(
            [json.dumps(told).encode(), b"\n", *(ready.body for ready in entry.variants.values())]
        )
        place = self._place(key)
        fresh = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            self._open()
            fresh.write_bytes(data)
            fresh.replace(place)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        self._put += 1
        if self._put % OFTEN == 0:
            self._clear_out()

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """While others on this machine who want the same page wait."""
        number = int(sha256(key.encode()).hexdigest()[:8], 16) % LOCKS
        until = time.monotonic() + LONGEST
        is_ours = self._locks[number].acquire(timeout=LONGEST)
        try:
            with self._held(number, until):
                yield
        finally:
            if is_ours:
                self._locks[number].release()

    @contextmanager
    def _held(self, number: int, until: float) -> Iterator[None]:
        try:
            self._open()
            file = os.open(self._folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield
            return
        try:
            while not _is_locked(file) and time.monotonic() < until:
                time.sleep(GLANCE)
            yield
        finally:
            os.close(file)

    def _open(self) -> None:
        """The first page of a house clears what former houses left."""
        if self._folder.is_dir():
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for other in self._home.iterdir():
            if other != self._folder:
                rmtree(other, ignore_errors=True)

    def _place(self, key: str) -> Path:
        return self._folder / (sha256(key.encode()).hexdigest()[:32] + ".page")

    def _clear_out(self) -> None:
        """The pages that were made longest ago go until a quarter is free."""
        found = []
        for path in self._folder.glob("*.page*"):
            with suppress(FileNotFoundError):
                told = path.stat()
                found.append((told.st_mtime, told.st_size, path))
        held = sum(size for _, size, _ in found)
        for _, size, path in sorted(found) if held > self._most else ():
            path.unlink(missing_ok=True)
            held -= size
            if held <= self._most * 3 // 4:
                return


def _is_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _variants(told: dict[str, tuple[list[list[str]], int, str]], bodies: bytes) -> dict[str, Ready]:
    found, at = dict[str, Ready](), 0
    for name, (headers, length, etag) in told.items():
        body = bodies[at : at + length]
        if len(body) != length:
            raise ValueError("the file is cut off")
        found[name] = Ready([(one, value) for one, value in headers], body, etag)
        at += length
    return found
