"""Where the files of pictures lie. Rooms and doors know the ``Storage`` Protocol; ``app.py`` hands them a ``Disk``."""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from blog.refusals import Unavailable

KEY = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[a-z0-9]{1,20}\.[a-z0-9]{2,5}")
FULL = (
    "The server's disk is full, so the picture was not kept. Nothing was saved. Try again once there is room."
)
UNWRITABLE = "The server could not keep the picture just now. Nothing was saved. Try again in a minute."


class Storage(Protocol):
    """Files under two names: the picture's ``key`` (64 hex digits) and the file's ``name`` (``960.avif``)."""

    def put(self, key: str, name: str, data: bytes | Path) -> None:
        """Keep the bytes, or a copy of the file at a Path. Whole or not at all; raises Unavailable when there is no room."""

    def path(self, key: str, name: str) -> Path | None:
        """A local file to read, or None when there is none."""

    def has(self, key: str, name: str) -> bool: ...

    def names(self, key: str) -> list[str]:
        """Every file of one picture, sorted; empty for an unknown key."""

    def keys(self) -> Iterator[tuple[str, datetime]]:
        """Every key under which files lie, with the moment a file was last put there or taken away, in no order."""

    def remove(self, key: str) -> None:
        """All files of one picture; no error when there are none."""

    def alone(self, key: str) -> AbstractContextManager[None]:
        """Whoever else asks to be alone with the key waits, in any process. Raises Unavailable where that cannot be had."""


class Disk:
    """``<folder>/<first two digits of key>/<key>/<name>``. Makes the folders it needs, on the first write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, name: str, data: bytes | Path) -> None:
        place = self._place(key, name)
        if place is None:
            raise ValueError("not a name that pictures are kept under")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(place, data)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise Unavailable(FULL if full else UNWRITABLE) from error

    def path(self, key: str, name: str) -> Path | None:
        place = self._place(key, name)
        return place if place and place.is_file() else None

    def has(self, key: str, name: str) -> bool:
        return self.path(key, name) is not None

    def names(self, key: str) -> list[str]:
        folder = self._folder(key)
        if folder is None or not folder.is_dir():
            return []
        return sorted(entry.name for entry in folder.iterdir() if NAME.fullmatch(entry.name))

    def keys(self) -> Iterator[tuple[str, datetime]]:
        for folder in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            # One that is taken away while we look is no find.
            with contextlib.suppress(FileNotFoundError):
                if folder == self._folder(folder.name) and folder.is_dir():
                    yield folder.name, datetime.fromtimestamp(folder.stat().st_mtime, UTC)

    def remove(self, key: str) -> None:
        if folder := self._folder(key):
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def alone(self, key: str) -> Iterator[None]:
        place = self.folder / ".alone" / (key[:2] if KEY.fullmatch(key) else "none")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            lock = place.open("ab")
        except OSError as error:
            raise Unavailable(UNWRITABLE) from error
        with lock:
            # A file system without locks is none on which several machines bring pictures.
            with contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _place(self, key: str, name: str) -> Path | None:
        folder = self._folder(key)
        return folder / name if folder and NAME.fullmatch(name) else None

    def _folder(self, key: str) -> Path | None:
        return self.folder / key[:2] / key if KEY.fullmatch(key) else None


def _write_whole(place: Path, data: bytes | Path) -> None:
    """A reader sees the old file or the whole new one, also after a power cut."""
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as out:
            _pour(data, out)
            out.flush()
            os.fchmod(handle, 0o644)
            os.fsync(handle)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _pour(data: bytes | Path, out: BinaryIO) -> None:
    if isinstance(data, bytes):
        out.write(data)
        return
    with data.open("rb") as source:
        shutil.copyfileobj(source, out, 1 << 20)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
