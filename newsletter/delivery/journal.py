"""What a sender writes down for whoever finds its work undone: which letters' texts were begun, which were accepted.

A ring of records in a file that is mapped into memory, so that a record costs a tenth of a microsecond and outlives the process,
however it dies. The ledger is written a few times a second; the journal fills the time between. Its file is locked while its sender
lives; one that can be locked by another belongs to the dead.
"""

import fcntl
import mmap
import os
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from newsletter.delivery.model import LetterId

MAGIC = b"perijov1"
BEGUN, ACCEPTED, NOT_TAKEN = 1, 2, 3
RECORDS = 16_384
"""So many fit between two writings of the ledger; an engine claims no more than a thousand letters meanwhile."""
_WORD = 8
"""Bytes. The file is written in whole words, so that whoever is killed in the middle leaves none half done."""
_HEAD, _TAIL = 1, 2
"""Where the ends of the ring stand, in words."""
_HEADER = struct.Struct("=8sqq60s")
_RECORD = struct.Struct("=qq")
_FIRST = 128
_SIZE = _FIRST + RECORDS * _RECORD.size
SUFFIX, UNNAMED = ".journal", ".new"
LONG = 60.0
"""Seconds: no sender takes so long to give its journal a name."""


@dataclass(frozen=True)
class Remains:
    """What a dead sender left."""

    owner: str
    accepted: frozenset[LetterId]
    begun: frozenset[LetterId]
    """Their texts were begun, and no answer was read."""


class Journal:
    """One sender's own. Takes its space on the disk when it is opened, so that a disk that fills up later does it no harm."""

    def __init__(self, folder: Path, owner: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / (sha256(owner.encode()).hexdigest()[:24] + SUFFIX)
        fresh = self._path.with_suffix(UNNAMED)
        self._file = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            # Locked before it has its name: nobody may take it for a dead one's.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(self._file, 0, _SIZE)
            self._map = mmap.mmap(self._file, _SIZE)
            self._words = memoryview(self._map).cast("q")
            self._head = self._tail = 0
            _HEADER.pack_into(self._map, 0, MAGIC, 0, 0, owner.encode())
            fresh.rename(self._path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            os.close(self._file)
            raise

    @property
    def head(self) -> int:
        """How many records were ever written."""
        return self._head

    def begins(self, letter: LetterId) -> None:
        self._write(letter, BEGUN)

    def accepted(self, letter: LetterId) -> None:
        self._write(letter, ACCEPTED)

    def not_taken(self, letter: LetterId) -> None:
        """Its server has answered, and did not take it."""
        self._write(letter, NOT_TAKEN)

    def forget(self, before: int, still_begun: Iterable[LetterId]) -> None:
        """The ledger holds whatever was written ``before``, save for letters that are still on the wire."""
        for letter in still_begun:
            self._write(letter, BEGUN)
        self._tail = self._words[_TAIL] = before

    def close(self, *, is_done: bool) -> None:
        """With ``is_done`` the ledger knows everything; else the file stays for the next who looks."""
        if is_done:
            self._path.unlink(missing_ok=True)
        self._words.release()
        self._map.close()
        os.close(self._file)

    def _write(self, letter: LetterId, what: int) -> None:
        head, words = self._head, self._words
        if head - self._tail >= RECORDS:
            raise RuntimeError("the journal is full: the ledger was not written for too long")
        place = (_FIRST + head % RECORDS * _RECORD.size) // _WORD
        words[place], words[place + 1] = letter, what
        # Last: what lies beyond the head was never written.
        self._head = words[_HEAD] = head + 1


class NoJournal(Journal):
    """For transports and rehearsals that need none: after a crash every letter of the last chunk is in doubt."""

    def __init__(self) -> None:
        self._head = self._tail = 0

    def forget(self, before: int, still_begun: Iterable[LetterId]) -> None:
        pass

    def close(self, *, is_done: bool) -> None:
        pass

    def _write(self, letter: LetterId, what: int) -> None:
        pass


def has_dead(folder: Path) -> bool:
    """A cheap look, which settles nothing: does a journal lie here whose sender is gone?"""
    return any(map(_is_free, folder.glob("*" + SUFFIX)))


def _is_free(path: Path) -> bool:
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDONLY)
        try:
            # Shared, so that several who look at the same time never hide it from each other.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(file)
    return False


def of_the_dead(folder: Path) -> Iterator[Remains]:
    """Each journal whose sender is gone. Its file is removed when the caller asks for the next, so settle it before."""
    _remove_unnamed(folder)
    for path in sorted(folder.glob("*" + SUFFIX)) if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            file = os.open(path, os.O_RDWR)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if remains := _read(file):
                    yield remains
                path.unlink(missing_ok=True)
            except BlockingIOError:
                pass  # Its sender lives, or another settles it just now.
            finally:
                os.close(file)


def _remove_unnamed(folder: Path) -> None:
    """Journals whose senders died before they gave them their names: nothing stands in them."""
    for path in folder.glob("*" + UNNAMED):
        with suppress(FileNotFoundError):
            # A living one has it for a moment before it is locked.
            if time.time() - path.stat().st_mtime > LONG and _is_free(path):
                path.unlink()


def _read(file: int) -> Remains | None:
    """None where its sender died before it had written anything."""
    data = os.pread(file, _SIZE, 0)
    if len(data) < _SIZE or data[: len(MAGIC)] != MAGIC:
        return None
    _, head, tail, owner = _HEADER.unpack_from(data, 0)
    last: dict[LetterId, int] = {}
    for number in range(tail, head):
        letter, what = _RECORD.unpack_from(data, _FIRST + number % RECORDS * _RECORD.size)
        if what != BEGUN or last.get(letter) != ACCEPTED:
            last[LetterId(letter)] = what
    found = {what: frozenset(id_ for id_, is_ in last.items() if is_ == what) for what in (BEGUN, ACCEPTED)}
    return Remains(owner.rstrip(b"\0").decode(), found[ACCEPTED], found[BEGUN])
