"""The tiles of large pictures, for looking at them from near; each picture's lie in one archive. ``web/images.py`` serves them."""

import struct
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from blog.images.renditions import TILES_NAME
from blog.images.storage import Storage
from blog.refusals import NotFound

_HEADER = struct.Struct("<26xHH")
"""The end of an entry's own header tells how long its name and its notes are; the tile follows them."""


def tile(storage: Storage, key: str, level: int, column: int, row: int) -> bytes:
    """A JPEG of up to 512 pixels a side; level 0 is the whole picture in one pixel. Raises NotFound."""
    path = storage.path(key, TILES_NAME)
    place = _index(path, path.stat().st_mtime_ns).get(f"{level}/{column}_{row}.jpg") if path else None
    if path is None or place is None:
        raise NotFound("There is no such tile.")
    start, size = place
    with path.open("rb") as archive:
        archive.seek(start)
        archive.seek(sum(_HEADER.unpack(archive.read(_HEADER.size))), 1)
        return archive.read(size)


@lru_cache(maxsize=32)
def _index(path: Path, _written: int) -> Mapping[str, tuple[int, int]]:
    """Where each tile begins and how long it is. They are stored as they are, not packed."""
    with zipfile.ZipFile(path) as archive:
        return {
            entry.filename.split("/", 1)[1]: (entry.header_offset, entry.file_size)
            for entry in archive.infolist()
            if entry.filename.endswith(".jpg")
        }
