"""Which story leads the home page, and which stay on top of their topics' pages until a day is over. Neither is part of a manuscript:
it shows at once, and history knows nothing of it. Editors set it; ``standing_out`` reads it.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts.asked import known
from blog.posts.deeds import note
from blog.posts.model import Post, PostState
from blog.refusals import Forbidden, Invalid

LONGEST = timedelta(days=2 * 366)
OVER = "That day is over. Choose today or a later one."
TOO_FAR = "Choose a day within the next two years."


def feature(
    db: Database,
    post_id: int,
    featured: bool,
    pinned_until: date | None,
    by: Person,
    at: datetime,
    *,
    zone: ZoneInfo,
) -> None:
    """A public story that is featured takes the place of the one that was; one that is not public yet leads once it is.
    ``pinned_until`` is its last day on top, by the publication's ``zone``; None unpins it.
    """
    if not by.can(Right.FEATURE):
        raise Forbidden("Editors choose what leads a page. Ask one of them.")
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        today = at.astimezone(zone).date()
        if pinned_until and pinned_until != post.pinned_until:
            _must_be_ahead(pinned_until, today)
        if featured and post.state == PostState.PUBLISHED:
            others = (Post.featured, Post.state == PostState.PUBLISHED, Post.id != post.id)
            s.execute(update(Post).where(*others).values(featured=False))
        if featured != post.featured:
            note(s, post, by, "featured" if featured else "unfeatured", at)
        if pinned_until != post.pinned_until:
            note(s, post, by, "pinned" if pinned_until else "unpinned", at)
        post.featured, post.pinned_until = featured, pinned_until


def unpin_due(db: Database, now: datetime, *, zone: ZoneInfo) -> None:
    """Whose last day is over stands where its date puts it. The clock calls it; the commit makes the pages stale."""
    over = Post.pinned_until < now.astimezone(zone).date()
    with db.reading() as s:
        if s.scalar(select(Post.id).where(over).limit(1)) is None:
            return
    with db.transaction() as s:
        s.execute(update(Post).where(over).values(pinned_until=None))


def _must_be_ahead(day: date, today: date) -> None:
    fault = OVER if day < today else TOO_FAR if day > today + LONGEST else ""
    if fault:
        raise Invalid(fault, {"pinned_until": [fault]})
