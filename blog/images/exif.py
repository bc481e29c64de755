"""Reads title, description, author and copyright of EXIF, and nothing else: places and devices are not looked at."""

import struct

from blog.images.iptc import plain
from blog.images.told import Told, licence_of, shortened

_WORDS = {0x010E: "caption", 0x013B: "artist", 0x8298: "rights"}
_WINDOWS = {0x9C9B: "title", 0x9C9D: "author"}
"""Written by Windows, in UTF-16."""
_MOST = 500
"""Entries of a directory that are looked at."""
_DEFAULTS = ("olympus digital camera", "digital camera", "image", "default")
"""What cameras write into the description by themselves."""


def read(block: bytes) -> Told:
    """``block`` is a TIFF structure, with or without EXIF's own beginning; nothing where it is broken."""
    found = _entries(block.removeprefix(b"Exif\0\0"))
    caption = found.get("caption", "")
    rights = found.get("rights", "")
    return shortened(
        Told(
            title=found.get("title", ""),
            caption="" if caption.lower() in _DEFAULTS else caption,
            credit=found.get("artist") or found.get("author") or rights,
            rights=rights,
            licence=licence_of("", rights=rights),
        )
    )


def _entries(tiff: bytes) -> dict[str, str]:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return {}
    found: dict[str, str] = {}
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    if start + 2 > len(tiff):
        return {}
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for at in range(start + 2, start + 2 + 12 * min(count, _MOST), 12):
        if at + 12 > len(tiff):
            break
        tag, _kind, size = struct.unpack_from(order + "HHI", tiff, at)
        name = _WORDS.get(tag) or _WINDOWS.get(tag)
        if name is None or size > 60_000:
            continue
        (where,) = struct.unpack_from(order + "I", tiff, at + 8)
        data = tiff[at + 8 : at + 8 + size] if size <= 4 else tiff[where : where + size]
        text = data.decode("utf-16-le", "ignore").encode() if tag in _WINDOWS else data
        if words := plain(text.split(b"\0")[0]):
            found[name] = words
    return found
