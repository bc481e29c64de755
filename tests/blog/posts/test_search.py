"""Search: what a reader types is words, never syntax."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, topics
from blog.posts.narrowing import Choice, Wanted
from blog.posts.search import find
from blog.posts.views import Hit, Page
from blog.posts.vocabulary import learn_missing
from blog.posts.word_model import PostWord, SearchTrigram, SearchWord
from blog.refusals import NotFound
from tests.blog.posts.building import MORNING, doc, edit, paragraph, story, write
from tests.blog.posts.conftest import statements

LAGOS = ZoneInfo("Africa/Lagos")


def search(db: Database, words: str, page: int = 1) -> Page[Hit]:
    return find(db, words, page).page


def titles(db: Database, words: str) -> list[str]:
    return [hit.card.title for hit in search(db, words).items]


def test_the_title_counts_most_then_the_dek(db: Database, edda: Person) -> None:
    story(db, edda, "In the text", paragraph("About a comet and other things."), dek="Something else.")
    story(db, edda, "A comet", paragraph("Ice and dust."), dek="Something else.")
    story(db, edda, "In the dek", paragraph("Ice and dust."), dek="A comet passes.")
    assert titles(db, "comet") == ["A comet", "In the dek", "In the text"]


def test_all_words_must_be_there_in_any_form_and_the_last_may_go_on(db: Database, edda: Person) -> None:
    story(db, edda, "Crab nebula", paragraph("Galaxies collide."))
    assert titles(db, "galaxy colliding") == titles(db, "crab neb") == titles(db, "CRAB") == ["Crab nebula"]
    assert titles(db, "crab lobster") == titles(db, "neb crab") == []


def test_only_what_is_public_is_found(db: Database, edda: Person) -> None:
    write(db, edda, "Secret pulsar")
    taken_back = story(db, edda, "Withdrawn pulsar")
    publishing.withdraw(db, taken_back, edda, MORNING)
    assert search(db, "pulsar").total == 0


@pytest.mark.parametrize(
    "words", ["C++", "foo-bar", "a AND", '"x', "*", "", "NEAR(", "a OR b", "-x", "title:x", "'", "''':*", "a & | !", "(", "\\", "\0x",
              "x" * 5000, "the of and", "_", "%", "\ud800", "^x", "a:b:c", "🙂 x", ":asked"],
)  # fmt: skip
def test_nothing_that_can_be_typed_is_an_error(db: Database, edda: Person, words: str) -> None:
    story(db, edda, "A plain story")
    assert search(db, words).total in (0, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=40))
def test_no_text_is_an_error(db: Database, words: str) -> None:
    assert search(db, words).total == 0


def test_the_snippet_is_escaped_and_marks_what_was_found(db: Database, edda: Person) -> None:
    story(
        db,
        edda,
        "Plain",
        paragraph("Long before. " * 30 + "For 1 < z about quasars & more. " + "Long after. " * 30),
    )
    (hit,) = search(db, "quasar").items
    assert "1 &lt; z about <mark>quasars</mark> &amp; more" in hit.snippet
    assert len(hit.snippet) < 400


def test_diacritics_are_neither_needed_nor_in_the_way(db: Database, edda: Person) -> None:
    story(
        db,
        edda,
        "Rays",
        paragraph("Before. " * 30 + "Wilhelm Röntgen saw his wife’s hand. " + "After. " * 30),
    )
    for words in ("rontgen", "Röntgen", "ro\u0308ntgen", "RÖNTG"):
        assert titles(db, words) == ["Rays"], words
    assert "<mark>Röntgen</mark> saw his wife’s hand" in search(db, "rontgen").items[0].snippet


def test_a_slip_of_the_pen_is_answered_by_what_was_meant(db: Database, edda: Person) -> None:
    story(db, edda, "Pluto has a heart", paragraph("The moons of Pluto go around it. Jupiter is far."))
    story(db, edda, "Encélade", paragraph("Ice and water."))
    for typed, meant in (
        ("plutto", "Pluto"), ("plut0x", "Pluto"), ("moosn", "moons"), ("jupitr moons", "Jupiter moons"), ("ENCELADDE", "Encélade"),
        ("“plutto”!", "“Pluto”!"), ("zzzzzz", ""), ("plutto zzzzzz", ""),
    ):  # fmt: skip
        found = find(db, typed)
        assert (found.page.total, found.meant) == (0, meant), typed
    assert find(db, "pluto").meant == ""


def test_no_word_is_offered_that_the_public_cannot_find(db: Database, edda: Person) -> None:
    taken_back = story(db, edda, "Quaoar")
    publishing.withdraw(db, taken_back, edda, MORNING)
    assert find(db, "quaoat").meant == ""


def test_what_is_found_can_be_narrowed_by_author_topic_and_year(db: Database, edda: Person) -> None:
    moon, mars = topics.create(db, "The Moon"), topics.create(db, "Mars")
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    story(db, edda, "Comet one", topic_ids=(moon,))
    story(db, edda, "Comet two", topic_ids=(moon, mars))
    story(db, edda, "Comet three", at=new_year)
    found = find(db, "comet", zone=LAGOS)
    assert found.choices.topics == (Choice("the-moon", "The Moon", 2), Choice("mars", "Mars", 1))
    assert found.choices.authors == (Choice("edda", "Edda", 3),)
    assert found.choices.years == (Choice("2026", "2026", 3),), "New Year comes to Lagos an hour early"
    assert [c.value for c in find(db, "comet").choices.years] == ["2026", "2025"]

    def left(**wanted: Any) -> list[str]:
        return sorted(hit.card.title for hit in find(db, "comet", wanted=Wanted(**wanted)).page.items)

    assert left(topic="mars") == left(topic="mars", year=2026, author="edda") == ["Comet two"]
    assert left(year=2025) == ["Comet three"]
    nothing = find(db, "comet", wanted=Wanted(topic="mars", year=2025))
    assert (nothing.page.total, nothing.elsewhere, nothing.meant) == (0, 3, "")


@pytest.mark.parametrize(
    "wanted", [Wanted("\0", "'"), Wanted(year=-1), Wanted(year=10**9), Wanted(year=9999)]
)
def test_no_narrowing_is_an_error(db: Database, edda: Person, wanted: Wanted) -> None:
    story(db, edda, "A plain story")
    assert find(db, "plain", wanted=wanted).page.total in (0, 1)


def test_stories_of_before_are_taken_in_by_the_clock(db: Database, edda: Person) -> None:
    story(db, edda, "Ganymede", paragraph("A moon of ice."))
    with db.transaction() as s:
        for model in (PostWord, SearchTrigram, SearchWord):
            s.execute(delete(model))
    assert find(db, "ganimede").meant == ""
    assert learn_missing(db) == 1
    assert find(db, "ganimede").meant == "Ganymede"
    assert learn_missing(db) == 0


def test_a_story_of_three_letter_words_is_taken_in_once(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Sun", paragraph("Hot gas."))
    assert learn_missing(db) == 0
    publishing.publish(db, post_id, edda, MORNING)
    with db.reading() as s:
        assert s.scalar(select(SearchWord.stories).where(SearchWord.word == "sun")) == 1


def test_results_come_in_pages_with_a_fixed_number_of_statements(db: Database, edda: Person) -> None:
    for n in range(12):
        story(db, edda, f"Meteor {n}")
    with statements(db) as sent:
        first = search(db, "meteor")
    assert (first.total, first.pages, len(first.items)) == (12, 2, 10) and len(sent) <= 8
    second = search(db, "meteor", 2)
    assert len({hit.card.id for hit in (*first.items, *second.items)}) == 12
    with pytest.raises(NotFound):
        search(db, "meteor", 3)


def test_a_changed_story_is_found_by_its_new_words_alone(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Title", paragraph("Aphelion."))
    edit(db, post_id, edda, MORNING, body=doc(paragraph("Perihelion.")))
    assert (titles(db, "aphelion"), titles(db, "perihelion")) == (["Title"], [])
    publishing.publish(db, post_id, edda, MORNING)
    assert (titles(db, "aphelion"), titles(db, "perihelion")) == ([], ["Title"])
