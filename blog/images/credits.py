"""Reads what a file says of itself (its XMP packet): caption, credit, licence. ``intake.py`` fills the empty fields with it."""

import html
import re
from dataclasses import dataclass
from xml.parsers import expat

CAPTION, CREDIT, LICENCE = 5000, 500, 120
"""The longest words that are kept of each, in characters."""

_FIELDS = {
    "http://purl.org/dc/elements/1.1/ description": "caption",
    "http://ns.adobe.com/photoshop/1.0/ Credit": "credit",
    "http://purl.org/dc/elements/1.1/ creator": "creator",
    "http://purl.org/dc/elements/1.1/ rights": "rights",
    "http://ns.adobe.com/xap/1.0/rights/ UsageTerms": "licence",
}


@dataclass(frozen=True)
class Told:
    caption: str = ""
    credit: str = ""
    licence: str = ""


def read(xmp: str) -> Told:
    """Nothing where the packet is broken or declares a document type: entities are a way to blow a parser up."""
    found: dict[str, str] = {}
    if xmp and "<!DOCTYPE" not in xmp and "<!ENTITY" not in xmp:
        found = _collect(xmp)
    credit = found.get("credit") or found.get("rights") or found.get("creator", "")
    return Told(found.get("caption", "")[:CAPTION], credit[:CREDIT], found.get("licence", "")[:LICENCE])


def _collect(xmp: str) -> dict[str, str]:
    """The text of each field, its first language where it has several; XMP writes short ones as attributes."""
    found: dict[str, str] = {}
    inside: list[str | None] = [None]
    """The outermost field of each open element."""

    def opens(name: str, attributes: dict[str, str]) -> None:
        inside.append(inside[-1] or _FIELDS.get(name))
        for attribute, value in attributes.items():
            if attribute in _FIELDS:
                found.setdefault(_FIELDS[attribute], _plain(value))

    def closes(_name: str) -> None:
        inside.pop()

    def says(text: str) -> None:
        if (field := inside[-1]) and field not in found and text.strip():
            found[field] = _plain(text)

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, 1 << 18
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opens, closes, says
    try:
        parser.Parse(xmp.encode(), True)
    except expat.ExpatError:
        return {}
    return found


def _plain(text: str) -> str:
    """Observatories write HTML into captions; what a reader sees of it is kept."""
    words = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
