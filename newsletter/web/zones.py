"""The world's time zones as a select shows them: by region, places by name. Called by the preference page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Region:
    name: str
    places: tuple[tuple[str, str], ...]
    """(name of the zone, place)."""


def regions(chosen: str = "") -> tuple[Region, ...]:
    """``chosen`` is among them even where it is an old name that tables list no more."""
    names = sorted({*_names(), *([chosen] if chosen else [])})
    heads = dict.fromkeys(_head(name) for name in names)
    return tuple(Region(head, _places(name for name in names if _head(name) == head)) for head in heads)


def place(zone: str) -> str:
    """``Lagos`` for ``Africa/Lagos``."""
    return zone.rpartition("/")[2].replace("_", " ")


def time_of(zone: str) -> str:
    """``Lagos time``, or ``UTC``."""
    return zone if zone == "UTC" else f"{place(zone)} time"


@cache
def _names() -> tuple[str, ...]:
    """One name for each zone of each country, as zone.tab lists them, and UTC."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text()
    return ("UTC", *(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")))


def _head(name: str) -> str:
    return name.partition("/")[0] if "/" in name else "Everywhere"


def _places(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, (name.partition("/")[2] or name).replace("_", " ").replace("/", ", ")) for name in names
    )
