"""The manuscript: started, saved over and over, thrown away. The studio calls it; nothing here is seen by the public."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.profiles import author_of
from blog.db import Database
from blog.posts import prose
from blog.posts.deeds import note
from blog.posts.desk import StudioPost, Working, get, known, listing
from blog.posts.drafts import Draft, checked, draft_of, put
from blog.posts.model import Manuscript, Post, PostAuthor, PostId, PostState, PostTopic, Revision
from blog.posts.rules import may_edit, must_edit
from blog.refusals import Conflict, Forbidden

__all__ = [
    "Draft", "Saved", "StudioPost", "Working", "delete", "discard_changes", "get", "listing", "may_edit", "save", "start",
]  # fmt: skip

REVISION_AFTER = timedelta(minutes=10)


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
        # A name that no story can take: publishing gives it a slug that reads well.
        post = Post(slug=uuid4().hex, state=PostState.DRAFT, created_at=at, created_by=by.id)
        s.add(post)
        s.flush()
        manuscript = Manuscript(post_id=post.id, version=1, published_version=0, saved_at=at, saved_by=by.id)
        put(manuscript, checked(s, Draft(title=title, author_ids=(author_id,))))
        s.add(manuscript)
        s.flush()
        note(s, post, by, "started", at)
        return PostId(post.id)


def save(db: Database, post_id: int, draft: Draft, version: int, by: Person, at: datetime) -> Saved:
    """Keeps the draft as the next version. Raises Conflict where ``version`` is not the one that stands now: nothing is
    overwritten unseen. A draft that changes nothing makes no version.
    """
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        manuscript = _manuscript(s, post_id)
        if manuscript.version != version:
            raise Conflict("Someone else saved a newer version of this story.", manuscript.version)
        kept = checked(s, draft)
        if kept != draft_of(manuscript):
            _remember(s, manuscript, by, at)
            _replace(manuscript, kept, by, at)
        return _saved(manuscript)


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
            s.add(revision_of(manuscript))
            _replace(manuscript, _public_draft(s, post), by, at)
            manuscript.published_version = manuscript.version
        return _saved(manuscript)


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


def _replace(manuscript: Manuscript, draft: Draft, by: Person, at: datetime) -> None:
    put(manuscript, draft)
    manuscript.version += 1
    manuscript.saved_at, manuscript.saved_by = at, by.id


def _remember(s: Session, manuscript: Manuscript, by: Person, at: datetime) -> None:
    """Keep the version that stands, where it stood for ten minutes or is another person's."""
    if at - manuscript.saved_at >= REVISION_AFTER or manuscript.saved_by != by.id:
        s.add(revision_of(manuscript))


def revision_of(manuscript: Manuscript) -> Revision:
    """The manuscript as it stands, for the history."""
    revision = Revision(
        post_id=manuscript.post_id,
        version=manuscript.version,
        saved_at=manuscript.saved_at,
        saved_by=manuscript.saved_by,
    )
    put(revision, draft_of(manuscript))
    return revision


def _public_draft(s: Session, post: Post) -> Draft:
    authors = select(PostAuthor.author_id).where(PostAuthor.post_id == post.id).order_by(PostAuthor.position)
    topics = select(PostTopic.topic_id).where(PostTopic.post_id == post.id).order_by(PostTopic.position)
    return Draft(
        post.title, post.dek, post.slug, post.body or {}, post.lead_image_id, tuple(s.scalars(authors)),
        tuple(s.scalars(topics)), post.in_digest, post.search_title, post.search_description,
    )  # fmt: skip


def _saved(manuscript: Manuscript) -> Saved:
    words, minutes = prose.count(manuscript.body)
    return Saved(manuscript.version, manuscript.saved_at, words, minutes)
