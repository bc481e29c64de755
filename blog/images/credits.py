"""Reads what an XMP packet says of a picture, astronomy's own words (AVM) among it. ``metadata.py`` asks it."""

import html
import re
from xml.parsers import expat

from blog.images.told import Told, licence_of, shortened

_AVM = "http://www.communicatingastronomy.org/avm/1.0/ "
_FIELDS = {
    "http://purl.org/dc/elements/1.1/ title": "title",
    "http://ns.adobe.com/photoshop/1.0/ Headline": "headline",
    "http://purl.org/dc/elements/1.1/ description": "caption",
    "http://ns.adobe.com/photoshop/1.0/ Credit": "credit",
    "http://purl.org/dc/elements/1.1/ creator": "creator",
    "http://purl.org/dc/elements/1.1/ rights": "rights",
    "http://ns.adobe.com/xap/1.0/rights/ UsageTerms": "terms",
    "http://ns.adobe.com/xap/1.0/rights/ WebStatement": "statement",
    "http://purl.org/dc/elements/1.1/ source": "source",
    _AVM + "ReferenceURL": "reference",
    _AVM + "Facility": "facility",
    _AVM + "Instrument": "instrument",
    _AVM + "Subject.Name": "objects",
    _AVM + "Spatial.CoordinateFrame": "frame",
    _AVM + "Spatial.ReferenceValue": "position",
}
_MANY = ("facility", "instrument", "objects", "position")
"""Fields of which every entry counts; of the others the first, which is the first language."""
_LISTED = 12
_EQUATORIAL = ("", "ICRS", "FK5", "FK4")
_LIST = "http://www.w3.org/1999/02/22-rdf-syntax-ns# li"


def read(xmp: str) -> Told:
    """Nothing where the packet is broken or declares a document type: entities are a way to blow a parser up."""
    if not xmp or "<!DOCTYPE" in xmp or "<!ENTITY" in xmp:
        return Told()
    found = _collect(xmp)

    def first(*names: str) -> str:
        return next((found[name][0] for name in names if found.get(name)), "")

    ra, dec = _position(found)
    return shortened(
        Told(
            title=first("title", "headline"),
            caption=first("caption"),
            credit=first("credit", "rights", "creator"),
            rights=first("rights"),
            licence=licence_of(first("terms"), first("statement"), first("rights")),
            source_url=_address(first("reference")) or _address(first("source")),
            instrument=_instruments(found),
            objects=", ".join(dict.fromkeys(found.get("objects", []))),
            ra=ra,
            dec=dec,
        )
    )


def _collect(xmp: str) -> dict[str, list[str]]:
    """The texts of each field; XMP writes short ones as attributes."""
    found: dict[str, list[str]] = {}
    inside: list[str | None] = [None]
    """The outermost field of each open element."""
    entry: list[str] = []

    def opens(name: str, attributes: dict[str, str]) -> None:
        if name == _LIST or inside[-1] is None:
            entry.clear()
        inside.append(inside[-1] or _FIELDS.get(name))
        for attribute, value in attributes.items():
            if attribute in _FIELDS:
                _keep(found, _FIELDS[attribute], value)

    def closes(_name: str) -> None:
        if field := inside.pop():
            _keep(found, field, "".join(entry))
            entry.clear()

    def says(text: str) -> None:
        if inside[-1]:
            entry.append(text)

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, 1 << 18
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opens, closes, says
    try:
        parser.Parse(xmp.encode(), True)
    except expat.ExpatError:
        return {}
    return found


def _keep(found: dict[str, list[str]], field: str, text: str) -> None:
    kept = found.setdefault(field, [])
    if (words := _plain(text)) and len(kept) < (_LISTED if field in _MANY else 1):
        kept.append(words)


def _plain(text: str) -> str:
    """Observatories write HTML into captions; what a reader sees of it is kept."""
    words = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _address(text: str) -> str:
    return text if re.match(r"https?://[^\s/]", text) and " " not in text else ""


def _instruments(found: dict[str, list[str]]) -> str:
    """AVM lists facility and instrument in step: one of each for every channel of the picture."""
    facilities, instruments = found.get("facility", []), found.get("instrument", [])
    pairs = [
        f"{facility} ({instruments[at]})" if at < len(instruments) else facility
        for at, facility in enumerate(facilities)
    ]
    return ", ".join(dict.fromkeys(pairs or instruments))


def _position(found: dict[str, list[str]]) -> tuple[float | None, float | None]:
    """Degrees of right ascension and declination, where the frame is equatorial and the numbers can be."""
    numbers = " ".join(found.get("position", [])).replace(",", " ").split()
    if next(iter(found.get("frame", [])), "").upper() not in _EQUATORIAL or len(numbers) != 2:
        return None, None
    try:
        ra, dec = float(numbers[0]), float(numbers[1])
    except ValueError:
        return None, None
    return (ra, dec) if 0 <= ra < 360 and -90 <= dec <= 90 else (None, None)
