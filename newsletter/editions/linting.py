"""A mail read as mail programs and careful readers would: pictures, links, what programs cannot show. Called by ``rehearsing``.

Nothing goes over the network: our own addresses are asked of our own tables, foreign ones are only read.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import SplitResult, urlsplit

from blog.settings import Settings
from newsletter.editions.clients import CLIPPED, ELEMENTS, STYLE_LIMIT, unsupported, unsupported_sheet

Answering = Callable[[Iterable[str]], frozenset[str]]
LEAVING = "/unsubscribe/"


class Weight(StrEnum):
    ERROR = "err"
    """Readers would notice."""
    WARNING = "warn"
    """Some programs show it differently."""


@dataclass(frozen=True)
class Finding:
    weight: Weight
    sentence: str
    where: str
    """``line 12: “A quiet Sun”``; empty where it is about the whole mail."""


@dataclass
class _Link:
    href: str
    line: int
    words: str = ""

    @property
    def where(self) -> str:
        return _where(self.line, self.words or self.href)


@dataclass
class _Read:
    links: list[_Link] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)
    """Address of a picture, and where it stands."""


def lint(html: str, text: str, settings: Settings, answering: Answering) -> tuple[Finding, ...]:
    """Everything found wrong, worst first. ``answering`` says which of our own paths are public."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    read = reader.read
    found = [*read.findings, *_of_links(read, settings, answering), *_of_text(read, text), *_of_size(html)]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda finding: finding.weight != Weight.ERROR))


def links_of(html: str) -> int:
    """How many links a mail has, for "9 links, all fine"."""
    reader = _Reader()
    reader.feed(html)
    return len(reader.read.links)


class _Reader(HTMLParser):
    """Walks through the mail once; conditional comments, which only Outlook reads, are passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = _Read()
        self._open: list[_Link] = []
        self._style: list[str] | None = None
        self._css = 0
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_body = self._in_body or tag == "body"
        if told := ELEMENTS.get(tag):
            self._add(Weight.ERROR, told, tag)
        for told in unsupported(given.get("style", "")):
            self._add(Weight.WARNING, told, tag)
        if tag == "a":
            self._open.append(_Link(given.get("href", ""), self.getpos()[0]))
        elif tag == "img":
            self._picture(given)
        elif tag == "style":
            self._style = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self.read.links.append(self._open.pop())
        elif tag == "style" and self._style is not None:
            self._sheet("".join(self._style))
            self._style = None

    def handle_data(self, data: str) -> None:
        if self._style is not None:
            self._style.append(data)
        elif self._open:
            self._open[-1].words = " ".join((self._open[-1].words + data).split())

    def _picture(self, given: dict[str, str]) -> None:
        name = given.get("alt") or given.get("src", "").rpartition("/")[2] or "picture"
        if "alt" not in given:
            self._add(Weight.ERROR, "A picture has no alternative text, not even an empty one.", name)
        if not given.get("width", "").isdecimal():
            self._add(Weight.ERROR, "A picture has no width, so Outlook shows it at its full size.", name)
        self.read.sources.append((given.get("src", ""), _where(self.getpos()[0], name)))
        if self._open:
            link = self._open[-1]
            link.words = f"{link.words} {given.get('alt', '')}".strip()

    def _sheet(self, css: str) -> None:
        self._css += len(css)
        if self._in_body:
            self._add(Weight.WARNING, "Gmail and Outlook ignore a style sheet in the body.", "style")
        if self._css > STYLE_LIMIT:
            self._add(Weight.ERROR, "Gmail drops style sheets beyond 16 KB.", "style")
        for told in unsupported_sheet(css):
            self._add(Weight.WARNING, told, "style")

    def _add(self, weight: Weight, sentence: str, name: str) -> None:
        self.read.findings.append(Finding(weight, sentence, _where(self.getpos()[0], name)))


def _of_links(read: _Read, settings: Settings, answering: Answering) -> Iterator[Finding]:
    site = _split(settings.site).netloc
    for link in read.links:
        if not link.words:
            yield Finding(Weight.ERROR, "A link has no words and no described picture.", link.where)
        if not _is_absolute(link.href):
            yield Finding(Weight.ERROR, "A link does not begin with https:, http: or mailto:.", link.where)
    if not any(_split(link.href).path.startswith(LEAVING) for link in read.links):
        yield Finding(Weight.ERROR, "The mail has no link to unsubscribe.", "")
    for source, where in read.sources:
        if not _is_absolute(source):
            yield Finding(Weight.ERROR, "A picture’s address does not begin with https: or http:.", where)
    places = [(link.href, link.where) for link in read.links] + read.sources
    own = {(_split(url).path or "/", where) for url, where in places if _split(url).netloc == site}
    answers = answering({path for path, _ in own})
    for path, where in sorted(own):
        if path not in answers:
            yield Finding(Weight.ERROR, f"Nothing public stands at {path}.", where)


def _of_text(read: _Read, text: str) -> Iterator[Finding]:
    """The home page is named in words there; what distinguishes clicks (the query) may differ."""
    there = {_bare(word.strip("<>(),.")) for word in text.split() if "://" in word}
    for link in read.links:
        is_page = link.href.startswith(("http://", "https://")) and _split(link.href).path.strip("/")
        if is_page and _bare(link.href) not in there:
            yield Finding(Weight.WARNING, "The text part lacks this link.", link.where)


def _of_size(html: str) -> Iterator[Finding]:
    if len(html.encode()) > CLIPPED:
        yield Finding(Weight.ERROR, "Gmail cuts a mail of more than 102 KB off and hides its end.", "")


def _is_absolute(url: str) -> bool:
    parts = _split(url)
    if any(character.isspace() for character in url):
        return False
    return (parts.scheme in ("http", "https") and bool(parts.netloc)) or (
        parts.scheme == "mailto" and "@" in parts.path
    )


def _split(url: str) -> SplitResult:
    """Nothing at all for what is no address."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _bare(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _where(line: int, name: str) -> str:
    short = name if len(name) <= 60 else f"{name[:59]}…"
    return f"line {line}: “{short}”"
