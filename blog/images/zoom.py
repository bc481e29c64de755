"""The tiles of large pictures, for looking at them from near; each picture's lie in one archive. ``web/images.py`` serves them."""

import os
import struct
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from typing import BinaryIO

from blog.images.renditions import TILES_NAME
from blog.images.storage import Storage
from blog.refusals import NotFound

MISSING = "There is no such tile."
_HEADER = struct.Struct("<26xHH")
"""The end of an entry's own header tells how long its name and its notes are; the tile follows them."""


def tile(storage: Storage, key: str, level: int, column: int, row: int) -> bytes:
    """A JPEG of up to 512 pixels a side; level 0 is the whole picture in one pixel. Raises NotFound."""
    path = storage.path(key, TILES_NAME)
    if path is None:
        raise NotFound(MISSING)
    try:
        # A new credit may put another archive in its place at any moment: index and tile come from the one that is open.
        with path.open("rb") as archive:
            return _read(archive, f"{level}/{column}_{row}.jpg")
    except FileNotFoundError:
        raise NotFound(MISSING) from None


def _read(archive: BinaryIO, name: str) -> bytes:
    place = _index(_Opened(archive)).get(name)
    if place is None:
        raise NotFound(MISSING)
    start, size = place
    archive.seek(start)
    archive.seek(sum(_HEADER.unpack(archive.read(_HEADER.size))), 1)
    return archive.read(size)


class _Opened:
    """An open archive, equal to another that is the same file, unchanged."""

    def __init__(self, archive: BinaryIO) -> None:
        self.archive: BinaryIO | None = archive
        found = os.fstat(archive.fileno())
        self.mark = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)

    def __hash__(self) -> int:
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Opened) and other.mark == self.mark


@lru_cache(maxsize=32)
def _index(opened: _Opened) -> Mapping[str, tuple[int, int]]:
    """Where each tile begins and how long it is. They are stored as they are, not packed."""
    file, opened.archive = opened.archive, None  # the memory keeps the mark, not the file
    assert file
    with zipfile.ZipFile(file) as archive:
        return {
            entry.filename.split("/", 1)[1]: (entry.header_offset, entry.file_size)
            for entry in archive.infolist()
            if entry.filename.endswith(".jpg")
        }
