"""What a story rests on: papers, preprints, press releases, data. Kept with the manuscript in the editor's order; ``drafts`` checks
them, ``prose`` prints them. Each has a number of its own within the story, by which notes point at it wherever it stands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from blog.posts.addresses import is_web
from blog.refusals import Invalid, NotFound

MOST = 40
LONGEST = {"title": 500, "authors": 1000, "publication": 200, "url": 2000, "doi": 200}
HIGHEST = 10**6
"""No number is as high."""
FIRST_YEAR, LAST_YEAR = 1000, 2200

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DOI = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*/[^\s\"<>\\^`{|}]+")
_BEFORE_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class SourceKind(StrEnum):
    PAPER = "paper"
    PREPRINT = "preprint"
    RELEASE = "press release"
    DATA = "data set"
    OTHER = "other"


class Reviewed(StrEnum):
    YES = "peer-reviewed"
    NOT_YET = "not peer-reviewed yet"
    NOT_ASKED = ""
    """Peers review no press release."""


USUALLY = {SourceKind.PAPER: Reviewed.YES, SourceKind.PREPRINT: Reviewed.NOT_YET}
"""What is so of a kind, until an editor says otherwise."""


@dataclass(frozen=True)
class Source:
    id: int = 0
    """Counted from 1 within the story, and never given again while a note could mean it; 0 for one without a number yet."""
    kind: SourceKind = SourceKind.PAPER
    title: str = ""
    authors: str = ""
    """As the source names them: ``N. Author, O. Author``."""
    publication: str = ""
    """The journal, archive or newsroom."""
    year: int | None = None
    doi: str = ""
    """Bare: ``10.1038/…``."""
    url: str = ""
    reviewed: Reviewed = Reviewed.NOT_ASKED

    @property
    def address(self) -> str:
        """Where readers find it: a DOI outlives any other address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def name(self) -> str:
        return self.title or self.doi or self.url

    @property
    def line(self) -> str:
        """All of it in one line of plain text."""
        told = (self.title, self.authors, self.publication, str(self.year or ""), self.address, self.reviewed)
        return f"{self.kind.capitalize()}: {', '.join(part for part in told if part)}"


def source_of(told: Mapping[str, Any]) -> Source:
    return Source(
        told["id"], SourceKind(told["kind"]), told["title"], told["authors"], told["publication"], told["year"],
        told["doi"], told["url"], Reviewed(told["reviewed"]),
    )  # fmt: skip


def sources_of(told: Iterable[Mapping[str, Any]] | None) -> tuple[Source, ...]:
    """As the database and the editor's page keep them."""
    return tuple(source_of(one) for one in told or ())


def told(sources: Iterable[Source]) -> list[dict[str, Any]]:
    return [asdict(source) for source in sources]


def checked(sources: Sequence[Source], named: Iterable[int] = ()) -> tuple[Source, ...]:
    """As they can be kept, each with a number; ``named`` are those that notes point at. Raises Invalid for ``sources`` with a
    sentence that names the source.
    """
    if len(sources) > MOST:
        raise _wrong(f"A story can name {MOST} sources; these are {len(sources):,}.")
    kept: list[Source] = []
    newest = max((n for n in (*(source.id for source in sources), *named) if n < HIGHEST), default=0)
    for place, source in enumerate(sources, 1):
        fine = _checked(source, place)
        if not 1 <= fine.id < HIGHEST or any(other.id == fine.id for other in kept):
            newest += 1
            fine = replace(fine, id=newest)
        kept.append(fine)
    return tuple(kept)


def bare_doi(text: str) -> str:
    """The DOI that was typed or pasted in any of its forms; empty where it is none. An arXiv address has one too."""
    text = text.strip()
    if found := re.fullmatch(
        r"(?:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv:)([a-z-]+/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(v[0-9]+)?(\.pdf)?",
        text,
        re.IGNORECASE,
    ):
        return f"10.48550/arXiv.{found[1]}"
    bare = _BEFORE_DOI.sub("", text, count=1).strip() if _BEFORE_DOI.match(text) else text
    return bare if _DOI.fullmatch(bare) else ""


def with_source(sources: Sequence[Source], source: Source) -> tuple[Source, ...]:
    """``source`` in the place of the one that has its number, or behind all."""
    if source.id and any(one.id == source.id for one in sources):
        return tuple(source if one.id == source.id else one for one in sources)
    return (*sources, source)


def without(sources: Sequence[Source], number: int) -> tuple[Source, ...]:
    _place(sources, number)
    return tuple(one for one in sources if one.id != number)


def moved(sources: Sequence[Source], number: int, by: int) -> tuple[Source, ...]:
    """One place up (-1) or down (1); at the end it stays."""
    place = _place(sources, number)
    rest = list(without(sources, number))
    rest.insert(max(0, place + by), sources[place])
    return tuple(rest)


def _place(sources: Sequence[Source], number: int) -> int:
    found = next((place for place, one in enumerate(sources) if one.id == number), None)
    if found is None:
        raise NotFound("That source is not in the story any more.")
    return found


def _checked(source: Source, place: int) -> Source:
    words: dict[str, Any] = {
        name: " ".join(_UNSEEN.sub(" ", getattr(source, name)).split()) for name in LONGEST
    }
    fine = replace(source, **words)
    for name, most in LONGEST.items():
        if (over := len(words[name]) - most) > 0:
            raise _wrong(f"Source {place}: the {_SAID.get(name, name)} is too long by {over:,} characters.")
    if fine.doi:
        fine = replace(fine, doi=bare_doi(fine.doi))
        if not fine.doi:
            raise _wrong(f"Source {place}: that is no DOI. One looks like 10.1038/s41586-021-03819-2.")
    if fine.url and not is_web(fine.url):
        raise _wrong(f"Source {place}: that is no address on the web. One begins with https://.")
    if fine.year is not None and not FIRST_YEAR <= fine.year <= LAST_YEAR:
        raise _wrong(f"Source {place}: the year should have four digits, like 2026.")
    if not fine.name:
        raise _wrong(f"Source {place} says nothing yet. Give it a title, a DOI or an address.")
    return fine


_SAID = {"authors": "list of authors", "url": "address", "doi": "DOI"}


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"sources": [sentence]})
