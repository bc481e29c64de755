"""An uploaded file becomes a zip of our own making, in UTF-8: whatever its encoding, and whether it was a table or a zip with some.

What a zip says of its sizes is believed only as a reason to refuse it; reading stops at the limit in any case.
"""

import codecs
import io
import lzma
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from blog.refusals import Invalid
from newsletter.moving import formats, tables

LARGEST = 50 * 1024 * 1024
"""Bytes of an upload, and of all its tables when unpacked."""
MOST_LINES = 1_000_000
MOST_FILES = 20_000
TOO_LARGE = "That file is larger than 50 MB. Split it into smaller ones."
NOT_A_TABLE = "We found no column with email addresses. The first line must name one, for example “email”."
BROKEN_ZIP = "That zip file is damaged or locked with a password. Unpack it and send the table in it."
BROKEN = (
    BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What the ways to pack say of bytes that are none of theirs."""


@dataclass(frozen=True)
class Unpacked:
    content: bytes
    format: str
    lines: int
    """About so many: line breaks inside of cells are counted too."""
    extras: tuple[str, ...]


def unpack(stream: IO[bytes], filename: str = "") -> Unpacked:
    """``filename`` is that of a bare table: some services say only there whom it holds. Raises Invalid with what is wrong."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Invalid(TOO_LARGE)
    if not raw.strip():
        raise Invalid("That file is empty.")
    try:
        found = list(_tables(raw, filename))
    except BROKEN:
        raise Invalid(BROKEN_ZIP) from None
    return _packed(found)


def _tables(raw: bytes, filename: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each table. In a zip, those that end readers come first, so that anybody's "no" counts."""
    if not raw.startswith(b"PK\x03\x04"):
        yield filename, raw
        return
    with ZipFile(io.BytesIO(raw)) as packed:
        chosen = _chosen(packed.infolist())
        room = LARGEST
        for entry in chosen:
            with packed.open(entry) as one:
                data = one.read(room + 1)
            room -= len(data)
            if room < 0:
                raise Invalid(TOO_LARGE)
            yield PurePosixPath(entry.filename).name, data


def _chosen(entries: list[ZipInfo]) -> list[ZipInfo]:
    csvs = [
        one for one in entries if one.filename.casefold().endswith(".csv") and "__MACOSX" not in one.filename
    ]
    if len(entries) > MOST_FILES or sum(one.file_size for one in csvs) > LARGEST:
        raise Invalid(TOO_LARGE)
    if not csvs:
        raise Invalid("There is no table (.csv) in that zip file.")
    return sorted(csvs, key=lambda one: (_turn(one.filename.casefold()), one.filename))


def _turn(name: str) -> int:
    return 0 if "cleaned" in name else 1 if "unsub" in name or "nonsub" in name else 2


def _packed(found: list[tuple[str, bytes]]) -> Unpacked:
    made, count, kinds, extras = io.BytesIO(), 0, list[str](), dict[str, None]()
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=3) as packed:
        for name, raw in found:
            encoding = _encoding(raw)
            first, _ = tables.opening(
                io.TextIOWrapper(io.BytesIO(raw), encoding, errors="replace", newline="")
            )
            header = tables.header(first)
            if header is None:
                continue
            kinds.append(header.format.name)
            extras |= dict.fromkeys(header.extras)
            count += max(0, _lines(raw, encoding) - header.is_written)
            _copy(packed, f"{len(kinds)}/{name}", raw, encoding)
    if not kinds:
        raise Invalid(NOT_A_TABLE)
    if count > MOST_LINES + 1000:
        raise Invalid("That file has more than 1,000,000 lines. Split it into smaller ones.")
    return Unpacked(made.getvalue(), formats.merged(kinds), count, tuple(extras)[:60])


def _copy(packed: ZipFile, name: str, raw: bytes, encoding: str) -> None:
    source = io.TextIOWrapper(io.BytesIO(raw), encoding, errors="replace", newline="")
    with packed.open(name, "w") as target:
        shutil.copyfileobj(source, codecs.getwriter("utf-8")(target), 1 << 20)


def _encoding(raw: bytes) -> str:
    """By its mark, else UTF-8 where it is that without a fault, else what old spreadsheets write."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if raw[:200].count(0) > 20:
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    decode = codecs.getincrementaldecoder("utf-8")().decode
    try:
        for start in range(0, len(raw), 1 << 20):
            decode(raw[start : start + (1 << 20)])
        decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _lines(raw: bytes, encoding: str) -> int:
    ends = raw.count(b"\n") or raw.count(b"\r")
    return ends + (not raw.rstrip(b"\0").endswith((b"\n", b"\r")))
