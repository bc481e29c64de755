"""What a file tells of itself, and in which lengths and forms it is kept. The readers of its three kinds of notes give it."""

import re
from dataclasses import dataclass, fields, replace

LENGTHS = {
    "title": 300,
    "caption": 5_000,
    "credit": 500,
    "rights": 1_000,
    "licence": 120,
    "source_url": 2_000,
    "instrument": 300,
    "objects": 500,
}
"""The longest words that are kept of each, in characters."""

_CC_ADDRESS = re.compile(r"creativecommons\.org/licenses/([a-z-]{2,8})/([1-4]\.\d)")
_CC_NAME = re.compile(r"(?:creative commons|cc)[ -]+(attribution|by)\b(.{0,60}?)\b([1-4]\.\d)\b", re.I | re.S)
_ZERO = re.compile(r"publicdomain/zero|\bCC ?0\b", re.I)


@dataclass(frozen=True)
class Told:
    title: str = ""
    caption: str = ""
    credit: str = ""
    rights: str = ""
    licence: str = ""
    source_url: str = ""
    instrument: str = ""
    objects: str = ""
    ra: float | None = None
    dec: float | None = None
    """Degrees, equatorial."""

    @property
    def names(self) -> list[str]:
        """Which fields it fills; right ascension and declination are one, the position."""
        words = [name for name in LENGTHS if getattr(self, name)]
        return [*words, "position"] if self.ra is not None else words


def shortened(told: Told) -> Told:
    return replace(told, **{name: getattr(told, name)[:most] for name, most in LENGTHS.items()})


def over(first: Told, second: Told) -> Told:
    """What ``first`` says, and what ``second`` says where that is silent."""
    return Told(
        **{
            one.name: getattr(first, one.name)
            if getattr(first, one.name) not in ("", None)
            else getattr(second, one.name)
            for one in fields(Told)
        }
    )


def licence_of(terms: str, statement: str = "", rights: str = "") -> str:
    """The short name of a Creative Commons licence wherever one is meant; else the terms as they are."""
    for text in (statement, terms, rights):
        if found := _CC_ADDRESS.search(text.lower()):
            return f"CC {found[1].upper()} {found[2]}"
        if _ZERO.search(text):
            return "CC0 1.0"
        if found := _CC_NAME.search(text):
            return f"CC BY{_conditions(found[2])} {found[3]}"
    return terms


def _conditions(text: str) -> str:
    low = text.lower().replace(" ", "").replace("-", "")
    short = "".join(f"-{mark}" for word, mark in _CONDITIONS if word in low)
    return short or (
        f"-{text.strip(' -').upper()}" if re.fullmatch(r"[- ]?(sa|nd|nc|nc-sa|nc-nd) ?", text.lower()) else ""
    )


_CONDITIONS = (("noncommercial", "NC"), ("sharealike", "SA"), ("noderiv", "ND"))
