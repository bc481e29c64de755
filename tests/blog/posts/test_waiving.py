"""Publishing over a check: by whom, for which words, and how often."""

from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import deeds, publishing, writing
from blog.posts.model import PostState
from blog.refusals import Forbidden, Invalid
from tests.blog.posts.building import MORNING, block, edit, link, paragraph, story, words, write

LATER = MORNING + timedelta(hours=1)


def state(db: Database, post_id: int, by: Person) -> PostState:
    return writing.get(db, post_id, by).post.state


def test_an_editor_publishes_over_a_check_once_and_the_reason_stands_in_the_log(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Rings", paragraph("Seen by TK astronomers."))
    with pytest.raises(Invalid):
        publishing.publish(db, post_id, edda, MORNING)
    publishing.publish(db, post_id, edda, MORNING, waive="TK is the name of the telescope.")
    reasons = [(line.name, line.words) for line in deeds.of_post(db, post_id) if line.kind == "overrode"]
    assert reasons == [("Edda", "TK is the name of the telescope.")]
    edit(db, post_id, edda, LATER, dek="Newer.")
    with pytest.raises(Invalid):
        publishing.publish(db, post_id, edda, LATER)


def test_an_author_cannot_and_a_reason_cannot_be_empty(db: Database, arno: Person, edda: Person) -> None:
    post_id = write(db, arno, "Rings", paragraph("Seen by TK astronomers."))
    with pytest.raises(Forbidden):
        publishing.publish(db, post_id, arno, MORNING, waive="I may.")
    with pytest.raises(Invalid):
        publishing.publish(db, post_id, edda, MORNING, waive="  ")
    assert state(db, post_id, arno) == PostState.DRAFT


def test_what_was_waived_for_a_set_time_counts_for_those_words_alone(db: Database, edda: Person) -> None:
    kept, changed = (write(db, edda, title, paragraph("By TK.")) for title in ("Kept", "Changed"))
    for post_id in (kept, changed):
        publishing.schedule(db, post_id, edda, MORNING, LATER, waive="Known.")
    edit(db, changed, edda, MORNING, dek="Something else.")
    assert publishing.publish_due(db, LATER) == 1
    assert (state(db, kept, edda), state(db, changed, edda)) == (PostState.PUBLISHED, PostState.SCHEDULED)


def test_a_link_to_a_story_of_ours_must_lead_somewhere(db: Database, edda: Person) -> None:
    leading = write(db, edda, "Leading", block("paragraph", words("See", link("/2026/11/target"))))
    assert [one.field for one in writing.get(db, leading, edda).findings if one.blocks] == ["links"]
    target = story(db, edda, "Target")
    assert not any(one.blocks for one in writing.get(db, leading, edda).findings)
    edit(db, target, edda, LATER, slug="elsewhere")
    publishing.publish(db, target, edda, LATER)
    assert not any(one.blocks for one in writing.get(db, leading, edda).findings)
    publishing.withdraw(db, target, edda, LATER)
    assert [one.field for one in writing.get(db, leading, edda).findings if one.blocks] == ["links"]
