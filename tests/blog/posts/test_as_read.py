"""Nothing is published that the person had not read, and one story that cannot go out holds up no other."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import deriving, publishing, writing
from blog.posts.model import Post, PostState
from blog.refusals import Conflict, Invalid
from tests.blog.posts.building import MORNING, edit, paragraph, write

LATER = MORNING + timedelta(days=3)
Deed = Callable[[Database, int, Person, int | None], object]


def publish(db: Database, post_id: int, by: Person, version: int | None) -> object:
    return publishing.publish(db, post_id, by, MORNING, version=version)


def schedule(db: Database, post_id: int, by: Person, version: int | None) -> None:
    publishing.schedule(db, post_id, by, MORNING, LATER, version=version)


@pytest.mark.parametrize("deed", [publish, schedule])
def test_words_that_were_saved_after_the_last_look_are_not_published(
    db: Database, edda: Person, deed: Deed
) -> None:
    post_id = write(db, edda, "Read")
    read = writing.get(db, post_id, edda).version
    edit(db, post_id, edda, MORNING, title="Unread")
    with pytest.raises(Conflict) as refused:
        deed(db, post_id, edda, read)
    assert str(refused.value) == publishing.UNSEEN and refused.value.version == read + 1
    assert state(db, post_id) == PostState.DRAFT
    deed(db, post_id, edda, read + 1)
    assert state(db, post_id) != PostState.DRAFT


@pytest.mark.parametrize("deed", [publish, schedule])
def test_who_names_no_version_means_the_one_that_stands(db: Database, edda: Person, deed: Deed) -> None:
    post_id = write(db, edda, "Whatever stands")
    deed(db, post_id, edda, None)
    assert state(db, post_id) != PostState.DRAFT


def test_a_story_is_scheduled_for_five_years_ahead_at_most(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "One day")
    with pytest.raises(Invalid) as refused:
        publishing.schedule(db, post_id, edda, MORNING, MORNING.replace(year=MORNING.year + 5, month=12))
    assert refused.value.fields == {"publish_at": [publishing.TOO_FAR]}
    publishing.schedule(db, post_id, edda, MORNING, MORNING.replace(year=MORNING.year + 5))
    assert state(db, post_id) == PostState.SCHEDULED


def test_a_scheduled_story_that_fails_in_any_way_holds_up_no_other_and_its_words_are_not_logged(
    db: Database, edda: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = write(db, edda, "Broken", paragraph("Secret words.")), write(db, edda, "Fine")
    publishing.schedule(db, broken, edda, MORNING, LATER - timedelta(hours=1))
    publishing.schedule(db, fine, edda, MORNING, LATER)

    def failing(s: Session, post: Post, today: date | None) -> None:
        if post.id == broken:
            raise RuntimeError(f"cannot derive {post.body}")
        deriving.derive(s, post, today)

    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(publishing, "derive", failing)
        assert publishing.publish_due(db, LATER) == 1
    assert (state(db, broken), state(db, fine)) == (PostState.SCHEDULED, PostState.PUBLISHED)
    assert [(line["post"], line["kind"]) for line in logged] == [(broken, "RuntimeError")]
    assert "Secret words" not in str(logged)
    assert publishing.publish_due(db, LATER) == 1


def state(db: Database, post_id: int) -> str:
    with db.reading() as s:
        return s.get_one(Post, post_id).state
