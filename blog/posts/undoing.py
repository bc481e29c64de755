"""Publishing undone within its first seconds, as if nothing had happened. Later, and where readers have it in their mail already,
a story is withdrawn instead.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import number
from blog.posts.deeds import note
from blog.posts.deriving import derive, derive_those_pointing_at, hold, relate
from blog.posts.desk import known
from blog.posts.desk_model import Before
from blog.posts.drafts import Draft, draft_of, show
from blog.posts.model import Manuscript, Post, PostId, PostState, Redirect, Revision
from blog.posts.rules import must_publish
from blog.refusals import Conflict

SHOWN = timedelta(seconds=10)
LONGEST = timedelta(seconds=30)
"""What is shown for ten seconds is taken for thirty: the press has a way to go."""
TOO_LATE = "That was too long ago to be undone. Withdraw the story, or publish other words."

_DATES = ("publish_at", "published_at", "released_at", "updated_at", "withdrawn_at")


def remember(s: Session, post: Post, by: Person, at: datetime) -> None:
    """How the post stands, before it is published."""
    s.execute(delete(Before).where(Before.post_id == post.id))
    text = _manuscript(s, post)
    s.add(
        Before(
            post_id=post.id, at=at, by=by.id, state=post.state, slug=post.slug, wish=text.slug, path=post.path,
            published_version=text.published_version, **{name: getattr(post, name) for name in _DATES},
        )
    )  # fmt: skip


def is_open(db: Database, post_id: int, by: Person, at: datetime) -> bool:
    """Whether this person published it within the last ten seconds."""
    with db.reading() as s:
        before = s.get(Before, number(post_id))
        return before is not None and before.by == by.id and at - before.at < SHOWN


def undo(
    db: Database, post_id: int, by: Person, at: datetime, *, is_mailed: bool = False, zone: ZoneInfo
) -> None:
    """Brings back how the post stood. A first publication that ``is_mailed`` already ends as withdrawn, so that the links in
    those mails say what became of it. Raises Conflict once it is too late.
    """
    with db.transaction() as s:
        hold(s, number(post_id))
        post = known(s, post_id)
        must_publish(by, post)
        before = s.get(Before, post.id)
        if before is None or before.by != by.id or at - before.at > LONGEST:
            raise Conflict(TOO_LATE)
        if before.released_at is not None:
            _bring_back(s, post, before, at.astimezone(zone).date())
        elif is_mailed:
            post.state, post.withdrawn_at = PostState.WITHDRAWN, at
        else:
            _unpublish(s, post, before)
        s.delete(before)
        s.flush()
        derive_those_pointing_at(s, PostId(post.id), at.astimezone(zone).date())
        note(s, post, by, "undone", at)


def _unpublish(s: Session, post: Post, before: Before) -> None:
    """It was never public."""
    relate(s, post, Draft())
    _restore(s, post, before)
    post.title = post.dek = post.body_html = post.body_text = post.excerpt = ""
    post.body = post.lead_image_id = None


def _bring_back(s: Session, post: Post, before: Before, today: date) -> None:
    """The words that were public before, which each publication leaves in the history."""
    kept = select(Revision).where(Revision.post_id == post.id, Revision.version == before.published_version)
    revision = s.scalars(kept.order_by(Revision.id.desc()).limit(1)).first()
    if revision is None:
        raise Conflict(TOO_LATE)
    draft = draft_of(revision)
    show(post, draft)
    _restore(s, post, before)
    s.flush()
    relate(s, post, draft)
    derive(s, post, today)


def _restore(s: Session, post: Post, before: Before) -> None:
    if before.path:
        s.execute(delete(Redirect).where(Redirect.path == before.path))
    text = _manuscript(s, post)
    post.state, post.slug, post.path = before.state, before.slug, before.path
    text.slug, text.published_version = before.wish, before.published_version
    for name in _DATES:
        setattr(post, name, getattr(before, name))


def _manuscript(s: Session, post: Post) -> Manuscript:
    return s.scalars(select(Manuscript).where(Manuscript.post_id == post.id)).one()
