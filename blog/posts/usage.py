"""Where a picture of the library stands: asked before its words change and before it is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.asked import number
from blog.posts.document import image_ids
from blog.posts.model import Manuscript, Post, PostId, PostImage, PostState
from blog.refusals import NotFound


@dataclass(frozen=True)
class Use:
    """A post that shows the picture, in public or in its manuscript."""

    id: PostId
    title: str
    state: PostState
    path: str
    """Empty where it is not public."""


def picture(db: Database, image_id: int) -> Picture:
    with db.reading() as s:
        found = pictures(s, [number(image_id)]).get(image_id)
    if found is None:
        raise NotFound("This picture is no longer there.")
    return found


def stories(db: Database, image_id: int) -> tuple[Use, ...]:
    """The posts that show it, newest first."""
    with db.reading() as s:
        return tuple(_use(post, title) for post, title in _shown_in(s, number(image_id)))


def count(s: Session, image_id: int) -> int:
    """How many posts and author pages need it; what ``images.library.delete`` is handed."""
    faces = len(s.scalars(select(Author.id).where(Author.image_id == image_id)).all())
    return len(_shown_in(s, image_id)) + faces


def _shown_in(s: Session, image_id: int) -> Sequence[tuple[Post, str]]:
    in_public = select(PostImage.post_id).where(PostImage.image_id == image_id)
    in_words = _in_manuscripts(s, image_id)
    found = (
        select(Post, Manuscript.title)
        .join(Manuscript, Manuscript.post_id == Post.id)
        .where(or_(Post.id.in_(in_public), Post.id.in_(in_words), Post.lead_image_id == image_id))
        .order_by(Post.published_at.desc(), Post.id.desc())
    )
    return [(post, title) for post, title in s.execute(found)]


def _in_manuscripts(s: Session, image_id: int) -> list[int]:
    """Posts whose working copy shows it. JSON is searched as text first, then read: few documents hold the number."""
    hits = select(Manuscript.post_id, Manuscript.lead_image, Manuscript.body).where(
        or_(Manuscript.lead_image == image_id, _mentions(image_id))
    )
    return [
        row.post_id
        for row in s.execute(hits)
        if row.lead_image == image_id or image_id in image_ids(row.body)
    ]


def _mentions(image_id: int) -> ColumnElement[bool]:
    return cast(Manuscript.body, String).like(f'%"image": {image_id}%')


def _use(post: Post, title: str) -> Use:
    public = post.state == PostState.PUBLISHED
    return Use(
        PostId(post.id),
        title or post.title or "Untitled",
        PostState(post.state),
        post.path or "" if public else "",
    )
