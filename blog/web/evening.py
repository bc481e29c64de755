"""The sky as pages show it: the strip on top of every page, and the page "Sky tonight". Called by frame and pages.

Everything here is the same for readers everywhere on Earth, and the same for a whole hour, so that pages can be kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from markupsafe import Markup

from blog import clock
from blog.sky import charts
from blog.sky.almanac import Moon, moon, quarters_after

NIGHTS = 28


@dataclass(frozen=True)
class Phase:
    """One of the four named moments of the Moon, to the second."""

    name: str
    at: datetime
    disc: Markup


@dataclass(frozen=True)
class Sky:
    at: datetime
    moon: Moon
    disc: Markup
    ahead: tuple[Phase, ...]
    """The next four phases, nearest first."""


@dataclass(frozen=True)
class Night:
    """A coming evening, at 21:00 UTC."""

    at: datetime
    moon: Moon
    disc: Markup
    phase: str
    """The named phase that falls on this date (UTC), or nothing."""


def sky() -> Sky:
    """The Moon at the full hour."""
    return sky_at(clock.now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4)
def sky_at(at: datetime) -> Sky:
    shown = moon(at)
    return Sky(at, shown, Markup(charts.moon_disc(shown, 18)), phases_after(at))


def nights_ahead() -> tuple[Night, ...]:
    return tuple(_nights(clock.now().replace(hour=21, minute=0, second=0, microsecond=0)))


def portrait() -> Markup:
    """The near side as it is lit now, drawn large."""
    now = sky().moon
    return _light(charts.moon_portrait(now.angle, now.phase_name.capitalize()))


def planets() -> tuple[Markup, Markup]:
    """Where the inner and the outer planets stand today, seen from above."""
    return _planets(clock.now().replace(hour=12, minute=0, second=0, microsecond=0))


def phases_after(at: datetime) -> tuple[Phase, ...]:
    return tuple(
        Phase(name.capitalize(), when, Markup(charts.moon_disc(moon(when), 40)))
        for name, when in quarters_after(at)
    )


def _nights(first: datetime) -> Iterator[Night]:
    named = {phase.at.date(): phase.name for phase in phases_after(first - timedelta(days=1))}
    for at in (first + timedelta(days=ahead) for ahead in range(NIGHTS)):
        yield _night(at, named)


def _night(at: datetime, named: dict[date, str]) -> Night:
    shown = moon(at)
    return Night(at, shown, Markup(charts.moon_disc(shown, 44)), named.get(at.date(), ""))


@lru_cache(maxsize=2)
def _planets(at: datetime) -> tuple[Markup, Markup]:
    return _light(charts.orbit_diagram(at, "inner")), _light(charts.orbit_diagram(at, "outer"))


def _light(svg: str) -> Markup:
    """The charts are 2000 units wide: the tenths in their outlines are never seen and weigh half of the page."""
    return Markup(re.sub(r' d="[^"]*"', lambda outline: re.sub(r"(\d)\.\d+", r"\1", outline[0]), svg))
