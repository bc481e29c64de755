"""A second pair of eyes: a story is submitted, an editor approves it or asks for changes. The studio calls it.

Reviewing says what people think of a manuscript; it publishes nothing. Publishing ends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts.asked import known, number
from blog.posts.deeds import note as noted
from blog.posts.desk_model import Review, ReviewState
from blog.posts.model import Manuscript, Post, PostState
from blog.posts.rules import must_edit
from blog.refusals import Conflict, Forbidden, Invalid

LONGEST_NOTE = 2000
_COLUMNS = ("state", "version", "note", "submitted_by", "set_by")
NO_EDITOR = "An editor reviews a story. Ask one to look at it."


@dataclass(frozen=True)
class Standing:
    """Where the review stands."""

    state: ReviewState
    note: str
    by: str
    at: datetime
    has_changed: bool
    """The manuscript is newer than what was judged."""


@dataclass(frozen=True)
class Told:
    """Whom to tell of an answer, and about what."""

    title: str
    email: str
    """Of who submitted it; empty where that account is gone, or where they answered themselves."""


def find(db: Database, post_id: int) -> Standing | None:
    wanted = select(Review, Manuscript.version.label("stands")).join(
        Manuscript, Manuscript.post_id == Review.post_id
    )
    with db.reading() as s:
        row = s.execute(wanted.where(Review.post_id == number(post_id))).first()
        if row is None:
            return None
        said = row.Review
        return Standing(
            ReviewState(said.state), said.note, said.set_by, said.set_at, row.stands > said.version
        )


def submit(db: Database, post_id: int, by: Person, at: datetime, note: str = "") -> str:
    """Asks the editors to look at it, with a word to them or none; returns the title. Submitting again after changes is how
    they are said to be done.
    """
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        if post.state == PostState.SCHEDULED:
            raise Conflict("This story is scheduled already.")
        if post.state == PostState.PUBLISHED and not _has_changes(s, post):
            raise Conflict("This story is public as it stands, so there is nothing to review.")
        standing = _set(s, post, ReviewState.SUBMITTED, _worded(note), by, at)
        standing.submitted_by = by.id
        noted(s, post, by, "submitted", at, standing.note)
        return _title(s, post)


def approve(
    db: Database, post_id: int, by: Person, at: datetime, note: str = "", *, version: int | None = None
) -> Told:
    """Says that it may be published as it stands. ``version`` is what the editor has read: Conflict where another stands now."""
    return _answer(db, post_id, by, at, ReviewState.APPROVED, _worded(note), version)


def ask_for_changes(db: Database, post_id: int, by: Person, at: datetime, note: str) -> Told:
    """Gives it back with what is wanted; Invalid without a word of it."""
    if not _worded(note):
        raise Invalid("Say what should change.", {"note": ["Say what should change."]})
    return _answer(db, post_id, by, at, ReviewState.CHANGES, _worded(note), None)


def close(s: Session, post: Post) -> None:
    """The story is published: nothing is left to review."""
    s.execute(delete(Review).where(Review.post_id == post.id))


def standing_of(s: Session, post: Post) -> dict[str, Any] | None:
    """The columns of its review, for whoever may have to open it again."""
    review = s.get(Review, post.id)
    if review is None:
        return None
    columns = {name: getattr(review, name) for name in _COLUMNS}
    return columns | {"set_at": review.set_at.isoformat()}


def reopen(s: Session, post: Post, columns: Mapping[str, Any]) -> None:
    """The publication that ended its review was undone; a review that began since stands."""
    if s.get(Review, post.id) is None:
        set_at = datetime.fromisoformat(columns["set_at"])
        s.add(Review(post_id=post.id, **{**columns, "set_at": set_at}))


def _answer(
    db: Database, post_id: int, by: Person, at: datetime, state: ReviewState, note: str, version: int | None
) -> Told:
    if not by.can(Right.EDIT_ANY):
        raise Forbidden(NO_EDITOR)
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        asked = s.get(Review, post.id)
        if asked is None or asked.state == ReviewState.CHANGES:
            raise Conflict("Nobody has submitted this story for review.")
        stands = _version(s, post)
        if version is not None and version != stands:
            raise Conflict("The story has changed while you were reading. Read it again.", stands)
        _set(s, post, state, note, by, at)
        noted(s, post, by, state, at, note)
        writer = s.get(Account, asked.submitted_by) if asked.submitted_by else None
        told = writer.email if writer and writer.active and writer.id != by.id else ""
        return Told(_title(s, post), told)


def _set(s: Session, post: Post, state: ReviewState, note: str, by: Person, at: datetime) -> Review:
    review = s.get(Review, post.id) or Review(post_id=post.id)
    review.state, review.version, review.note = state, _version(s, post), note
    review.set_by, review.set_at = by.name, at
    s.add(review)
    return review


def _version(s: Session, post: Post) -> int:
    return s.scalars(select(Manuscript.version).where(Manuscript.post_id == post.id)).one()


def _has_changes(s: Session, post: Post) -> bool:
    newer = Manuscript.version > Manuscript.published_version
    return s.scalar(select(Manuscript.post_id).where(Manuscript.post_id == post.id, newer)) is not None


def _title(s: Session, post: Post) -> str:
    return s.scalar(select(Manuscript.title).where(Manuscript.post_id == post.id)) or "Untitled"


def _worded(note: str) -> str:
    kept = note.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) > LONGEST_NOTE:
        raise Invalid("That is too long.", {"note": [f"{LONGEST_NOTE:,} characters fit."]})
    return kept
