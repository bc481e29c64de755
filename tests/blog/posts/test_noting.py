"""Corrections and updates: on a public story, never taken away, each wording still to be read."""

from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import noting, publishing, reading
from blog.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.blog.posts.building import MORNING, story, write

LATER = MORNING + timedelta(hours=1)
LAST = MORNING + timedelta(hours=2)


def test_a_note_stands_on_the_story_and_moves_its_date(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Two moons")
    noting.add(db, post_id, "correction", " It has\r\n\r\n\r\n\r\nthree  moons. ", edda, LATER)
    article = reading.article(db, "/2026/11/two-moons").article
    (note,) = article.notes
    assert (note.kind, note.paragraphs, note.at) == ("correction", ("It has", "three moons."), LATER)
    assert article.updated_at == LATER
    assert reading.feed(db)[0].notes == (note,)


def test_another_wording_replaces_a_note_and_leaves_the_old_one_to_be_read(
    db: Database, edda: Person
) -> None:
    post_id = story(db, edda, "Two moons")
    first = noting.add(db, post_id, "correction", "Three moons.", edda, LATER)
    noting.add(db, post_id, "update", "A fourth was found.", edda, LATER)
    noting.reword(db, post_id, first, "Three moons and a ring.", edda, LAST)
    shown = reading.article(db, "/2026/11/two-moons").article.notes
    assert [(note.text, note.at, note.reworded_at) for note in shown] == [
        ("Three moons and a ring.", LATER, LAST),
        ("A fourth was found.", LATER, None),
    ]
    (entry,) = reading.corrections(db).items
    assert (entry.card.title, entry.note.text) == ("Two moons", "Three moons and a ring.")
    assert [note.text for note in entry.earlier] == ["Three moons."]
    with pytest.raises(Conflict):
        noting.reword(db, post_id, first, "Late.", edda, LAST)


def test_only_a_public_story_bears_notes_and_only_who_may_publish_it_writes_them(
    db: Database, edda: Person, arno: Person, cleo: Person
) -> None:
    public, draft = story(db, edda, "Hers"), write(db, edda, "Draft")
    with pytest.raises(Conflict):
        noting.add(db, draft, "correction", "Wrong.", edda, LATER)
    for other in (arno, cleo):
        with pytest.raises(Forbidden):
            noting.add(db, public, "correction", "Wrong.", other, LATER)
    with pytest.raises(NotFound):
        noting.reword(db, public, 10**30, "Wrong.", edda, LATER)


def test_a_story_that_was_taken_back_is_not_on_the_page_of_corrections(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Two moons")
    noting.add(db, post_id, "correction", "Three moons.", edda, LATER)
    publishing.withdraw(db, post_id, edda, LAST)
    assert reading.corrections(db).total == 0


@pytest.mark.parametrize(
    ("kind", "text"), [("correction", " \n "), ("correction", "x" * 2001), ("opinion", "Fine.")]
)
def test_what_is_no_note_gets_a_sentence(db: Database, edda: Person, kind: str, text: str) -> None:
    with pytest.raises(Invalid):
        noting.add(db, story(db, edda, "Two moons"), kind, text, edda, LATER)


def test_the_same_note_twice_is_one(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Two moons")
    noting.add(db, post_id, "correction", "Three moons.", edda, LATER)
    with pytest.raises(Conflict):
        noting.add(db, post_id, "correction", "Three moons.", edda, LATER)
