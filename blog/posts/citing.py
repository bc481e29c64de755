"""What can be found out about a source from its DOI or its address, through the one guarded fetcher. The studio asks when somebody
pastes either; what is found is a proposal that an editor reads and mends.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from blog.fetching import Fetched, Rules
from blog.posts import linkcards
from blog.posts.addresses import is_web
from blog.posts.sources import LONGEST, USUALLY, Reviewed, Source, SourceKind, bare_doi
from blog.refusals import Invalid, Unavailable

NEITHER = "Paste a DOI, like 10.1038/s41586-021-03819-2, or an address that begins with https://."
CITATION = Rules(most=4_000_000, seconds=8.0, accept="application/vnd.citationstyles.csl+json")
"""DOI content negotiation, as Crossref and DataCite answer it: citation.crosscite.org/docs.html."""
_KINDS = {
    "posted-content": SourceKind.PREPRINT, "preprint": SourceKind.PREPRINT, "dataset": SourceKind.DATA,
    "article-journal": SourceKind.PAPER, "journal-article": SourceKind.PAPER, "paper-conference": SourceKind.PAPER,
    "proceedings-article": SourceKind.PAPER, "chapter": SourceKind.PAPER, "article": SourceKind.PREPRINT,
    "book": SourceKind.OTHER, "webpage": SourceKind.OTHER,
}  # fmt: skip
Fetch = Callable[[str, Rules], Fetched]
_TAG = re.compile(r"<[^<>]{0,200}>")


def look_up(fetch: Fetch, pasted: str) -> tuple[Source, bool]:
    """The source as far as it is known, and whether anybody could tell of it; where nobody could, the pasted address is all.
    Raises Invalid for what is neither a DOI nor an address.
    """
    pasted = pasted.strip()
    if doi := bare_doi(pasted):
        return _asked_for(fetch, doi)
    if len(pasted) > LONGEST["url"] or not is_web(pasted):
        raise Invalid(NEITHER, {"pasted": [NEITHER]})
    try:
        page = fetch(pasted, linkcards.RULES)
    except (Unavailable, Invalid):
        return of_kind(Source(url=pasted), SourceKind.OTHER), False
    found = _of_page(page, pasted)
    return found, bool(found.title)


def of_kind(source: Source, kind: SourceKind) -> Source:
    return replace(source, kind=kind, reviewed=USUALLY.get(kind, Reviewed.NOT_ASKED))


def _asked_for(fetch: Fetch, doi: str) -> tuple[Source, bool]:
    kind = SourceKind.PREPRINT if _of_preprints(doi) else SourceKind.PAPER
    blank = of_kind(Source(doi=doi), kind)
    try:
        answer = fetch(f"https://doi.org/{quote(doi, safe='/():;.,-_')}", CITATION)
        told = json.loads(answer.body) if answer.status == 200 else None
    except (Unavailable, Invalid, ValueError, RecursionError):
        return blank, False
    if not isinstance(told, dict) or not _words(told.get("title"), "title"):
        return blank, False
    kind = kind if _of_preprints(doi) else _KINDS.get(str(told.get("type")), SourceKind.OTHER)
    found = replace(
        blank,
        title=_words(told.get("title"), "title"),
        authors=_people(told.get("author")),
        publication=_words(told.get("container-title") or told.get("publisher"), "publication"),
        year=_year(told),
    )
    return of_kind(found, kind), True


def _of_preprints(doi: str) -> bool:
    return doi.lower().startswith(("10.48550/arxiv.", "10.1101/", "10.31223/", "10.22541/", "10.21203/"))


def _of_page(page: Fetched, pasted: str) -> Source:
    card = linkcards.read(page)
    said = linkcards.head_of(page)[0] if card.title else {}
    doi = bare_doi(said.get("citation_doi", "").split("\n")[0])
    names = [_given_first(name) for name in said.get("citation_author", "").split("\n") if name.strip()]
    dated = (
        said.get("citation_publication_date")
        or said.get("citation_date")
        or said.get("article:published_time", "")
    )
    year = re.match(r"\s*([12][0-9]{3})", dated)
    journal = said.get("citation_journal_title", "").split("\n")[0]
    kind = SourceKind.OTHER
    if "citation_title" in said:
        preprint = "citation_arxiv_id" in said or (bool(doi) and _of_preprints(doi))
        kind = SourceKind.PREPRINT if preprint else SourceKind.PAPER
    found = Source(
        title=_words(said.get("citation_title", "").split("\n")[0] or card.title, "title"),
        authors=_cut(", ".join(names), "authors"), publication=_words(journal or card.site, "publication"),
        year=int(year[1]) if year else None, doi=doi, url=pasted,
    )  # fmt: skip
    return of_kind(found, kind)


def _people(told: Any) -> str:
    names = [_person(one) for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    return _cut(", ".join(name for name in names if name), "authors")


def _person(told: Mapping[str, Any]) -> str:
    parts = (
        (told.get("given"), told.get("family"))
        if told.get("family")
        else (told.get("literal") or told.get("name"),)
    )
    return " ".join(part.strip() for part in parts if isinstance(part, str))


def _given_first(name: str) -> str:
    family, comma, given = name.strip().partition(",")
    return f"{given.strip()} {family.strip()}" if comma else family


def _year(told: Mapping[str, Any]) -> int | None:
    for name in ("issued", "published", "published-online", "published-print", "created"):
        match told.get(name):
            case {"date-parts": [[year, *_], *_]} if str(year).isdecimal() and len(str(year)) == 4:
                return int(year)
    return None


def _words(told: Any, name: str) -> str:
    """Crossref gives lists of titles, and titles with bits of HTML in them."""
    first = told[0] if isinstance(told, list) and told else told
    return _cut(" ".join(_TAG.sub("", first).split()), name) if isinstance(first, str) else ""


def _cut(words: str, name: str) -> str:
    most = LONGEST[name]
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0].rstrip(",") + "…"
