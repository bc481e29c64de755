"""What a page on the web says of itself in its head: the words of a link card. The studio asks when somebody adds one."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from blog.fetching import Fetched, Rules

RULES = Rules(
    schemes=("https", "http"), most=4_000_000, seconds=8.0, accept="text/html, application/xhtml+xml"
)
HEAD = 400_000
"""Bytes that are looked through; some sites put a page of styles before their words."""
TITLE, DESCRIPTION, SITE = 200, 300, 80
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)

_WEB = re.compile(
    r"ascii|utf-(8|16(-[bl]e)?)|iso8859-\d+|cp(125\d|866|874|932|949)|koi8-[ru]|mac-(roman|cyrillic)"
    r"|big5(hkscs)?|gb(2312|k|18030)|euc_(jp|kr)|shift_jis|iso2022_jp"
)
"""The encodings that browsers know, by Python's names. Among Python's others are some that take hours for a page."""


@dataclass(frozen=True)
class LinkCard:
    title: str = ""
    description: str = ""
    site: str = ""


def read(page: Fetched) -> LinkCard:
    """Empty where it is no page of HTML, or says nothing."""
    if page.status != 200 or "html" not in page.headers.get("content-type", "html"):
        return LinkCard()
    said, title = head_of(page)
    return LinkCard(
        _short(said.get("og:title") or said.get("twitter:title") or title, TITLE),
        _short(
            said.get("og:description") or said.get("description") or said.get("twitter:description", ""),
            DESCRIPTION,
        ),
        _short(said.get("og:site_name") or said.get("application-name", ""), SITE),
    )


def head_of(page: Fetched) -> tuple[Mapping[str, str], str]:
    """What its meta elements say, by name, several of one name parted by line breaks; and its title."""
    head = _Head()
    head.feed(_text(page))
    return {name: "\n".join(said) for name, said in head.said.items()}, head.title


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, list[str]] = {}
        self.title = ""
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside = tag == "title" and not self.title
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            kept = self.said.setdefault(name.lower(), [])
            # Others of a name count only where it is a list, as the authors of a paper are.
            if not kept or name.lower().startswith("citation_"):
                kept.append(given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.title += data


def _text(page: Fetched) -> str:
    head = page.body[:HEAD]
    found = _CHARSET.search(page.headers.get("content-type", "").encode()) or _CHARSET.search(head)
    try:
        charset = codecs.lookup(found[1].decode()).name if found else "utf-8"
    except (LookupError, ValueError):
        charset = "utf-8"
    return head.decode(charset if _WEB.fullmatch(charset) else "utf-8", "replace")


def _short(words: str, most: int) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
