"""Takes a picture in: checks it, keeps the original as it came, makes two quick sizes and writes the row. The studio asks it.

No transaction is open while the picture is worked on, and nothing is left behind when it is refused.
"""

import contextlib
import errno
import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from blog.accounts.model import AccountId
from blog.db import Database
from blog.images import foreman, imprint, kinds, library, metadata
from blog.images.clearing import leaving_nothing
from blog.images.foreman import Header, Sample
from blog.images.kinds import Kind
from blog.images.model import Image
from blog.images.reading import Picture, ladder, picture_of
from blog.images.storage import FULL, UNWRITABLE, Storage
from blog.refusals import Invalid, Unavailable

MOST_BYTES = 1500 * 1024 * 1024
"""200 million pixels of sixteen bits, uncompressed, are 1,200 million bytes."""
MOST_PIXELS = 200_000_000
LONGEST_SIDE = 30_000
QUICK_STEPS = 3
"""Of so many smallest widths the first and the last are made, as JPEG, while the person waits."""


@dataclass(frozen=True)
class Arrived:
    """A file that came in whole and is a picture by its first bytes."""

    path: Path
    key: str
    size: int
    kind: Kind


@dataclass(frozen=True)
class Developed:
    """The file with what was found out about it; ``names`` lie beside it."""

    arrived: Arrived
    header: Header
    sample: Sample
    names: tuple[str, ...]


def take_in(
    db: Database,
    storage: Storage,
    file: BinaryIO | Path,
    filename: str,
    by: AccountId | None,
    at: datetime,
    most: int = MOST_BYTES,
) -> tuple[Picture, bool]:
    """The picture, and whether it was here already: the same bytes are the same picture, with the words it has.

    Raises Invalid with a sentence for a file that cannot be taken, or is larger than ``most`` bytes, and Unavailable when
    our own side fails.
    """
    with arriving(file, most) as arrived:
        # One whose original went missing is mended by taking the file in again.
        if known := library.with_key(db, storage, arrived.key):
            return known, True
        header = header_of(arrived)
        image = _row(header, by, at)
        developed = develop(arrived, header, imprint.packet(image))
        show(image, developed, filename)
        with leaving_nothing(db, storage, arrived.key):
            keep(storage, developed)
            return _record(db, image)


@contextlib.contextmanager
def arriving(file: BinaryIO | Path, most: int = MOST_BYTES) -> Iterator[Arrived]:
    """The file on a workbench of its own, as long as it is worked on."""
    with _workbench() as folder:
        yield _receive(file, folder, most)


def header_of(arrived: Arrived) -> Header:
    """Raises Invalid for what is larger than we take, before anything of it is decoded."""
    header = foreman.inspect(arrived.path)
    width, height = header.width, header.height
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Invalid(
            f"This picture is {width:,} × {height:,} pixels. Pictures can have up to 200 million pixels and "
            "30,000 on a side. Export a smaller copy and try that."
        )
    return header


def develop(arrived: Arrived, header: Header, words: str) -> Developed:
    """Makes the two quick sizes, with the packet ``words`` in each."""
    steps = ladder(header.width)[:QUICK_STEPS]
    names = tuple(f"{width}.jpg" for width in dict.fromkeys((steps[0], steps[-1])))
    sample = foreman.quick(arrived.path, arrived.path.parent, names, arrived.kind.crisp, words)
    return Developed(arrived, header, sample, names)


def show(image: Image, developed: Developed, filename: str) -> None:
    """The row is about this file from now on."""
    arrived, header, sample = developed.arrived, developed.header, developed.sample
    image.key, image.bytes, image.media_type = arrived.key, arrived.size, arrived.kind.media_type
    image.filename = _clean_name(filename, arrived.kind)
    image.width, image.height = header.width, header.height
    image.colour, image.placeholder, image.likeness = sample.colour, sample.placeholder, sample.likeness
    image.rendered_at, image.zooms, image.imprint = None, False, ""


def keep(storage: Storage, developed: Developed) -> None:
    arrived = developed.arrived
    storage.put(arrived.key, arrived.kind.original, arrived.path)
    for name in developed.names:
        storage.put(arrived.key, name, arrived.path.parent / name)


@contextlib.contextmanager
def _workbench() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="perijove-picture-") as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(FULL) from error
        if error.errno in (errno.EROFS, errno.EACCES):
            raise Unavailable(UNWRITABLE) from error
        raise


def _receive(file: BinaryIO | Path, folder: Path, most: int) -> Arrived:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return _receive(opened, folder, most)
    path, digest, size, head = folder / "arrived", hashlib.sha256(), 0, b""
    with path.open("wb") as out:
        while piece := file.read(1 << 20):
            head = head or piece[: kinds.HEAD]
            size += len(piece)
            if size > most:
                megabytes = f"{most // 1024**2:,} MB"
                raise Invalid(f"This file is larger than {megabytes}. Export a smaller copy and try that.")
            digest.update(piece)
            out.write(piece)
    return Arrived(path, digest.hexdigest(), size, kinds.sniff(head))


def _row(header: Header, by: AccountId | None, at: datetime) -> Image:
    """Filled with the file's own words, which somebody has yet to confirm."""
    told = metadata.read(header)
    return Image(**asdict(told), unconfirmed=told.names, uploaded_by=by, created_at=at)


def _clean_name(filename: str, kind: Kind) -> str:
    """The last part of a path of any system, without control characters."""
    last = re.split(r"[\\/]", filename)[-1]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return plain[:255] or f"picture.{kind.extension}"


def _record(db: Database, image: Image) -> tuple[Picture, bool]:
    """The new row, or the one that stands already; that one's renditions are made anew, for two of them may bear the file's own
    words by now.
    """
    try:
        with db.transaction() as s:
            standing = s.scalar(select(Image).where(Image.key == image.key))
            if standing:
                standing.rendered_at, standing.imprint = None, ""
                return picture_of(standing), True
            s.add(image)
            s.flush()
            return picture_of(image), False
    except IntegrityError:
        # Somebody may have taken in the same file between our look and our write.
        with db.reading() as s:
            standing = s.scalar(select(Image).where(Image.key == image.key))
        if standing is None:
            raise
        return picture_of(standing), True
