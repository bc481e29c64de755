"""What is found out about a pasted DOI or address, from what registries and pages really answer."""

import json
from collections.abc import Callable

import pytest

from blog.fetching import Fetched, Rules
from blog.posts import citing
from blog.posts.sources import Reviewed, Source, SourceKind
from blog.refusals import Invalid, Unavailable

CROSSREF = {
    "type": "journal-article", "title": "A <i>ring</i> of\n  ice", "container-title": ["Journal of Rings"],
    "author": [{"given": "Edda", "family": "Fictive"}, {"name": "The Ring Team"}],
    "published": {"date-parts": [[2026, 3, 1]]}, "publisher": "Rings Ltd",
}  # fmt: skip
PAGE = b"""<html><head><title>x</title><meta name="citation_title" content="Young rings">
<meta name="citation_author" content="Fictive, Edda"><meta name="citation_author" content="O. Ther">
<meta name="citation_journal_title" content="Journal of Rings"><meta name="citation_publication_date" content="2026/02/03">
<meta name="citation_doi" content="10.1234/young"></head></html>"""
NEWS = b"""<html><head><meta property="og:title" content="Rings are young"><meta property="og:site_name" content="ESO">
<meta property="article:published_time" content="2025-05-01T00:00:00Z"></head></html>"""


def answering(body: bytes, status: int = 200, kind: str = "text/html") -> Callable[[str, Rules], Fetched]:
    return lambda url, rules: Fetched(url, status, {"content-type": kind}, body)


def test_a_doi_is_asked_of_its_registry_and_answers_in_full() -> None:
    asked: list[tuple[str, str]] = []

    def registry(url: str, rules: Rules) -> Fetched:
        asked.append((url, rules.accept))
        return Fetched(url, 200, {}, json.dumps(CROSSREF).encode())

    found = citing.look_up(registry, "doi:10.1234/rings.5")
    assert asked == [("https://doi.org/10.1234/rings.5", "application/vnd.citationstyles.csl+json")]
    assert found == (
        Source(
            kind=SourceKind.PAPER, title="A ring of ice", authors="Edda Fictive, The Ring Team", publication="Journal of Rings",
            year=2026, doi="10.1234/rings.5", reviewed=Reviewed.YES,
        ),
        True,
    )  # fmt: skip


def test_what_stands_on_arxiv_is_a_preprint_whatever_the_registry_calls_it() -> None:
    answer = answering(json.dumps({"type": "article-journal", "title": "Ice", "publisher": "arXiv"}).encode())
    found, _ = citing.look_up(answer, "https://arxiv.org/abs/2601.01234")
    assert (found.kind, found.reviewed, found.doi) == (
        SourceKind.PREPRINT, Reviewed.NOT_YET, "10.48550/arXiv.2601.01234",
    )  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        answering(b"not json"), answering(b"[]"), answering(b"{}"), answering(b"[" * 100_000), answering(b"{}", 404),
        answering(b'{"title": 7, "author": 5, "issued": {"date-parts": [[null]]}}'),
    ],
)  # fmt: skip
def test_a_registry_that_knows_nothing_leaves_the_doi_and_an_open_form(
    answer: Callable[[str, Rules], Fetched],
) -> None:
    assert citing.look_up(answer, "10.1234/x") == (
        Source(doi="10.1234/x", reviewed=Reviewed.YES), False,
    )  # fmt: skip


def test_a_papers_page_is_read_by_its_citation_words() -> None:
    found, known = citing.look_up(answering(PAGE), "https://rings.example/young")
    assert known and found == Source(
        kind=SourceKind.PAPER, title="Young rings", authors="Edda Fictive, O. Ther", publication="Journal of Rings", year=2026,
        doi="10.1234/young", url="https://rings.example/young", reviewed=Reviewed.YES,
    )  # fmt: skip


def test_another_page_gives_its_title_site_and_year() -> None:
    found, known = citing.look_up(answering(NEWS), "https://eso.example/1")
    assert known and found == Source(
        kind=SourceKind.OTHER, title="Rings are young", publication="ESO", year=2025, url="https://eso.example/1",
    )  # fmt: skip


@pytest.mark.parametrize("refusal", [Unavailable("Down."), Invalid("That address can't be fetched.")])
def test_without_a_network_the_pasted_address_is_all(refusal: Exception) -> None:
    def down(url: str, rules: Rules) -> Fetched:
        raise refusal

    assert citing.look_up(down, "https://eso.example/1") == (
        Source(kind=SourceKind.OTHER, url="https://eso.example/1"), False,
    )  # fmt: skip
    assert citing.look_up(down, "10.1234/x")[1] is False


@pytest.mark.parametrize(
    "pasted", ["", "rings", "javascript:alert(1)", "https://a.example/" + "x" * 3000, "/etc/passwd"]
)
def test_what_is_neither_is_refused_before_anybody_is_asked(pasted: str) -> None:
    with pytest.raises(Invalid, match="Paste a DOI"):
        citing.look_up(lambda url, rules: pytest.fail("nobody should be asked"), pasted)
