"""The one Jinja policy: strict, escaped, and the same words for a page and a mail.

``web/frame.py`` prepares Flask's environment with it; mails take a :func:`plain` one, without Flask.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blog import links
from blog.settings import Settings

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
MANIFEST = ROOT / "static" / "dist" / "manifest.json"
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Site:
    """What templates may know of the settings."""

    name: str
    tagline: str
    language: str
    direction: str
    address: str
    """Scheme and host without a trailing slash."""
    timezone: str
    postal_address: str


def prepare(env: Environment, settings: Settings) -> None:
    """Gives ``env`` the policy, the globals ``asset links site absolute`` and the filters of every template."""
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    site = site_of(settings)
    env.globals.update(
        asset=asset, links=links, site=site, absolute=lambda path: links.absolute(site.address, path)
    )
    zone = settings.zone
    env.filters.update(
        day=lambda at: day(at, zone),
        longday=lambda at: longday(at, zone),
        hour=lambda at: f"{at.astimezone(zone):%H:%M}",
        isotime=isotime,
        minutes=minutes,
        number=number,
        plural=plural,
        initials=initials,
        tenth=tenth,
    )


def plain(settings: Settings) -> Environment:
    """An environment of its own for mails and commands; ``.txt`` is not escaped, everything else is."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=_is_markup)
    prepare(env, settings)
    return env


def site_of(settings: Settings) -> Site:
    direction = "rtl" if settings.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"
    return Site(
        settings.site_name, settings.tagline, settings.language, direction, settings.site, settings.timezone,
        settings.postal_address,
    )  # fmt: skip


def asset(name: str) -> str:
    """The address of a built file such as ``site.css``; raises KeyError with the name when the bundle lacks it."""
    return f"/static/dist/{_manifest(MANIFEST.stat().st_mtime_ns)[name]}"


def day(at: date, zone: ZoneInfo) -> str:
    """``22 Nov 2026``; a date is of no zone."""
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    return f"{local.day} {local:%b %Y}"


def longday(at: datetime, zone: ZoneInfo) -> str:
    """``Sun 22 Nov``."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"


def isotime(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def minutes(count: int) -> str:
    """``6 min`` for a byline."""
    return f"{count} min"


def number(count: int) -> str:
    """``4,812``."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 story``, ``48 stories``: the number with its word."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def initials(name: str) -> str:
    """At most two letters that stand in for a portrait."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def tenth(percent: int) -> int:
    """The nearest of 0, 10, … 100: the style sheet has one class for each."""
    return min(100, max(0, (percent + 5) // 10 * 10))


@lru_cache(maxsize=2)
def _manifest(_changed: int) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(MANIFEST.read_text())
    return loaded


def _is_markup(name: str | None) -> bool:
    return not (name or "").endswith(".txt")
