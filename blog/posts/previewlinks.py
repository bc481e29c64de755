"""Secret links to a story before its time: made, listed, taken back. The studio asks; ``web/previews.py`` signs their numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import deeds
from blog.posts.asked import known, number
from blog.posts.desk_model import PreviewLink
from blog.posts.model import PostId
from blog.posts.rules import must_see
from blog.refusals import Conflict, Invalid, NotFound

DAYS = (1, 3, 7)
"""For how many days a link may work."""
MOST = 20
"""Links that work at a time, for one story."""


@dataclass(frozen=True)
class Link:
    id: int
    post_id: PostId
    made_by: str
    made_at: datetime
    ends_at: datetime


def make(db: Database, post_id: int, days: int, by: Person, at: datetime) -> Link:
    """A link that works from now. Links that ended are forgotten. Raises Conflict where too many work already."""
    with db.transaction() as s:
        post = known(s, post_id)
        must_see(by, post)
        if days not in DAYS:
            raise Invalid("Choose how long the link is to work.")
        s.execute(delete(PreviewLink).where(PreviewLink.post_id == post.id, PreviewLink.ends_at <= at))
        if len(s.scalars(select(PreviewLink.id).where(PreviewLink.post_id == post.id)).all()) >= MOST:
            raise Conflict(f"{MOST} links to this story work already. Take some back first.")
        row = PreviewLink(post_id=post.id, made_by=by.name, made_at=at, ends_at=at + timedelta(days=days))
        s.add(row)
        s.flush()
        deeds.note(s, post, by, "made a link", at)
        return _link(row)


def working(db: Database, post_id: int, by: Person, at: datetime) -> tuple[Link, ...]:
    """Those that work now, the newest first."""
    with db.reading() as s:
        post = known(s, post_id)
        must_see(by, post)
        mine = select(PreviewLink).where(PreviewLink.post_id == post.id, PreviewLink.ends_at > at)
        return tuple(map(_link, s.scalars(mine.order_by(PreviewLink.id.desc()))))


def take_back(db: Database, post_id: int, link_id: int | None, by: Person, at: datetime) -> int:
    """Ends one link, or with None all of the story, at once; returns how many worked until now."""
    with db.transaction() as s:
        post = known(s, post_id)
        must_see(by, post)
        mine = [PreviewLink.post_id == post.id, PreviewLink.ends_at > at]
        if link_id is not None:
            mine.append(PreviewLink.id == number(link_id))
        ended = s.scalars(update(PreviewLink).where(*mine).values(ends_at=at).returning(PreviewLink.id)).all()
        if ended:
            deeds.note(s, post, by, "took links back", at)
        return len(ended)


def get(db: Database, link_id: int) -> Link:
    """Also one that has ended, for as long as it is remembered. Raises NotFound."""
    with db.reading() as s:
        row = s.get(PreviewLink, number(link_id))
        if row is None:
            raise NotFound("There is no such link.")
        return _link(row)


def _link(row: PreviewLink) -> Link:
    return Link(row.id, PostId(row.post_id), row.made_by, row.made_at, row.ends_at)
