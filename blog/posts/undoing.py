"""Publishing undone within its first seconds, as if nothing had happened. Later, and where readers have it in their mail already,
a story is withdrawn instead.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import known, number
from blog.posts.deeds import note
from blog.posts.deriving import derive, derive_those_pointing_at, hold, relate
from blog.posts.desk_model import Before, Plan
from blog.posts.drafts import Draft, draft_of, show
from blog.posts.model import Manuscript, Post, PostId, PostState, Redirect, Revision, RevisionKind
from blog.posts.reviewing import reopen, standing_of
from blog.posts.rules import must_publish
from blog.posts.vocabulary import forget, learn
from blog.posts.waiving import waive_again, waived_version
from blog.refusals import Conflict

SHOWN = timedelta(seconds=10)
LONGEST = timedelta(seconds=30)
"""What is shown for ten seconds is taken for thirty: the press has a way to go."""
TOO_LATE = "That was too long ago to be undone. Withdraw the story, or publish other words."
CHANGED = "The story was published anew or taken back since, so there is nothing to undo."
IsMailed = Callable[[Session, int], bool]
"""Whether readers have this post by mail."""

_DATES = ("publish_at", "published_at", "released_at", "updated_at", "withdrawn_at")


def remember(s: Session, post: Post, by: Person, at: datetime) -> None:
    """How the post stands, before it is published and what was arranged for it is over."""
    s.execute(delete(Before).where(Before.post_id == post.id))
    text, plan = _manuscript(s, post), s.get(Plan, post.id)
    s.add(
        Before(
            post_id=post.id, at=at, by=by.id, state=post.state, slug=post.slug, wish=text.slug, path=post.path,
            published_version=text.published_version, version=text.version, waived=waived_version(s, post),
            change_at=plan.change_at if plan else None, review=standing_of(s, post),
            **{name: getattr(post, name) for name in _DATES},
        )
    )  # fmt: skip


def is_open(db: Database, post_id: int, by: Person, at: datetime) -> bool:
    """Whether this person published it within the last ten seconds."""
    with db.reading() as s:
        before = s.get(Before, number(post_id))
        return before is not None and before.by == by.id and at - before.at < SHOWN


def undo(
    db: Database, post_id: int, by: Person, at: datetime, *, is_mailed: IsMailed | None = None, zone: ZoneInfo
) -> bool:
    """Brings back how the post stood. A first publication that ``is_mailed`` already ends as withdrawn, so that the links in
    those mails say what became of it; False then. Raises Conflict once it is too late, or another publication stands.

    Whoever puts the story into a mail locks it first, so nobody does between the question and the end.
    """
    with db.transaction() as s:
        hold(s, number(post_id))
        post = known(s, post_id)
        must_publish(by, post)
        before = s.get(Before, post.id)
        if before is None or before.by != by.id or at - before.at > LONGEST:
            raise Conflict(TOO_LATE)
        text = _manuscript(s, post)
        if post.state != PostState.PUBLISHED or text.published_version != before.version:
            raise Conflict(CHANGED)
        stays = before.released_at is None and is_mailed is not None and is_mailed(s, post.id)
        if stays:
            post.state, post.withdrawn_at = PostState.WITHDRAWN, at
            s.execute(delete(Plan).where(Plan.post_id == post.id))
        elif before.released_at is None:
            _unpublish(s, post, text, before)
        else:
            _bring_back(s, post, text, before, at.astimezone(zone).date())
        s.delete(before)
        s.flush()
        derive_those_pointing_at(s, PostId(post.id), at.astimezone(zone).date())
        note(s, post, by, "undone", at)
        return not stays


def _unpublish(s: Session, post: Post, text: Manuscript, before: Before) -> None:
    """It was never public."""
    forget(s, post)
    relate(s, post, Draft())
    _restore(s, post, text, before)
    post.title = post.dek = post.body_html = post.body_text = post.excerpt = ""
    post.body = post.lead_image_id = None


def _bring_back(s: Session, post: Post, text: Manuscript, before: Before, today: date) -> None:
    """The words that were public before, which each publication leaves in the history."""
    kept = select(Revision).where(
        Revision.post_id == post.id,
        Revision.version == before.published_version,
        Revision.kind != RevisionKind.ASIDE,
    )
    revision = s.scalars(kept.order_by(Revision.id.desc()).limit(1)).first()
    if revision is None:
        raise Conflict(TOO_LATE)
    draft = draft_of(revision)
    show(post, draft)
    _restore(s, post, text, before)
    s.flush()
    relate(s, post, draft)
    derive(s, post, today)
    learn(s, post)


def _restore(s: Session, post: Post, text: Manuscript, before: Before) -> None:
    if before.path:
        s.execute(delete(Redirect).where(Redirect.path == before.path))
    if before.version != before.published_version:
        undone = (Revision.post_id == post.id, Revision.version == before.version)
        was_public = Revision.kind == RevisionKind.PUBLISHED
        s.execute(update(Revision).where(*undone, was_public).values(kind=RevisionKind.KEPT))
    if text.version == before.version:
        # Whoever has saved since has an address of their own in it.
        text.slug = before.wish
    post.state, post.slug, post.path = before.state, before.slug, before.path
    text.published_version = before.published_version
    for name in _DATES:
        setattr(post, name, getattr(before, name))
    _arrange(s, post, before)


def _arrange(s: Session, post: Post, before: Before) -> None:
    """What was to come of it is to come again, unless somebody has dropped it since or arranged something else."""
    plan = s.get(Plan, post.id)
    if plan and post.state in (PostState.DRAFT, PostState.WITHDRAWN):
        s.delete(plan)
    elif plan and plan.change_at is None:
        plan.change_at = before.change_at
    if before.waived is not None:
        waive_again(s, post, before.waived)
    if before.review is not None:
        reopen(s, post, before.review)


def _manuscript(s: Session, post: Post) -> Manuscript:
    return s.scalars(select(Manuscript).where(Manuscript.post_id == post.id)).one()
