"""Search: what a reader types is words, never syntax."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing
from blog.posts.search import search
from blog.refusals import NotFound
from tests.blog.posts.building import MORNING, doc, edit, paragraph, story, write
from tests.blog.posts.conftest import statements


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


def test_results_come_in_pages_with_a_fixed_number_of_statements(db: Database, edda: Person) -> None:
    for n in range(12):
        story(db, edda, f"Meteor {n}")
    with statements(db) as sent:
        first = search(db, "meteor")
    assert (first.total, first.pages, len(first.items)) == (12, 2, 10) and len(sent) <= 6
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
