"""Sources: kept with the manuscript in their order, refused with a sentence, and printed with the story."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import history, publishing, reading, search, sources, writing
from blog.posts.model import PostId
from blog.posts.sources import Reviewed, Source, SourceKind
from blog.refusals import Invalid, NotFound
from tests.blog.posts.building import MORNING, block, edit, paragraph, story, words, write

PAPER = Source(
    1, SourceKind.PAPER, "Rings of ice", "E. Fictive, O. Ther", "Journal of Rings", 2026, "10.1234/rings.5",
    reviewed=Reviewed.YES,
)  # fmt: skip
RELEASE = Source(
    2, SourceKind.RELEASE, "Saturn's rings are young", publication="ESO", url="https://eso.example/1"
)


def note(text: str = "", url: str = "", source: int = 0) -> dict[str, Any]:
    return block("footnote", text=text, url=url, source=source)


def shown(db: Database, post_id: PostId) -> str:
    with db.reading():
        path = next(card.path for card in reading.latest(db).items if card.id == post_id)
    return str(reading.article(db, path).article.body)


def test_a_story_prints_its_sources_numbered_with_what_peers_said(db: Database, edda: Person) -> None:
    made = shown(db, story(db, edda, "Rings", sources=(PAPER, RELEASE)))
    assert made.count('<section class="sources"') == 1
    assert (
        '<li id="source-1"><span class="source__kind">Paper</span> <a href="https://doi.org/10.1234/rings.5"'
        in made
    )
    assert "E. Fictive, O. Ther, <em>Journal of Rings</em>, 2026" in made and "DOI 10.1234/rings.5" in made
    assert '<span class="source__reviewed">Peer-reviewed</span>' in made
    assert (
        '<li id="source-2"><span class="source__kind">Press release</span> <a href="https://eso.example/1"'
        in made
    )
    assert made.count("source__reviewed") == 1, "nothing is said of a press release"


def test_a_note_points_at_a_source_by_its_number_in_the_list_whatever_was_moved(
    db: Database, edda: Person
) -> None:
    told = block("paragraph", words("Young"), note("Page 4", source=1), note(source=2), note(source=9))
    post = story(db, edda, "Rings", told, sources=(RELEASE, PAPER))
    made = shown(db, post)
    assert 'Page 4 (source <a href="#source-2">2</a>)' in made
    assert 'Source <a href="#source-1">1</a>: Saturn' in made
    assert made.count('class="note"') == 2, "a note that names nothing leaves no sign"
    found = writing.get(db, post, edda).findings
    assert "A note points at a source that is not in the list any more." in [one.sentence for one in found]


def test_sources_are_found_by_search_and_count_as_no_words(db: Database, edda: Person) -> None:
    bare = story(db, edda, "Plain")
    post = story(db, edda, "Rings", sources=(PAPER,))
    assert [hit.card.id for hit in search.find(db, "Fictive").page.items] == [post]
    lengths = {card.id: reading.article(db, card.path).article.words for card in reading.latest(db).items}
    assert lengths[post] == lengths[bare]


def test_changed_sources_wait_for_publication_and_can_be_thrown_away(db: Database, edda: Person) -> None:
    post = story(db, edda, "Rings", sources=(PAPER,))
    edit(db, post, edda, MORNING + timedelta(hours=1), sources=(RELEASE,))
    assert "Rings of ice" in shown(db, post) and "young" not in shown(db, post)
    assert writing.get(db, post, edda).post.has_changes
    writing.discard_changes(db, post, edda, MORNING + timedelta(hours=2))
    assert writing.get(db, post, edda).draft.sources == (PAPER,)
    edit(db, post, edda, MORNING + timedelta(hours=3), sources=(RELEASE,))
    publishing.publish(db, post, edda, MORNING + timedelta(hours=4))
    assert "young" in shown(db, post) and "Rings of ice" not in shown(db, post)


def test_history_compares_sources_and_brings_them_back(db: Database, edda: Person) -> None:
    post = write(db, edda, "Rings", sources=(PAPER,))
    edit(db, post, edda, MORNING + timedelta(hours=1), sources=(RELEASE,))
    kept = history.listing(db, post, edda).items[0]
    seen = history.compare(db, post, kept.id, edda)
    (row,) = seen.fields
    assert row.label == "Sources" and row.before and "Rings of ice" in "".join(p.words for p in row.before)
    history.restore(db, post, kept.id, seen.version, edda, MORNING + timedelta(hours=2))
    assert writing.get(db, post, edda).draft.sources == (PAPER,)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(PAPER, url="javascript:alert(1)"), "Source 2: that is no address on the web."),
        (replace(PAPER, url="//eso.example"), "Source 2: that is no address on the web."),
        (replace(PAPER, doi="doi"), "Source 2: that is no DOI."),
        (replace(PAPER, doi='10.1234/"><script>'), "Source 2: that is no DOI."),
        (replace(PAPER, title="x" * 10_000), "Source 2: the title is too long by 9,500 characters."),
        (replace(PAPER, year=26), "Source 2: the year should have four digits"),
        (Source(title=" \x00 "), "Source 2 says nothing yet."),
    ],
)
def test_what_is_no_source_is_refused_with_a_sentence(
    db: Database, edda: Person, wrong: Source, said: str
) -> None:
    post = write(db, edda, "Rings")
    with pytest.raises(Invalid, match="Source 2") as refusal:
        edit(db, post, edda, MORNING, sources=(RELEASE, wrong))
    assert refusal.value.fields["sources"][0].startswith(said)
    assert writing.get(db, post, edda).draft.sources == ()


def test_forty_sources_are_enough(db: Database, edda: Person) -> None:
    with pytest.raises(Invalid, match="40 sources; these are 41"):
        write(db, edda, "Rings", sources=(RELEASE,) * 41)


def test_each_gets_a_number_of_its_own_and_none_that_a_note_means(db: Database, edda: Person) -> None:
    told = block("paragraph", words("Young"), note("Gone", source=7))
    post = write(db, edda, "Rings", told, sources=(replace(PAPER, id=0), replace(RELEASE, id=0)))
    assert [one.id for one in writing.get(db, post, edda).draft.sources] == [8, 9]
    edit(db, post, edda, MORNING, body={"type": "doc", "content": [paragraph()]}, sources=(PAPER, PAPER))
    assert [one.id for one in writing.get(db, post, edda).draft.sources] == [1, 2]


@pytest.mark.parametrize(
    ("pasted", "doi"),
    [
        ("10.1234/rings.5", "10.1234/rings.5"), ("https://doi.org/10.1234/rings.5", "10.1234/rings.5"),
        ("DOI: 10.1234/rings.5 ", "10.1234/rings.5"), ("http://dx.doi.org/10.1234/a(b)c", "10.1234/a(b)c"),
        ("https://arxiv.org/abs/2601.01234v2", "10.48550/arXiv.2601.01234"),
        ("https://arxiv.org/pdf/astro-ph/0601001.pdf", "10.48550/arXiv.astro-ph/0601001"),
        ("https://eso.example/10.1234/x", ""), ("10.1/x", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_doi_is_known_in_every_form_that_people_paste(pasted: str, doi: str) -> None:
    assert sources.bare_doi(pasted) == doi


def test_sources_move_and_go_by_their_number() -> None:
    both = (PAPER, RELEASE)
    assert sources.moved(both, 2, -1) == (RELEASE, PAPER) == sources.moved(both, 1, 1)
    assert sources.moved(both, 1, -1) == both == sources.moved(both, 2, 1)
    assert sources.without(both, 1) == (RELEASE,)
    with pytest.raises(NotFound, match="not in the story any more"):
        sources.without(both, 3)
