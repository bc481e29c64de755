"""The manuscript: saved in versions, never overwritten unseen, listed for who may see it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.people import Person
from blog.authors import profiles
from blog.db import Database
from blog.posts import publishing, topics, writing
from blog.posts.model import PostState, Revision
from blog.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.blog.posts.building import MORNING, block, doc, edit, paragraph, picture, story, write
from tests.blog.posts.conftest import statements

LATER = MORNING + timedelta(minutes=11)


def test_a_new_post_is_an_untitled_draft_under_ones_own_name(db: Database, arno: Person) -> None:
    post_id = writing.start(db, arno, MORNING)
    working = writing.get(db, post_id, arno)
    assert (working.post.title, working.post.state, working.post.authors) == (
        "Untitled",
        PostState.DRAFT,
        ("Arno",),
    )
    assert (working.version, working.published_version, working.post.path) == (1, 0, "")
    assert writing.start(db, arno, MORNING, "Named") != post_id
    assert [author.name for author in profiles.list_all(db)] == ["Arno"]


def test_saving_makes_the_next_version_and_counts(db: Database, arno: Person) -> None:
    post_id = writing.start(db, arno, MORNING)
    draft = replace(
        writing.get(db, post_id, arno).draft, title="  Two\nlines ", body=doc(paragraph("One two three."))
    )
    saved = writing.save(db, post_id, draft, 1, arno, LATER)
    assert saved == writing.Saved(2, LATER, 3, 1)
    working = writing.get(db, post_id, arno)
    assert (working.draft.title, working.post.saved_by, working.post.saved_at) == ("Two lines", "Arno", LATER)


def test_saving_what_is_there_already_makes_no_version(db: Database, arno: Person) -> None:
    post_id = write(db, arno, "Same")
    working = writing.get(db, post_id, arno)
    assert writing.save(db, post_id, working.draft, working.version, arno, LATER).version == working.version


def test_a_save_over_another_ones_version_is_a_conflict(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Shared")
    mine = writing.get(db, post_id, arno)
    edit(db, post_id, edda, LATER, title="By the editor")
    with pytest.raises(Conflict) as refused:
        writing.save(db, post_id, replace(mine.draft, title="By the author"), mine.version, arno, LATER)
    assert refused.value.version == mine.version + 1
    assert writing.get(db, post_id, arno).draft.title == "By the editor"


def test_what_cannot_be_kept_is_told_by_field(db: Database, arno: Person) -> None:
    post_id = write(db, arno, "Fine")
    working = writing.get(db, post_id, arno)
    bad = replace(
        working.draft, title="x" * 201, dek="x" * 501, slug="x" * 95, lead_image=77, body={"type": "html"}
    )
    with pytest.raises(Invalid) as refused:
        writing.save(db, post_id, bad, working.version, arno, LATER)
    assert refused.value.fields.keys() == {"title", "dek", "slug", "lead_image", "body"}
    assert refused.value.fields["title"] == ["That is too long by 1 characters; 200 fit."]
    assert writing.get(db, post_id, arno).draft == working.draft


def test_hostile_words_are_kept_as_words(db: Database, arno: Person) -> None:
    post_id = write(db, arno, "x\0\ud800y '; DROP TABLE post; --", dek="\x07{{7*7}}", slug="../../Étoile ñ")
    draft = writing.get(db, post_id, arno).draft
    assert (draft.title, draft.dek, draft.slug) == ("x y '; DROP TABLE post; --", "{{7*7}}", "etoile-n")


def test_authors_and_topics_that_are_gone_are_left_out(db: Database, edda: Person) -> None:
    topic, gone = topics.create(db, "Stays"), topics.create(db, "Goes")
    post_id = write(db, edda, "Filed", topic_ids=(gone, topic, topic, 10**30, -1))
    topics.delete(db, gone)
    publishing.publish(db, post_id, edda, LATER)
    edit(db, post_id, edda, LATER, dek="x")
    assert writing.get(db, post_id, edda).draft.topic_ids == (topic,)


def test_a_version_that_stood_ten_minutes_or_is_anothers_goes_into_the_history(
    db: Database, edda: Person, arno: Person
) -> None:
    post_id = writing.start(db, arno, MORNING)
    for minutes, who, title in ((1, arno, "A"), (2, arno, "B"), (13, arno, "C"), (14, edda, "D")):
        edit(db, post_id, who, MORNING + timedelta(minutes=minutes), title=title)
    with db.reading() as s:
        kept = s.scalars(select(Revision).order_by(Revision.version)).all()
        assert [(revision.version, revision.title) for revision in kept] == [(3, "B"), (4, "C")]


def test_discarding_goes_back_to_what_is_public_and_keeps_the_rest_in_the_history(
    db: Database, edda: Person
) -> None:
    topic = topics.create(db, "Moon")
    post_id = story(db, edda, "Public", topic_ids=(topic,), lead_image=picture(db), in_digest=False)
    before = writing.get(db, post_id, edda)
    edit(
        db,
        post_id,
        edda,
        LATER,
        title="Changed",
        topic_ids=(),
        lead_image=None,
        in_digest=True,
        body=doc(block("heading")),
    )
    assert writing.get(db, post_id, edda).post.has_changes
    saved = writing.discard_changes(db, post_id, edda, LATER)
    after = writing.get(db, post_id, edda)
    assert after.draft == before.draft and not after.post.has_changes
    assert saved.version == after.version == before.version + 2
    with db.reading() as s:
        assert "Changed" in s.scalars(select(Revision.title)).all()
    with pytest.raises(Conflict):
        writing.discard_changes(db, write(db, edda, "Draft"), edda, LATER)


def test_only_a_draft_that_never_was_public_is_deleted(db: Database, edda: Person) -> None:
    draft, public = write(db, edda, "Draft"), story(db, edda, "Public")
    soon = write(db, edda, "Soon")
    publishing.schedule(db, soon, edda, MORNING, LATER)
    writing.delete(db, draft, edda, MORNING)
    with pytest.raises(NotFound):
        writing.get(db, draft, edda)
    publishing.withdraw(db, public, edda, LATER)
    for kept in (public, soon):
        with pytest.raises(Conflict):
            writing.delete(db, kept, edda, MORNING)


def test_the_list_shows_ones_own_and_to_editors_all(db: Database, edda: Person, arno: Person) -> None:
    write(db, edda, "Of the editor")
    mine = write(db, arno, "Of the author", at=LATER)
    assert [one.title for one in writing.listing(db, edda).items] == ["Of the author", "Of the editor"]
    (seen,) = writing.listing(db, arno).items
    assert (seen.id, seen.may_edit, seen.may_publish) == (mine, True, True)


def test_the_list_is_filtered_by_state_and_words(db: Database, edda: Person) -> None:
    write(db, edda, "A 100% draft")
    changed = story(db, edda, "Changed one")
    edit(db, changed, edda, LATER, title="Changed Story")
    story(db, edda, "Quiet story")

    def titles(state: str = "", words: str = "") -> list[str]:
        return sorted(one.title for one in writing.listing(db, edda, state, words).items)

    assert titles("draft") == ["A 100% draft"] and titles("scheduled") == titles("no such state") == []
    assert titles("published") == ["Changed Story", "Quiet story"] and titles("changed") == ["Changed Story"]
    assert titles(words="STORY") == ["Changed Story", "Quiet story"] and titles(words="0%") == [
        "A 100% draft"
    ]
    assert titles(words="_") == titles(words="story draft") == []
    with pytest.raises(NotFound):
        writing.listing(db, edda, page=2)


def test_the_list_asks_no_more_for_more_rows(db: Database, edda: Person) -> None:
    story(db, edda, "One", lead_image=picture(db))
    with statements(db) as few:
        writing.listing(db, edda)
    for n in range(5):
        write(db, edda, f"More {n}")
    with statements(db) as many:
        writing.listing(db, edda)
    assert len(many) == len(few)


def test_a_post_on_the_desk_comes_with_its_pictures_stories_and_findings(db: Database, edda: Person) -> None:
    shown, target = picture(db), write(db, edda, "Target")
    post_id = write(db, edda, "On the desk TK", block("figure", image=shown), block("read_more", post=target))
    working = writing.get(db, post_id, edda)
    assert working.pictures.keys() == {shown} and working.stories == {target: ("Target", "")}
    assert {(finding.field, finding.blocks) for finding in working.findings} == {
        ("title_marks", True), ("lead_image", False), ("topics", False), ("body", False),
    }  # fmt: skip
    publishing.publish(db, target, edda, MORNING)
    assert writing.get(db, post_id, edda).stories == {target: ("Target", "/2026/11/target")}


def test_nobody_looks_at_anothers_manuscript_without_the_right(
    db: Database, edda: Person, arno: Person
) -> None:
    with pytest.raises(Forbidden):
        writing.get(db, write(db, edda, "Private"), arno)
    for unknown in (999, 0, -5, 10**30):
        with pytest.raises(NotFound):
            writing.get(db, unknown, edda)


def test_a_story_called_untitled_stands_in_no_new_ones_way(db: Database, arno: Person) -> None:
    first = story(db, arno, "Untitled 2")
    assert first == 1
    assert writing.get(db, writing.start(db, arno, MORNING), arno).post.title == "Untitled"


def test_a_read_more_tells_nothing_of_somebody_elses_draft(db: Database, edda: Person, cleo: Person) -> None:
    secret, public = write(db, edda, "Secret"), story(db, edda, "Public")
    edit(db, public, edda, LATER, title="Not yet public")
    own = write(db, cleo, "Own")
    pointing = write(
        db, cleo, "Pointing", *(block("read_more", post=target) for target in (secret, public, own))
    )
    told = {
        secret: ("A story that is not public", ""),
        public: ("Public", "/2026/11/public"),
        own: ("Own", ""),
    }
    assert writing.get(db, pointing, cleo).stories == told
    assert writing.get(db, pointing, edda).stories[secret] == ("Secret", "")
