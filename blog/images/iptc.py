"""Reads the old notes of press agencies (IPTC-IIM) inside a Photoshop resource block. ``metadata.py`` asks it."""

import struct

from blog.images.told import Told, licence_of, shortened

_TEXT = 0x0404
"""The resource that holds IIM."""
_FIELDS = {
    5: "title",
    105: "headline",
    120: "caption",
    110: "credit",
    116: "rights",
    80: "byline",
    115: "source",
}


def read(block: bytes) -> Told:
    """Nothing where the block is broken; what came before the break is kept."""
    found = _datasets(_resource(block))
    credit = found.get("credit") or found.get("source") or found.get("byline", "")
    rights = found.get("rights", "")
    return shortened(
        Told(
            title=found.get("headline") or found.get("title", ""),
            caption=found.get("caption", ""),
            credit=credit or rights,
            rights=rights,
            licence=licence_of("", rights=rights),
        )
    )


def _resource(block: bytes) -> bytes:
    """The IIM bytes: of a Photoshop block the one resource, else the block itself if it begins as IIM does."""
    at = block.find(b"8BIM")
    if at < 0:
        return block if block[:1] == b"\x1c" else b""
    while block[at : at + 4] == b"8BIM" and at + 12 <= len(block):
        (kind,) = struct.unpack_from(">H", block, at + 4)
        name = block[at + 6] + 1
        at += 6 + name + name % 2
        if at + 4 > len(block):
            return b""
        (size,) = struct.unpack_from(">I", block, at)
        if kind == _TEXT:
            return block[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
    return b""


def _datasets(iim: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at + 5 <= len(iim) and iim[at] == 0x1C:
        record, number, size = iim[at + 1], iim[at + 2], int.from_bytes(iim[at + 3 : at + 5], "big")
        if size & 0x8000:
            break  # longer than any words are
        data = iim[at + 5 : at + 5 + size]
        if record == 2 and number in _FIELDS and _FIELDS[number] not in found:
            found[_FIELDS[number]] = plain(data)
        at += 5 + size
    return {name: words for name, words in found.items() if words}


def plain(data: bytes) -> str:
    """Text of a time that did not say how it is written: UTF-8 where it can be, else Latin."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
