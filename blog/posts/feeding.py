"""What feeds and the sitemap carry. Asked through ``reading``."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.db import Database
from blog.images.model import Image
from blog.images.reading import picture_of
from blog.posts.asked import word
from blog.posts.cards import cards, published
from blog.posts.model import Post, PostAuthor, PostState, PostTopic, Topic
from blog.posts.views import FeedEntry, SitemapEntry
from blog.refusals import NotFound

NEWEST = 20


def feed(db: Database, author: str = "", topic: str = "") -> tuple[FeedEntry, ...]:
    """The newest twenty posts; of one author or in one topic where a slug is given (NotFound for an unknown one)."""
    with db.reading() as s:
        rows = s.execute(_wanted(s, author, topic).limit(NEWEST)).all()
        return tuple(
            FeedEntry(
                card,
                Markup(row.body_html),
                row.updated_at or row.published_at,
                row.released_at or row.published_at,
            )
            for card, row in zip(cards(s, rows), rows, strict=True)
        )


def sitemap(db: Database) -> tuple[SitemapEntry, ...]:
    columns = (Post.path, Post.published_at, Post.updated_at, Post.lead_image_id)
    with db.reading() as s:
        public = (
            select(*columns)
            .where(Post.state == PostState.PUBLISHED)
            .order_by(Post.published_at.desc(), Post.id.desc())
        )
        rows = s.execute(public).all()
        leads = _largest(s)
        return tuple(
            SitemapEntry(row.path, row.updated_at or row.published_at, leads.get(row.lead_image_id, ""))
            for row in rows
        )


def _wanted(s: Session, author: str, topic: str) -> Select[*tuple[Any, ...]]:
    wanted = published().add_columns(Post.body_html, Post.updated_at, Post.released_at)
    if author:
        author_id = _known(s.scalar(select(Author.id).where(Author.slug == word(author))), "author")
        wanted = wanted.where(
            Post.id.in_(select(PostAuthor.post_id).where(PostAuthor.author_id == author_id))
        )
    if topic:
        topic_id = _known(s.scalar(select(Topic.id).where(Topic.slug == word(topic))), "topic")
        wanted = wanted.where(Post.id.in_(select(PostTopic.post_id).where(PostTopic.topic_id == topic_id)))
    return wanted


def _known(found: int | None, what: str) -> int:
    if found is None:
        raise NotFound(f"We can't find that {what}.")
    return found


def _largest(s: Session) -> Mapping[int | None, str]:
    """Addresses of the lead pictures, by id. They are asked for by a subquery: a list of ids could outgrow a statement."""
    leads = select(Post.lead_image_id).where(
        Post.state == PostState.PUBLISHED, Post.lead_image_id.is_not(None)
    )
    return {
        image.id: picture_of(image).largest for image in s.scalars(select(Image).where(Image.id.in_(leads)))
    }
