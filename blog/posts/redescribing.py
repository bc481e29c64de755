"""What changes published text without an editor of the story: a picture's words, and a promotion's last day."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.images.describing import Description, describe
from blog.images.model import Image
from blog.posts.asked import number
from blog.posts.deriving import derive, derive_those_showing
from blog.posts.model import Post, PostImage, PostState
from blog.posts.rules import may_publish
from blog.refusals import Forbidden, Invalid

_UTC = ZoneInfo("UTC")


def redescribe(
    db: Database,
    image_id: int,
    description: Description,
    by: Person,
    at: datetime | None = None,
    *,
    zone: ZoneInfo = _UTC,
) -> None:
    """New words for a picture, in the library and in every story that shows it; words that a story gives it itself win.

    ``at`` leaves out promotions that have ended; without it they stay until the clock takes them. Raises NotFound, Invalid,
    or Forbidden for somebody else's picture, or one in a public story that the person may not publish.
    """
    image_id = number(image_id)
    with db.transaction() as s:
        # The picture first: who publishes holds it too, so what is public now stays so until the words are kept.
        s.execute(select(Image.id).where(Image.id == image_id).with_for_update())
        public = must_describe(s, image_id, by)
        describe(s, image_id, description)
        s.flush()
        if public:
            _must_stay_fit(description)
        derive_those_showing(s, image_id, at.astimezone(zone).date() if at else None)


def end_promotions(db: Database, now: datetime, *, zone: ZoneInfo = _UTC) -> int:
    """Derives again the public stories that show a promotion whose last day has passed; returns how many. The clock calls at
    every beat, so none outlives the midnight of its day, or the clock's absence, by more than a minute.
    """
    today = now.astimezone(zone).date()
    past = select(Post.id).where(Post.state == PostState.PUBLISHED, Post.promotion_ends < today)
    with db.reading() as s:
        ended = s.scalars(past.order_by(Post.id)).all()
    for post_id in ended:
        with db.transaction() as s:
            post = s.scalar(select(Post).where(Post.id == post_id).with_for_update())
            if post is not None and post.body is not None:
                derive(s, post, today)
    return len(ended)


def _public_posts(image_id: int) -> Select[Post]:
    shown = select(PostImage.post_id).where(PostImage.image_id == image_id)
    return select(Post).where(Post.state == PostState.PUBLISHED, Post.id.in_(shown))


def must_describe(s: Session, image_id: int, by: Person) -> Sequence[Post]:
    """The public stories that show it. Raises Forbidden for whoever may change neither its words nor its file."""
    public = s.scalars(_public_posts(image_id)).all()
    if by.can(Right.EDIT_ANY):
        return public
    image = s.get(Image, image_id)
    if not by.can(Right.WRITE) or image is None or image.uploaded_by != by.id:
        raise Forbidden("This is somebody else's picture. Ask an editor to change it.")
    if not all(may_publish(by, post) for post in public):
        raise Forbidden("This picture stands in a published story. Ask an editor to change it.")
    return public


def _must_stay_fit(description: Description) -> None:
    wrong: dict[str, list[str]] = {}
    if not description.alt.strip() and not description.decorative:
        wrong["alt"] = ["A published story shows this picture: describe it, or mark it as decorative."]
    if not description.credit.strip():
        wrong["credit"] = ["A published story shows this picture: it needs its credit."]
    if not description.licence.strip():
        wrong["licence"] = ["A published story shows this picture: it needs its licence."]
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], wrong)
