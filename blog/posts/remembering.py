"""What goes into a post's history, and when. ``writing``, ``publishing`` and ``history`` ask before a manuscript changes."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.posts import prose
from blog.posts.drafts import Draft, draft_of, put
from blog.posts.model import Manuscript, Post, Revision, RevisionKind

REVISION_AFTER = timedelta(minutes=10)


def remember_if_due(s: Session, manuscript: Manuscript, by: Person, at: datetime, sitting: str) -> None:
    """Keeps the version that stands where the newest revision is ten minutes old, and always where another person or another
    open page wrote it: whoever writes over that version, it can be brought back.
    """
    foreign = manuscript.saved_by != by.id or manuscript.sitting != sitting
    if foreign or at - _last_kept(s, manuscript) >= REVISION_AFTER:
        remember(s, manuscript, at)


def remember(
    s: Session, manuscript: Manuscript, at: datetime, kind: RevisionKind = RevisionKind.KEPT
) -> None:
    """Keeps the version that stands, once: a version that is in the history already is at most marked as published."""
    there = s.scalar(
        select(Revision).where(
            Revision.post_id == manuscript.post_id,
            Revision.version == manuscript.version,
            Revision.kind != RevisionKind.ASIDE,
        )
    )
    if there is None:
        s.add(_revision(manuscript, draft_of(manuscript), at, kind))
    elif kind == RevisionKind.PUBLISHED:
        there.kind = kind


def set_aside(s: Session, manuscript: Manuscript, draft: Draft, by: Person, at: datetime) -> Revision:
    """Keeps words that are not to stand in the manuscript now."""
    revision = _revision(manuscript, draft, at, RevisionKind.ASIDE)
    revision.saved_at, revision.saved_by = at, by.id
    s.add(revision)
    s.flush()
    return revision


def _last_kept(s: Session, manuscript: Manuscript) -> datetime:
    """When the history last grew. Until it has begun, the post's own age counts."""
    kept = s.scalar(
        select(func.max(Revision.kept_at)).where(
            Revision.post_id == manuscript.post_id, Revision.kind != RevisionKind.ASIDE
        )
    )
    return kept or s.scalars(select(Post.created_at).where(Post.id == manuscript.post_id)).one()


def _revision(manuscript: Manuscript, draft: Draft, at: datetime, kind: RevisionKind) -> Revision:
    revision = Revision(
        post_id=manuscript.post_id, version=manuscript.version, kind=kind, saved_at=manuscript.saved_at,
        saved_by=manuscript.saved_by, kept_at=at,
    )  # fmt: skip
    put(revision, draft)
    revision.words = prose.count(draft.body)[0]
    return revision
