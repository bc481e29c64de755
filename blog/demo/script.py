"""Reads the demonstration's own files: who writes, what about, which pictures, every article. ``loading.py`` plays it.

Pure: nothing is written. Whatever is wrong in the files is told with the file's name.
"""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

PART = re.compile(r"::([a-z-]+)(?: +(.*))?")
BOXES = ("bottom-line", "promotion")
"""Directives that hold text up to ``::end``."""


class Misspelt(ValueError):
    """The demonstration's files contradict themselves; the sentence names the file."""


@dataclass(frozen=True)
class AuthorEntry:
    slug: str
    name: str
    place: str
    biography: str
    links: tuple[tuple[str, str], ...]
    picture: str


@dataclass(frozen=True)
class TopicEntry:
    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class PictureEntry:
    """Either ``file``, a photograph beside the texts, or ``chart``, a drawing of the sky room with its ``options``."""

    key: str
    title: str
    alt: str
    caption: str
    credit: str
    licence: str
    source_url: str
    long_description: str
    focal_x: int
    focal_y: int
    file: str = ""
    chart: str = ""
    options: tuple[tuple[str, str | int | float | bool | datetime], ...] = ()


@dataclass(frozen=True)
class Part:
    """A stretch of the body: HTML where ``kind`` is empty, else a directive with its words and the text in its box."""

    kind: str
    words: tuple[str, ...]
    html: str


@dataclass(frozen=True)
class ArticleEntry:
    key: str
    """``NN-slug``, the file's name and what "Read more" calls it."""
    title: str
    dek: str
    author: str
    topics: tuple[str, ...]
    days_ago: float
    lead: str
    featured: bool
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def slug(self) -> str:
        return self.key.partition("-")[2]

    @property
    def pictures(self) -> tuple[str, ...]:
        """Every picture it shows, the lead first, each once."""
        shown = [part.words[0] for part in self.parts if part.kind == "figure"]
        hung = [key for part in self.parts if part.kind == "gallery" for key in part.words]
        return tuple(dict.fromkeys([self.lead, *shown, *hung]))

    @property
    def leads_to(self) -> tuple[str, ...]:
        return tuple(part.words[0] for part in self.parts if part.kind == "read-more")


@dataclass(frozen=True)
class Script:
    authors: tuple[AuthorEntry, ...]
    topics: tuple[TopicEntry, ...]
    pictures: tuple[PictureEntry, ...]
    articles: tuple[ArticleEntry, ...]
    """Oldest first."""


def read() -> Script:
    """The whole script, checked; raises Misspelt."""
    folder = files("blog.demo")
    people = tomllib.loads(folder.joinpath("people.toml").read_text("utf-8"))
    script = Script(
        tuple(_author(slug, row) for slug, row in people["authors"].items()),
        tuple(TopicEntry(slug, **row) for slug, row in people["topics"].items()),
        tuple(
            _picture(*row)
            for row in tomllib.loads(folder.joinpath("pictures.toml").read_text("utf-8")).items()
        ),
        _articles(folder.joinpath("articles")),
    )
    _check(script)
    return script


def article(key: str, text: str) -> ArticleEntry:
    """One file: TOML between two lines of ``+++``, then the body."""
    head = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n", text, re.DOTALL)
    if not head:
        raise Misspelt(f"{key}: no front matter between two lines of +++")
    try:
        front = tomllib.loads(head[1]) | {"key": key}
        front["topics"] = tuple(front["topics"])
        return ArticleEntry(**front, parts=_parts(key, text[head.end() :]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise Misspelt(f"{key}: the front matter cannot be read ({error})") from error


def _author(slug: str, row: dict[str, Any]) -> AuthorEntry:
    links = tuple((link["label"], link["url"]) for link in row["links"])
    return AuthorEntry(slug, row["name"], row["place"], row["biography"].strip(), links, row["picture"])


def _picture(key: str, row: dict[str, Any]) -> PictureEntry:
    options = tuple(row.pop("with", {}).items())
    try:
        return PictureEntry(key, **row, options=options)
    except TypeError as error:
        raise Misspelt(f"pictures.toml: {key} cannot be read ({error})") from error


def _articles(folder: Traversable) -> tuple[ArticleEntry, ...]:
    texts = {path.name.removesuffix(".txt"): path for path in folder.iterdir() if path.name.endswith(".txt")}
    return tuple(article(key, texts[key].read_text("utf-8")) for key in sorted(texts))


def _parts(key: str, body: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    html: list[str] = []
    box: Part | None = None
    for line in body.splitlines():
        if not line.startswith("::"):
            html.append(line)
            continue
        directive = _directive(key, line)
        if (directive.kind == "end") != (box is not None):
            raise Misspelt(f"{key}: “{line}” stands where no box begins or ends")
        parts += [Part(box.kind, box.words, "\n".join(html))] if box else _html(html)
        box = directive if directive.kind in BOXES else None
        parts += [] if box or directive.kind == "end" else [directive]
        html = []
    if box:
        raise Misspelt(f"{key}: the box “{box.kind}” is never ended")
    return (*parts, *_html(html))


def _html(lines: list[str]) -> list[Part]:
    text = "\n".join(lines).strip()
    return [Part("", (), text)] if text else []


def _directive(key: str, line: str) -> Part:
    found = PART.fullmatch(line.strip())
    if not found:
        raise Misspelt(f"{key}: “{line}” is no directive")
    kind, words = found[1], found[2] or ""
    by_bar = [word.strip() for word in words.split("|")]
    match kind:
        case "figure":
            picture, _, width = by_bar[0].partition(" ")
            return Part(kind, (picture, width or "main", *by_bar[1:]), "")
        case "gallery":
            return Part(kind, tuple(word.strip() for word in words.split(",")), "")
        case "read-more" | "embed" | "promotion" | "bottom-line" | "end":
            return Part(kind, tuple(by_bar), "")
    raise Misspelt(f"{key}: there is no directive “{kind}”")


def _check(script: Script) -> None:
    authors, topics = {a.slug for a in script.authors}, {t.slug for t in script.topics}
    pictures, articles = {p.key for p in script.pictures}, {a.key for a in script.articles}
    for entry in script.articles:
        _known(entry.key, "author", {entry.author}, authors)
        _known(entry.key, "topic", set(entry.topics), topics)
        _known(entry.key, "picture", set(entry.pictures), pictures)
        _known(entry.key, "article", set(entry.leads_to), articles)
    for person in script.authors:
        _known("people.toml", "picture", {person.picture}, pictures)
    for picture in script.pictures:
        if bool(picture.file) == bool(picture.chart):
            raise Misspelt(f"pictures.toml: {picture.key} needs either a file or a chart")


def _known(where: str, what: str, used: set[str], known: set[str]) -> None:
    if missing := sorted(used - known):
        raise Misspelt(f"{where}: there is no {what} “{missing[0]}”")
