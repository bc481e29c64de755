"""A story goes to the editors and comes back, and the log tells of it."""

from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import deeds, history, noting, publishing, reviewing, writing
from blog.posts.desk_model import ReviewState
from blog.refusals import Conflict, Forbidden, Invalid
from tests.blog.posts.building import MORNING, edit, story, write

LATER = MORNING + timedelta(hours=1)


def kinds(db: Database, post_id: int) -> list[tuple[str, str]]:
    return [(line.name, line.kind) for line in reversed(deeds.of_post(db, post_id))]


def test_a_story_is_submitted_given_back_submitted_again_and_approved(
    db: Database, cleo: Person, edda: Person
) -> None:
    post_id = write(db, cleo, "Rings")
    assert reviewing.submit(db, post_id, cleo, MORNING, "Please look.") == "Rings"
    told = reviewing.ask_for_changes(db, post_id, edda, LATER, "Name the telescope.")
    assert (told.title, told.email) == ("Rings", cleo.email)
    standing = reviewing.find(db, post_id)
    assert standing and (standing.state, standing.by, standing.note) == (
        ReviewState.CHANGES,
        "Edda",
        "Name the telescope.",
    )
    reviewing.submit(db, post_id, cleo, LATER)
    reviewing.approve(db, post_id, edda, LATER)
    standing = reviewing.find(db, post_id)
    assert standing and standing.state == ReviewState.APPROVED and not standing.has_changed
    assert kinds(db, post_id) == [
        ("Cleo", "started"), ("Cleo", "submitted"), ("Edda", "changes asked"), ("Cleo", "submitted"), ("Edda", "approved"),
    ]  # fmt: skip


def test_only_editors_answer_and_only_what_was_submitted(
    db: Database, cleo: Person, arno: Person, edda: Person
) -> None:
    post_id = write(db, cleo, "Rings")
    with pytest.raises(Forbidden):
        reviewing.approve(db, post_id, arno, LATER)
    with pytest.raises(Forbidden):
        reviewing.submit(db, post_id, arno, LATER)
    with pytest.raises(Conflict):
        reviewing.approve(db, post_id, edda, LATER)
    reviewing.submit(db, post_id, cleo, MORNING)
    with pytest.raises(Invalid):
        reviewing.ask_for_changes(db, post_id, edda, LATER, "  ")
    assert kinds(db, post_id)[-1] == ("Cleo", "submitted")


def test_nobody_approves_words_that_they_have_not_read(db: Database, cleo: Person, edda: Person) -> None:
    post_id = write(db, cleo, "Rings")
    reviewing.submit(db, post_id, cleo, MORNING)
    read = writing.get(db, post_id, edda).version
    edit(db, post_id, cleo, LATER, dek="Something else.")
    with pytest.raises(Conflict):
        reviewing.approve(db, post_id, edda, LATER, version=read)
    reviewing.approve(db, post_id, edda, LATER, version=read + 1)
    edit(db, post_id, cleo, LATER, dek="And again.")
    standing = reviewing.find(db, post_id)
    assert standing and standing.has_changed


def test_the_list_shows_what_waits_for_an_editor_until_it_is_published(
    db: Database, cleo: Person, edda: Person
) -> None:
    post_id = write(db, cleo, "Rings")
    write(db, cleo, "Not yet")
    reviewing.submit(db, post_id, cleo, MORNING)
    (waiting,) = writing.listing(db, edda, "review").items
    assert (waiting.title, waiting.review) == ("Rings", ReviewState.SUBMITTED)
    publishing.publish(db, post_id, edda, LATER)
    assert writing.listing(db, edda, "review").items == ()
    assert reviewing.find(db, post_id) is None


def test_the_log_remembers_schedules_the_clock_and_what_was_deleted(
    db: Database, arno: Person, edda: Person
) -> None:
    post_id, gone = write(db, arno, "Rings"), write(db, edda, "Thrown away")
    publishing.schedule(db, post_id, arno, MORNING, LATER)
    publishing.publish_due(db, LATER)
    publishing.withdraw(db, post_id, edda, LATER)
    writing.delete(db, gone, edda, LATER)
    scheduled = next(line for line in deeds.of_post(db, post_id) if line.kind == "scheduled")
    assert (scheduled.when, scheduled.words) == (LATER, "")
    assert kinds(db, post_id) == [
        ("Arno", "started"), ("Arno", "scheduled"), ("", "published"), ("Edda", "withdrawn"),
    ]  # fmt: skip
    newest = deeds.latest(db, edda).items[0]
    assert (newest.title, newest.kind, newest.post_id) == ("Thrown away", "deleted", None)
    assert {line.title for line in deeds.latest(db, arno).items} == {"Rings"}


def test_a_story_that_is_public_as_it_stands_is_not_submitted(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    with pytest.raises(Conflict):
        reviewing.submit(db, post_id, edda, LATER)
    edit(db, post_id, edda, LATER, title="Better rings")
    reviewing.submit(db, post_id, edda, LATER)
    assert reviewing.find(db, post_id) is not None


def test_the_log_remembers_corrections_and_what_became_of_words(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    note_id = noting.add(db, post_id, "correction", "Seven rings.", edda, MORNING)
    noting.reword(db, post_id, note_id, "Eight rings.", edda, MORNING)
    noting.add(db, post_id, "update", "A ninth.", edda, MORNING)
    aside = history.keep_aside(db, post_id, writing.get(db, post_id, edda).draft, edda, MORNING)
    edit(db, post_id, edda, MORNING, title="Better rings")
    writing.discard_changes(db, post_id, edda, MORNING)
    edit(db, post_id, edda, MORNING, title="Other rings")
    version = writing.get(db, post_id, edda).version
    history.restore(db, post_id, aside, version, edda, MORNING)
    done = [(line.kind, line.words) for line in reversed(deeds.of_post(db, post_id))]
    assert done[2:] == [
        ("corrected", "Seven rings."), ("reworded", "Eight rings."), ("updated", "A ninth."), ("set aside", ""),
        ("discarded", ""), ("restored", ""),
    ]  # fmt: skip
