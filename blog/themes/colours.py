"""The colours of a list of tokens in each light, and which of them stand on which: how far apart must they be?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Colour = tuple[int, int, int]

LIGHTS = ("light", "dark", "red")
TEXT, SHAPE = 4.5, 3.0
"""Contrast that words need, and that borders, focus marks and lines of a plot need (WCAG 1.4.3 and 1.4.11)."""
GROUNDS = "bg surface sunken"
NEEDED: tuple[tuple[float, str, str], ...] = (
    (TEXT, "ink ink-2 ink-3 link link-hover", GROUNDS),
    (TEXT, "ink", "selected"),
    (TEXT, "accent", "bg surface"),
    (TEXT, "on-action", "action action-hover"),
    (TEXT, "on-star", "star star-hover"),
    (TEXT, "on-navy", "navy"),
    (TEXT, "ok", "ok-bg"),
    (TEXT, "warn", "warn-bg"),
    (TEXT, "err", "err-bg"),
    (TEXT, "info", "info-bg"),
    (
        TEXT,
        "on-night on-night-2 on-night-strong star star-hover night-link night-link-hover night-err",
        "night",
    ),
    (TEXT, "on-night star", "night-raised"),
    (TEXT, "on-night on-night-2 night-link night-err", "night-deep"),
    (TEXT, "on-night-field", "night-field night-field-still"),
    (SHAPE, "control", "bg surface"),
    (SHAPE, "focus", GROUNDS),
    (SHAPE, "chart-1 chart-2 chart-3", "bg"),
    (SHAPE, "night-control night-ok moonlight", "night"),
)
"""What stands on what, by the names of tokens."""

_TOKEN = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;}]+)")
_PAIR = re.compile(r"light-dark\(\s*([^,]+?)\s*,\s*([^,]+?)\s*\)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_RED = re.compile(r"var\(\s*--red-[a-z0-9-]+\s*,\s*(.+?)\s*\)")


@dataclass(frozen=True)
class Pair:
    """Two colours of which one stands on the other."""

    light: str
    front: str
    ground: str
    contrast: float
    needed: float

    @property
    def is_clear(self) -> bool:
        return self.contrast >= self.needed


def contrast(one: Colour, other: Colour) -> float:
    """Between 1, the same, and 21, black and white (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def declared(css: str) -> dict[str, str]:
    """The custom properties of a style sheet, without what stands for browsers that know no ``light-dark()``."""
    told = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).partition("@supports not")[0]
    return {name: value.replace("!important", "").strip() for name, value in _TOKEN.findall(told)}


def read(tokens: Mapping[str, str], red: Mapping[str, str]) -> dict[str, dict[str, Colour]]:
    """By light, by token. ``red`` is the site's list of reds, of which ``tokens`` may replace each as ``red-NAME``."""
    own = {name.removeprefix("red-"): value for name, value in tokens.items() if name.startswith("red-")}
    reds = {name: own.get(name, _RED.sub(r"\1", value)) for name, value in red.items()}
    return {
        "light": _colours(tokens, 1),
        "dark": _colours(tokens, 2),
        "red": _colours(reds, 1),
    }


def pairs(colours: Mapping[str, Mapping[str, Colour]]) -> Iterator[Pair]:
    """Every pair that is needed, in every light; a token that has no plain colour is left out."""
    for light in LIGHTS:
        known = colours[light]
        for needed, fronts, grounds in NEEDED:
            for front in fronts.split():
                for ground in grounds.split():
                    if front in known and ground in known:
                        told = contrast(known[front], known[ground])
                        yield Pair(light, front, ground, told, needed)


def not_red(colours: Mapping[str, Mapping[str, Colour]]) -> list[str]:
    """The tokens that would send green or blue to eyes used to the dark."""
    return [name for name, (_, green, blue) in colours["red"].items() if green or blue]


def _colours(tokens: Mapping[str, str], which: int) -> dict[str, Colour]:
    found = {}
    for name, value in tokens.items():
        pair = _PAIR.fullmatch(value)
        digits = _HEX.fullmatch((pair[which] if pair else value).lower())
        if digits:
            found[name] = _rgb(digits[1])
    return found


def _rgb(digits: str) -> Colour:
    full = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
    return int(full[:2], 16), int(full[2:4], 16), int(full[4:], 16)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
