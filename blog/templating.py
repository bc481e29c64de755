"""The one Jinja policy: strict, escaped, and the same words for a page and a mail.

``web/frame.py`` prepares Flask's environment with it; mails take a :func:`plain` one, without Flask.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context

from blog import links
from blog.language.saying import Said, tell
from blog.language.speech import Speech, speech
from blog.settings import Settings
from blog.themes import checking, folder
from blog.themes.checking import TEMPLATES
from blog.themes.folder import Theme, ThemeError

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / "static" / "dist" / "manifest.json"
PLACES = {
    "bsky.app": "Bluesky", "mastodon.social": "Mastodon", "instagram.com": "Instagram", "youtube.com": "YouTube", "facebook.com": "Facebook",
    "x.com": "X", "threads.net": "Threads", "linkedin.com": "LinkedIn", "tiktok.com": "TikTok", "github.com": "GitHub",
    "reddit.com": "Reddit", "flickr.com": "Flickr", "t.me": "Telegram",
}  # fmt: skip


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
    logo: str
    """Path of the square logo, or empty for the usual mark."""
    elsewhere: tuple[tuple[str, str], ...]
    """The publication's other addresses with a name for each."""
    privacy: tuple[str, ...]
    """Paragraphs of the owner's own words for the privacy page."""
    theme: Theme


class Live:
    """The site as it is when a template asks."""

    def __init__(self, read: Callable[[], Settings]) -> None:
        self._read = read

    def __getattr__(self, name: str) -> Any:
        return getattr(site_of(self._read()), name)


def prepare(env: Environment, read: Callable[[], Settings]) -> None:
    """Gives ``env`` the policy, the globals ``asset links site absolute`` and the filters of every template.

    ``read`` is asked for the settings as often as a template needs them.
    """
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        asset=asset, links=links, site=Live(read), absolute=lambda path: links.absolute(read().site, path)
    )
    speak(env, lambda: speech(read().language))

    def local(at: date) -> date:
        # A date is of no zone.
        return at.astimezone(read().zone) if isinstance(at, datetime) else at

    env.filters.update(
        day=lambda at: speech(read().language).on(local(at), "yMMMd"),
        longday=lambda at: speech(read().language).on(local(at), "MMMEd"),
        hour=lambda at: f"{at.astimezone(read().zone):%H:%M}",
        isotime=isotime,
        plural=plural,
        initials=initials,
        tenth=tenth,
    )


def speak(env: Environment, spoken: Callable[[], Speech]) -> None:
    """Gives ``env`` the words of the language that ``spoken`` is at the moment: ``_``, ``ngettext``, ``{% trans %}``; what rooms said is told in it."""
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: spoken().words.gettext(words),
        ngettext=lambda one, many, count: spoken().words.ngettext(one, many, count),
        pgettext=lambda context, words: spoken().words.pgettext(context, words),
        npgettext=lambda context, one, many, count: spoken().words.npgettext(context, one, many, count),
        newstyle=True,
    )

    def finalize(value: Any) -> Any:
        return tell(value, spoken()) if type(value) is Said else value

    def telling(ask: Any) -> Callable[..., Any]:
        @pass_context
        def asked(context: Context, *words: Any, **values: Any) -> Any:
            return ask(context, *words, **{name: finalize(value) for name, value in values.items()})

        return asked

    env.finalize = finalize
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        env.globals[name] = telling(env.globals[name])

    def on(day: date, skeleton: str) -> str:
        return spoken().on(day, skeleton)

    def minutes(count: int) -> str:
        return spoken().words.gettext("%(count)s min") % {"count": spoken().number(count)}

    env.filters.update(
        on=on,
        minutes=minutes,
        number=lambda count: spoken().number(count),
        all_of=lambda names: spoken().all_of(list(names)),
    )


def plain(settings: Settings) -> Environment:
    """An environment of its own for mails and commands; ``.txt`` is not escaped, everything else is."""
    env = Environment(loader=loader(folder.worn(settings)), autoescape=_is_markup)
    prepare(env, lambda: settings)
    return env


def loader(theme: Theme) -> BaseLoader:
    """A theme's templates before the site's, which stay at hand under ``default/``."""
    site = FileSystemLoader(TEMPLATES)
    own = [FileSystemLoader(one.templates) for one in theme.folders]
    return ChoiceLoader([*own, site, PrefixLoader({folder.DEFAULT: site})])


def judge_theme(settings: Settings) -> None:
    """Raises ThemeError with one line for each template of the chosen theme that cannot be read."""
    faults = list(checking.broken(folder.find(settings), plain(settings)))
    if faults:
        raise ThemeError("\n".join(faults))


@lru_cache(maxsize=8)
def site_of(settings: Settings) -> Site:
    direction = speech(settings.language).direction
    return Site(
        settings.site_name, settings.tagline, settings.language, direction, settings.site, settings.timezone,
        settings.postal_address, links.media(settings.logo, "square.jpg") if settings.logo else "", tuple((place_name(link), link) for link in settings.elsewhere),
        tuple(part.strip() for part in re.split(r"\n\s*\n", settings.privacy_text) if part.strip()), folder.worn(settings),
    )  # fmt: skip


def place_name(link: str) -> str:
    """What people call the place that an address lies at: its own name where it is known, else the host's."""
    host = (urlsplit(link).hostname or link).removeprefix("www.")
    return next((name for known, name in PLACES.items() if host == known or host.endswith(f".{known}")), host)


def asset(name: str) -> str:
    """The address of a built file such as ``site.css``; raises KeyError with the name when the bundle lacks it."""
    return f"/static/dist/{_manifest(MANIFEST.stat().st_mtime_ns)[name]}"


def isotime(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


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
