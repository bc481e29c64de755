"""The manuscript: started, saved over and over, thrown away. The studio calls it; nothing here is seen by the public."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.profiles import author_of
from blog.db import Database
from blog.posts import prose
from blog.posts.asked import known
from blog.posts.commenting import follow
from blog.posts.deeds import note
from blog.posts.desk import StudioPost, Working, get, listing
from blog.posts.drafts import Draft, checked, draft_of, put, words_of
from blog.posts.model import Manuscript, Post, PostAuthor, PostId, PostState, PostTopic
from blog.posts.remembering import remember, remember_if_due
from blog.posts.rules import may_edit, must_edit
from blog.posts.sources import sources_of
from blog.refusals import Conflict, Forbidden

__all__ = [
    "Draft", "Saved", "StudioPost", "Working", "delete", "discard_changes", "get", "listing", "may_edit", "save", "start",
]  # fmt: skip


@dataclass(frozen=True)
class Saved:
    version: int
    saved_at: datetime
    words: int
    minutes: int


def start(db: Database, by: Person, at: datetime, title: str = "") -> PostId:
    """An empty manuscript under the person's own byline; their author page is made where they have none."""
    if not by.can(Right.WRITE):
        raise Forbidden("You may read in the studio, not write.")
    with db.transaction() as s:
        author_id = author_of(s, by.id, by.name or "Author", at)
        return begin(s, by, at, Draft(title=title, author_ids=(author_id,)))


def begin(s: Session, by: Person, at: datetime, draft: Draft) -> PostId:
    """The first version of a manuscript, for whoever has the right to it."""
    # A name that no story can take: publishing gives it a slug that reads well.
    post = Post(slug=uuid4().hex, state=PostState.DRAFT, created_at=at, created_by=by.id)
    s.add(post)
    s.flush()
    manuscript = Manuscript(post_id=post.id, version=1, published_version=0, saved_at=at, saved_by=by.id)
    put(manuscript, checked(s, draft))
    s.add(manuscript)
    s.flush()
    note(s, post, by, "started", at)
    return PostId(post.id)


def save(
    db: Database, post_id: int, draft: Draft, version: int, by: Person, at: datetime, sitting: str = ""
) -> Saved:
    """Keeps the draft as the next version. Raises Conflict where ``version`` is not the one that stands now: nothing is
    overwritten unseen. A draft that changes nothing makes no version. ``sitting`` names the page that it was written on.
    """
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        manuscript = standing(s, post_id, version)
        kept = checked(s, draft)
        if kept != draft_of(manuscript):
            remember_if_due(s, manuscript, by, at, sitting)
            replace_with(s, manuscript, kept, by, at, sitting)
        return saved(manuscript)


def discard_changes(db: Database, post_id: int, by: Person, at: datetime) -> Saved:
    """The manuscript becomes what the public sees (or last saw). What it was stays in the history."""
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        manuscript = _manuscript(s, post_id)
        if post.body is None:
            raise Conflict(
                "This story was never published, so there is nothing to go back to.", manuscript.version
            )
        if manuscript.version > manuscript.published_version:
            remember(s, manuscript, at)
            replace_with(s, manuscript, _public_draft(s, post), by, at)
            manuscript.published_version = manuscript.version
            note(s, post, by, "discarded", at)
        return saved(manuscript)


def delete(db: Database, post_id: int, by: Person, at: datetime) -> None:
    """Only what was never public; Conflict for anything else."""
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        if post.released_at is not None or post.state != PostState.DRAFT:
            raise Conflict(
                "Only a draft that was never public can be deleted. Withdraw or unschedule this one instead."
            )
        note(s, post, by, "deleted", at)
        s.flush()
        s.delete(post)


def _manuscript(s: Session, post_id: int) -> Manuscript:
    return s.scalars(select(Manuscript).where(Manuscript.post_id == post_id)).one()


def standing(s: Session, post_id: int, version: int) -> Manuscript:
    """The manuscript, once its post is locked; Conflict where another version than ``version`` stands."""
    manuscript = _manuscript(s, post_id)
    if manuscript.version != version:
        raise Conflict("Someone else saved a newer version of this story.", manuscript.version)
    return manuscript


def replace_with(
    s: Session, manuscript: Manuscript, draft: Draft, by: Person, at: datetime, sitting: str = ""
) -> None:
    """The draft is the next version."""
    put(manuscript, draft)
    follow(s, manuscript.post_id, draft.body)
    manuscript.version += 1
    manuscript.saved_at, manuscript.saved_by, manuscript.sitting = at, by.id, sitting


def _public_draft(s: Session, post: Post) -> Draft:
    authors = select(PostAuthor.author_id).where(PostAuthor.post_id == post.id).order_by(PostAuthor.position)
    topics = select(PostTopic.topic_id).where(PostTopic.post_id == post.id).order_by(PostTopic.position)
    return Draft(
        body=post.body or {}, lead_image=post.lead_image_id, author_ids=tuple(s.scalars(authors)),
        topic_ids=tuple(s.scalars(topics)), in_digest=post.in_digest, sources=sources_of(post.sources), **words_of(post),
    )  # fmt: skip


def saved(manuscript: Manuscript) -> Saved:
    words, minutes = prose.count(manuscript.body)
    return Saved(manuscript.version, manuscript.saved_at, words, minutes)
