"""What a manuscript was can be listed, set beside what it is, and brought back; and nobody's words go for another's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import history, publishing, topics, writing
from blog.posts.comparing import Piece
from blog.posts.model import Revision, RevisionKind
from blog.refusals import Conflict, Forbidden, NotFound
from tests.blog.posts.building import MORNING, block, doc, edit, paragraph, picture, write
from tests.blog.posts.conftest import statements


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def type_on(db: Database, post_id: int, by: Person, title: str, after: int, sitting: str = "one") -> None:
    working = writing.get(db, post_id, by)
    draft = replace(working.draft, title=title)
    writing.save(db, post_id, draft, working.version, by, MORNING + minutes(after), sitting)


def titles(db: Database, post_id: int, by: Person) -> list[str]:
    return [entry.title for entry in history.listing(db, post_id, by).items]


def test_who_types_for_an_hour_without_a_pause_leaves_a_version_every_ten_minutes(
    db: Database, arno: Person
) -> None:
    post_id = writing.start(db, arno, MORNING)
    for minute in range(1, 61):
        type_on(db, post_id, arno, f"Minute {minute}", minute)
    assert titles(db, post_id, arno) == [f"Minute {n}" for n in (50, 40, 30, 20, 10)] + ["Untitled"]


def test_what_another_page_of_the_same_person_wrote_is_kept_before_it_is_written_over(
    db: Database, arno: Person
) -> None:
    post_id = writing.start(db, arno, MORNING)
    type_on(db, post_id, arno, "From the desk", 1, "desk")
    type_on(db, post_id, arno, "From the train", 2, "train")
    assert titles(db, post_id, arno)[0] == "From the desk"


def test_a_version_stands_in_the_history_once_however_often_it_would_be_kept(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Public")
    publishing.publish(db, post_id, edda, MORNING)
    edit(db, post_id, edda, MORNING + minutes(20), title="Changed")
    kept = history.listing(db, post_id, edda).items
    assert [(one.title, one.kind) for one in kept if one.title == "Public"] == [
        ("Public", RevisionKind.PUBLISHED)
    ]


def test_two_versions_stand_side_by_side_and_the_words_that_differ_are_marked(
    db: Database, edda: Person
) -> None:
    moon = topics.create(db, "Moon")
    post_id = write(db, edda, "Rings", paragraph("Ice has depth."), paragraph("It is old."))
    edit(
        db, post_id, edda, MORNING + minutes(20), title="Rings!", topic_ids=(moon,),
        body=doc(paragraph("Ice has great depth."), block("heading", level=2), paragraph("It is old.")),
    )  # fmt: skip
    old = history.listing(db, post_id, edda).items[0]
    seen = history.compare(db, post_id, old.id, edda)
    assert [row.label for row in seen.fields] == ["Title", "Topics"]
    changed, heading = seen.body[0].rows
    assert changed.after == (Piece("Ice has "), Piece("great ", True), Piece("depth."))
    assert (heading.label, heading.before) == ("Heading 2", None)
    assert [row.label for row in seen.body[1].rows] == ["Text"] and seen.body[1].same


def test_bringing_a_version_back_keeps_what_stood(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "First", lead_image=picture(db))
    edit(db, post_id, edda, MORNING + minutes(20), title="Second")
    old, now = history.listing(db, post_id, edda).items[0], writing.get(db, post_id, edda)
    saved = history.restore(db, post_id, old.id, now.version, edda, MORNING + minutes(21))
    assert writing.get(db, post_id, edda).draft == replace(now.draft, title="First")
    assert saved.version == now.version + 1
    assert "Second" in titles(db, post_id, edda)


def test_bringing_back_over_a_version_that_nobody_has_seen_is_a_conflict(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "First")
    edit(db, post_id, edda, MORNING + minutes(20), title="Second")
    old, seen = history.listing(db, post_id, edda).items[0], writing.get(db, post_id, edda).version
    edit(db, post_id, edda, MORNING + minutes(21), title="Third")
    with pytest.raises(Conflict):
        history.restore(db, post_id, old.id, seen, edda, MORNING + minutes(22))
    assert writing.get(db, post_id, edda).draft.title == "Third"


def test_words_set_aside_leave_the_manuscript_alone_and_can_be_brought_back(
    db: Database, edda: Person, arno: Person
) -> None:
    post_id = write(db, arno, "Shared")
    mine = replace(writing.get(db, post_id, arno).draft, title="By the author")
    edit(db, post_id, edda, MORNING + minutes(1), title="By the editor")
    kept = history.keep_aside(db, post_id, mine, arno, MORNING + minutes(2))
    stands = writing.get(db, post_id, arno)
    assert stands.draft.title == "By the editor"
    entry = history.listing(db, post_id, arno).items[0]
    assert (entry.id, entry.kind, entry.title, entry.saved_by) == (kept, "aside", "By the author", "Arno")
    history.restore(db, post_id, kept, stands.version, arno, MORNING + minutes(3))
    assert writing.get(db, post_id, arno).draft.title == "By the author"


def test_unsaved_words_are_compared_without_being_kept(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "Theirs")
    mine = replace(writing.get(db, post_id, edda).draft, title="Mine")
    seen = history.compare_with(db, post_id, mine, edda, MORNING)
    title = seen.fields[0]
    assert (title.before, title.after) == ((Piece("Theirs", True),), (Piece("Mine", True),))
    assert "Mine" not in titles(db, post_id, edda)


def test_a_history_is_for_those_who_may_see_the_story(db: Database, edda: Person, arno: Person) -> None:
    post_id, other = write(db, edda, "Hers"), write(db, edda, "Another")
    edit(db, post_id, edda, MORNING + minutes(20), title="Hers still")
    kept = history.listing(db, post_id, edda).items[0].id
    with pytest.raises(Forbidden):
        history.listing(db, post_id, arno)
    with pytest.raises(Forbidden):
        history.compare(db, post_id, kept, arno)
    for unknown in (0, -1, 10**30):
        with pytest.raises(NotFound):
            history.compare(db, post_id, unknown, edda)
    with pytest.raises(NotFound):
        history.compare(db, other, kept, edda)


def test_a_history_is_listed_without_its_bodies_and_older_rows_are_counted(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Dust", paragraph("Ice and dust."))
    type_on(db, post_id, edda, "Rings", 20, "two")
    with statements(db) as sent:
        entry = history.listing(db, post_id, edda).items[0]
    assert entry.words == 3 and sent and not any("revision.body" in one for one in sent)
    with db.transaction() as s:
        s.execute(update(Revision).values(words=None))
    assert history.listing(db, post_id, edda).items[0] == entry
