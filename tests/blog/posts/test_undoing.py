"""Publishing is undone within its first seconds, as if nothing had happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import history, publishing, reading, reviewing, timing, undoing, writing
from blog.posts.model import Post, PostState, Revision
from blog.posts.vocabulary import nearest
from blog.posts.word_model import SearchWord
from blog.refusals import Conflict, Gone, NotFound
from tests.blog.posts.building import MORNING, block, edit, paragraph, picture, story, write

SOON = MORNING + timedelta(seconds=8)
LATER = MORNING + timedelta(hours=1)
ZONE = ZoneInfo("UTC")
PATH = "/2026/11/rings"


def undo(db: Database, post_id: int, by: Person, **more: Any) -> bool:
    return undoing.undo(db, post_id, by, SOON, zone=ZONE, **more)


def late(**passed: float) -> datetime:
    return MORNING + timedelta(**passed)


def title(db: Database, path: str = PATH) -> str:
    return reading.article(db, path).article.card.title


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
    timing.plan_withdrawal(db, post_id, edda, MORNING, LATER)
    asked: list[int] = []

    def is_mailed(s: Session, one: int) -> bool:
        # Asked once it is held: nothing that mails it comes between.
        asked.append(one)
        return s.get_one(Post, one).state == PostState.PUBLISHED

    assert not undo(db, post_id, edda, is_mailed=is_mailed) and asked == [post_id]
    with pytest.raises(Gone):
        reading.article(db, PATH)
    assert timing.find(db, post_id) == timing.Planned()


def test_changes_of_a_story_that_was_mailed_long_ago_are_undone_like_any(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings")
    publishing.publish(db, post_id, edda, MORNING)
    assert undo(db, post_id, edda, is_mailed=lambda _s, _post_id: True), "what was told is what was done"
    assert title(db) == "Rings"


def test_words_that_were_set_aside_never_become_public(db: Database, edda: Person, arno: Person) -> None:
    post_id = story(db, edda, "Rings")
    working = writing.get(db, post_id, edda)
    other = replace(working.draft, title="Never to stand")
    history.keep_aside(db, post_id, other, edda, MORNING)
    edit(db, post_id, edda, MORNING, title="Better rings")
    publishing.publish(db, post_id, edda, MORNING)
    undo(db, post_id, edda)
    assert title(db) == "Rings"


def test_a_story_that_somebody_has_withdrawn_or_published_anew_is_left_alone(
    db: Database, edda: Person, mona: Person
) -> None:
    gone, newer = story(db, edda, "Gone"), story(db, edda, "Rings")
    edit(db, gone, edda, MORNING, title="Gone again")
    publishing.publish(db, gone, edda, MORNING)
    publishing.withdraw(db, gone, mona, late(seconds=2))
    edit(db, newer, mona, MORNING, title="Newer rings")
    timing.plan_change(db, newer, mona, MORNING, late(seconds=3))
    timing.keep_due(db, late(seconds=3), zone=ZONE)
    for post_id in (gone, newer):
        with pytest.raises(Conflict):
            undo(db, post_id, edda)
    assert title(db) == "Newer rings"
    with pytest.raises(Gone):
        title(db, "/2026/11/gone")


def test_a_change_that_was_planned_comes_again(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings")
    timing.plan_change(db, post_id, edda, MORNING, LATER)
    publishing.publish(db, post_id, edda, MORNING)
    undo(db, post_id, edda)
    assert timing.keep_due(db, LATER, zone=ZONE) == 1 and title(db) == "Better rings"


def test_a_check_that_was_waived_for_a_set_time_is_waived_again(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "TK rings")
    publishing.schedule(db, post_id, edda, MORNING, LATER, waive="It is their name.")
    publishing.publish(db, post_id, edda, MORNING)
    undo(db, post_id, edda)
    assert publishing.publish_due(db, LATER) == 1


def test_a_review_stands_where_it_stood(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Rings")
    reviewing.submit(db, post_id, arno, MORNING, "Please read the numbers.")
    before = reviewing.find(db, post_id)
    publishing.publish(db, post_id, edda, MORNING)
    assert reviewing.find(db, post_id) is None
    undo(db, post_id, edda)
    assert before is not None and reviewing.find(db, post_id) == before


def test_the_history_calls_published_only_what_is(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings")
    publishing.publish(db, post_id, edda, MORNING)
    undo(db, post_id, edda)
    with db.reading() as s:
        kinds = select(Revision.title, Revision.kind).where(Revision.post_id == post_id).order_by(Revision.id)
        assert {row.title: row.kind for row in s.execute(kinds)} == {
            "Rings": "published",
            "Better rings": "kept",
        }


def test_an_address_that_somebody_has_saved_since_stays_theirs(
    db: Database, edda: Person, mona: Person
) -> None:
    post_id = write(db, edda, "Rings")
    publishing.publish(db, post_id, edda, MORNING)
    edit(db, post_id, mona, late(seconds=2), slug="the-rings")
    undo(db, post_id, edda)
    assert writing.get(db, post_id, edda).draft.slug == "the-rings"


def test_the_words_of_what_never_happened_are_not_known_and_count_once_when_it_does(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Xylophones")
    for at in (MORNING, LATER):
        publishing.publish(db, post_id, edda, at)
        if at == MORNING:
            undo(db, post_id, edda)
            assert stories_with(db, "xylophones") == 0
            with db.reading() as s:
                assert nearest(s, "xylophonis") is None
    assert stories_with(db, "xylophones") == 1


def stories_with(db: Database, word: str) -> int:
    with db.reading() as s:
        return s.scalar(select(SearchWord.stories).where(SearchWord.word == word)) or 0


def test_it_is_too_late_after_a_while_and_for_anybody_else(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Rings")
    publishing.publish(db, post_id, edda, MORNING)
    assert not undoing.is_open(db, post_id, edda, MORNING + timedelta(seconds=10))
    for by, at in ((edda, MORNING + timedelta(seconds=31)), (arno, SOON)):
        with pytest.raises(Conflict):
            undoing.undo(db, post_id, by, at, zone=ZONE)
    assert reading.article(db, PATH).article.card.title == "Rings"
