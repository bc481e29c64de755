"""Who may do what to whose post, as one table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, writing
from blog.posts.model import PostId
from blog.refusals import Forbidden
from tests.blog.posts.building import MORNING, edit, story, write

LATER = MORNING + timedelta(days=1)
ACTS: dict[str, Callable[[Database, PostId, Person], object]] = {
    "save": lambda db, i, by: edit(db, i, by, LATER, title="Changed"),
    "publish": lambda db, i, by: publishing.publish(db, i, by, LATER),
    "schedule": lambda db, i, by: publishing.schedule(db, i, by, MORNING, LATER),
    "delete": lambda db, i, by: writing.delete(db, i, by, MORNING),
    "preview": lambda db, i, by: publishing.preview(db, i, by, LATER),
    "get": lambda db, i, by: writing.get(db, i, by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("edda", "edda", {"save", "publish", "schedule", "delete", "preview", "get"}),
        ("edda", "cleo", {"save", "publish", "schedule", "delete", "preview", "get"}),
        ("arno", "arno", {"save", "publish", "schedule", "delete", "preview", "get"}),
        ("arno", "edda", set()),
        ("cleo", "cleo", {"save", "delete", "preview", "get"}),
        ("cleo", "arno", set()),
    ],
)
def test_acts_on_a_draft(
    db: Database, edda: Person, arno: Person, cleo: Person, who: str, whose: str, may: set[str], act: str
) -> None:
    staff = {"edda": edda, "arno": arno, "cleo": cleo}
    post_id = write(db, staff[whose], "A draft")
    if act in may:
        ACTS[act](db, post_id, staff[who])
    else:
        with pytest.raises(Forbidden):
            ACTS[act](db, post_id, staff[who])


def test_a_contributor_cannot_change_what_an_editor_published_or_scheduled(
    db: Database, edda: Person, cleo: Person
) -> None:
    public, soon = write(db, cleo, "Public"), write(db, cleo, "Soon")
    publishing.publish(db, public, edda, MORNING)
    publishing.schedule(db, soon, edda, MORNING, LATER)
    for post_id in (public, soon):
        assert writing.get(db, post_id, cleo).post.may_edit is False
        with pytest.raises(Forbidden):
            edit(db, post_id, cleo, MORNING, title="Changed")
        with pytest.raises(Forbidden):
            writing.discard_changes(db, post_id, cleo, MORNING)


def test_only_who_may_publish_takes_back(db: Database, edda: Person, arno: Person, cleo: Person) -> None:
    post_id = story(db, edda, "Public")
    for who in (arno, cleo):
        with pytest.raises(Forbidden):
            publishing.withdraw(db, post_id, who, LATER)
    publishing.withdraw(db, post_id, edda, LATER)
    publishing.schedule(db, post_id, edda, MORNING, LATER)
    for who in (arno, cleo):
        with pytest.raises(Forbidden):
            publishing.unschedule(db, post_id, who, LATER)


def test_who_has_no_right_to_write_starts_nothing(db: Database, cleo: Person) -> None:
    with pytest.raises(Forbidden):
        writing.start(db, replace(cleo, rights=frozenset()), MORNING)
