"""Every public address of the site, as pure functions of what it shows. Paths begin with a slash; ``absolute`` adds the host."""

import re
import unicodedata
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

HOME = "/"
LATEST = "/news"
PICTURES = "/pictures"
TOPICS = "/topics"
AUTHORS = "/authors"
SEARCH = "/search"
PRIVACY = "/privacy"
CORRECTIONS = "/corrections"
SUBSCRIBE = "/subscribe"
EDITIONS = "/digest"
RSS, ATOM, JSON_FEED = "/feed.xml", "/atom.xml", "/feed.json"
ARCHIVE = "/archive"
INDEXNOW_KEY = "/indexnow.txt"
SITEMAP = "/sitemap.xml"
NEWS_SITEMAP = "/sitemap/news.xml"
STUDIO = "/studio"


def absolute(site: str, path: str) -> str:
    """``site`` is Settings.site: scheme and host without a trailing slash."""
    return site + path


def post_path(slug: str, published_at: datetime, zone: ZoneInfo) -> str:
    """``/2026/11/a-stellar-nursery``: month of first publication in the publication's own zone. Kept in Post.path for ever."""
    return f"/{published_at.astimezone(zone):%Y/%m}/{slug}"


def author(slug: str) -> str:
    return f"{AUTHORS}/{slug}"


def author_in(slug: str, year: int) -> str:
    """An author's stories of one year."""
    return f"{AUTHORS}/{slug}/{year:04}"


def author_feed(slug: str, form: str = RSS) -> str:
    """``form`` is one of RSS, ATOM and JSON_FEED."""
    return author(slug) + form


def topic(slug: str) -> str:
    return f"{TOPICS}/{slug}"


def topic_feed(slug: str, form: str = RSS) -> str:
    return topic(slug) + form


def month(year: int, number: int) -> str:
    """``/2026/11``: the stories that live under it."""
    return f"/{year:04}/{number:02}"


def sitemap(year: int) -> str:
    return f"/sitemap/{year:04}.xml"


def follow(subject: str, subject_id: int) -> str:
    """The sign-up of whoever wants stories of one ``author`` or ``topic`` first."""
    return f"{SUBSCRIBE}?follow={subject}:{subject_id}"


def share(post: str) -> str:
    """The picture that other sites show of a story without one; ``post`` is its path."""
    return f"{post}/share.png"


def oembed(address: str) -> str:
    return f"/oembed?{urlencode({'url': address})}"


def picture(image_id: int) -> str:
    return f"{PICTURES}/{image_id}"


def media(key: str, name: str) -> str:
    """A file of a picture, e.g. ``960.avif``. ``key`` is the picture's hash, so it never shows another; the credit inside may change."""
    return f"/media/{key}/{name}"


def edition(local_date: date) -> str:
    return f"{EDITIONS}/{local_date:%Y-%m-%d}"


def archive(list_slug: str) -> str:
    """A list's past editions."""
    return EDITIONS if list_slug == "daily" else f"{EDITIONS}/{list_slug}"


def edition_of(list_slug: str, edition_slug: str) -> str:
    """``/digest/2026-11-23`` for the daily list, ``/digest/sky-alerts/2026-11-23`` for another."""
    return f"{archive(list_slug)}/{edition_slug}"


def confirm(token: str) -> str:
    return f"/subscribe/confirm/{token}"


def leave(token: str) -> str:
    """The page that asks before it unsubscribes; the same address takes the RFC 8058 one-click POST."""
    return f"/unsubscribe/{token}"


def preferences(token: str) -> str:
    """The doorstep: shows nothing of the reader until they are recognised."""
    return f"/preferences/{token}"


def open_preferences(token: str) -> str:
    return f"/preferences/open/{token}"


def taste(token: str) -> str:
    """More, or less, like a story; the page asks before it acts."""
    return f"/preferences/taste/{token}"


def new_address(token: str) -> str:
    """Where either end of a change of address agrees, or stops it."""
    return f"/preferences/address/{token}"


def paged(path: str, number: int, **query: str) -> str:
    """``path`` for page ``number`` of a list; the first page has no number."""
    pairs = {name: value for name, value in query.items() if value} | (
        {"page": str(number)} if number > 1 else {}
    )
    return f"{path}?{urlencode(pairs)}" if pairs else path


def search(words: str, **narrowed: str) -> str:
    """``narrowed`` by ``author``, ``topic`` and ``year``, each of which may be empty."""
    return paged(SEARCH, 1, q=words, **narrowed)


def slugify(title: str, longest: int = 80) -> str:
    """Lower-case ASCII words joined by hyphens; empty where the title has no letter or digit that ASCII can show."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return words if len(words) <= longest else words[:longest].rsplit("-", 1)[0]
