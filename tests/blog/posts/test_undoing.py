"""Publishing is undone within its first seconds, as if nothing had happened."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, reading, undoing, writing
from blog.posts.model import Post, PostState
from blog.refusals import Conflict, Gone, NotFound
from tests.blog.posts.building import MORNING, block, edit, paragraph, picture, story, write

SOON = MORNING + timedelta(seconds=8)
LATER = MORNING + timedelta(hours=1)
ZONE = ZoneInfo("UTC")
PATH = "/2026/11/rings"


def undo(db: Database, post_id: int, by: Person, **more: bool) -> None:
    undoing.undo(db, post_id, by, SOON, zone=ZONE, **more)


def test_a_first_publication_never_happened(db: Database, edda: Person) -> None:
    shown = picture(db)
    post_id = write(db, edda, "Rings", paragraph(), block("figure", image=shown), lead_image=shown)
    publishing.publish(db, post_id, edda, MORNING)
    assert undoing.is_open(db, post_id, edda, SOON)
    undo(db, post_id, edda)
    with pytest.raises(NotFound):
        reading.article(db, PATH)
    working = writing.get(db, post_id, edda)
    assert (working.post.state, working.post.path, working.published_version) == (PostState.DRAFT, "", 0)
    assert working.draft.title == "Rings" and not undoing.is_open(db, post_id, edda, SOON)
    assert publishing.publish(db, post_id, edda, LATER) == PATH
    with db.reading() as s:
        assert s.get_one(Post, post_id).released_at == LATER


def test_changed_words_go_back_to_those_that_were_public(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings", slug="better-rings")
    publishing.publish(db, post_id, edda, MORNING + timedelta(seconds=1))
    assert reading.redirect_for(db, PATH) == "/2026/11/better-rings"
    undo(db, post_id, edda)
    article = reading.article(db, PATH).article
    assert (article.card.title, article.updated_at) == ("Rings", None)
    working = writing.get(db, post_id, edda)
    assert working.draft.title == "Better rings" and working.post.has_changes


def test_what_was_scheduled_or_withdrawn_is_so_again(db: Database, edda: Person) -> None:
    planned, back = write(db, edda, "Planned"), story(db, edda, "Back")
    publishing.schedule(db, planned, edda, MORNING, LATER)
    publishing.withdraw(db, back, edda, MORNING)
    for post_id in (planned, back):
        publishing.publish(db, post_id, edda, MORNING)
        undo(db, post_id, edda)
    assert writing.get(db, planned, edda).post.publish_at == LATER.astimezone(UTC)
    with pytest.raises(Gone):
        reading.article(db, "/2026/11/back")


def test_a_story_that_readers_have_by_mail_is_withdrawn_instead(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    undo(db, post_id, edda, is_mailed=True)
    with pytest.raises(Gone):
        reading.article(db, PATH)


def test_it_is_too_late_after_a_while_and_for_anybody_else(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Rings")
    publishing.publish(db, post_id, edda, MORNING)
    assert not undoing.is_open(db, post_id, edda, MORNING + timedelta(seconds=10))
    for by, at in ((edda, MORNING + timedelta(seconds=31)), (arno, SOON)):
        with pytest.raises(Conflict):
            undoing.undo(db, post_id, by, at, zone=ZONE)
    assert reading.article(db, PATH).article.card.title == "Rings"
