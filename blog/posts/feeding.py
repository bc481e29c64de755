"""What feeds and the sitemap carry. Asked through ``reading``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.db import Database, UtcDateTime
from blog.images.model import Image
from blog.images.reading import picture_of
from blog.posts.asked import word
from blog.posts.cards import cards, published
from blog.posts.dating import in_year
from blog.posts.model import Post, PostAuthor, PostState, Topic
from blog.posts.notes import notes_of
from blog.posts.tree import filed_under
from blog.posts.views import FeedEntry, News, SitemapEntry, SitemapPart
from blog.refusals import NotFound

NEWEST = 20
MOST_NEWS, MOST_OF_A_YEAR = 1000, 50_000


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
                notes_of(row.notes),
            )
            for card, row in zip(cards(s, rows), rows, strict=True)
        )


def sitemap_parts(db: Database) -> tuple[SitemapPart, ...]:
    """Years with a public story, newest first, and when a story of each last changed."""
    year = func.substr(Post.path, 2, 4)
    changed = func.max(func.coalesce(Post.updated_at, Post.published_at), type_=UtcDateTime)
    public = select(year.label("year"), changed.label("changed")).where(*_ours())
    with db.reading() as s:
        rows = s.execute(public.group_by(year).order_by(year.desc()))
        return tuple(SitemapPart(int(row.year), row.changed) for row in rows)


def news(db: Database, since: datetime) -> tuple[News, ...]:
    """What was published after ``since``, newest first; at most a thousand, as the news sitemap takes no more."""
    fresh = published().where(Post.published_at > since, *_ours()).limit(MOST_NEWS)
    with db.reading() as s:
        return tuple(News(row.path, row.title, row.published_at) for row in s.execute(fresh))


def sitemap(db: Database, year: int) -> tuple[SitemapEntry, ...]:
    """The stories of ``year``, newest first; a sitemap takes 50,000."""
    columns = (Post.path, Post.published_at, Post.updated_at, Post.lead_image_id)
    with db.reading() as s:
        public = (
            select(*columns)
            .where(*_ours(), in_year(year))
            .order_by(Post.published_at.desc(), Post.id.desc())
            .limit(MOST_OF_A_YEAR)
        )
        rows = s.execute(public).all()
        leads = _largest(s, year)
        return tuple(
            SitemapEntry(row.path, row.updated_at or row.published_at, leads.get(row.lead_image_id, ""))
            for row in rows
        )


def _ours() -> tuple[ColumnElement[bool], ...]:
    """Public stories whose first address is here: search engines are told of no others."""
    return Post.state == PostState.PUBLISHED, Post.canonical_url == ""


def _wanted(s: Session, author: str, topic: str) -> Select[*tuple[Any, ...]]:
    wanted = published().add_columns(Post.body_html, Post.updated_at, Post.released_at, Post.notes)
    if author:
        author_id = _known(s.scalar(select(Author.id).where(Author.slug == word(author))), "author")
        wanted = wanted.where(
            Post.id.in_(select(PostAuthor.post_id).where(PostAuthor.author_id == author_id))
        )
    if topic:
        topic_id = _known(s.scalar(select(Topic.id).where(Topic.slug == word(topic))), "topic")
        wanted = wanted.where(Post.id.in_(filed_under(topic_id)))
    return wanted


def _known(found: int | None, what: str) -> int:
    if found is None:
        raise NotFound(f"We can't find that {what}.")
    return found


def _largest(s: Session, year: int) -> Mapping[int | None, str]:
    """Addresses of the lead pictures, by id. They are asked for by a subquery: a list of ids could outgrow a statement."""
    leads = select(Post.lead_image_id).where(
        Post.state == PostState.PUBLISHED, Post.lead_image_id.is_not(None), in_year(year)
    )
    return {
        image.id: picture_of(image).largest for image in s.scalars(select(Image).where(Image.id.in_(leads)))
    }
