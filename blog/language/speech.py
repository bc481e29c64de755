"""One language as it is spoken here. Called by ``templating`` with the language of the publication."""

import gettext
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "perijove"
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
HOUSE_STYLE = {
    "yMMMd": "d MMM y",
    "MMMd": "d MMM",
    "MMMEd": "EEE d MMM",
    "yMMMEd": "EEE d MMM y",
    "yMMMM": "MMMM y",
    "yMMM": "MMM y",
    "yMMMMEEEEd": "EEEE, d MMMM y",
}
"""How English days are written in this house; other languages follow CLDR."""

AS_THEY_STAND = {"LLLL": "LLLL", "yMMMMEEEEd": "full"}
"""Skeletons for which CLDR has a pattern or a style of its own in each language."""


@dataclass(frozen=True)
class Speech:
    """Words, days and numbers of one language."""

    tag: str
    """As pages name it (BCP 47)."""
    locale: Locale
    words: gettext.NullTranslations

    @property
    def direction(self) -> str:
        return "rtl" if self.tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    def on(self, day: date | datetime, skeleton: str) -> str:
        """``day`` in the parts that ``skeleton`` names (CLDR), such as ``yMMMd``; a moment is taken as it stands."""
        return _written(self.locale, day.date() if isinstance(day, datetime) else day, skeleton)

    def number(self, count: int) -> str:
        return format_decimal(count, locale=self.locale)

    def all_of(self, names: Sequence[str]) -> str:
        """``Ada, Ben and Cy``: names as a sentence has them."""
        if self.locale.language == "en":
            return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
        return format_list(list(names), locale=self.locale)


@lru_cache(maxsize=16)
def speech(tag: str) -> Speech:
    """How ``tag`` is spoken; words without a translation, and days of a language nobody knows, are English."""
    near = [tag.replace("-", "_"), tag.split("-")[0]]
    words = gettext.translation(DOMAIN, CATALOGUES, languages=near, fallback=True)
    return Speech(tag, _locale(near), words)


def _locale(names: Sequence[str]) -> Locale:
    for name in names:
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=4096)
def _written(locale: Locale, day: date, skeleton: str) -> str:
    if locale.language == "en":
        return format_date(day, HOUSE_STYLE.get(skeleton, skeleton), locale=locale)
    if skeleton in AS_THEY_STAND:
        return format_date(day, AS_THEY_STAND[skeleton], locale=locale)
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=locale)
