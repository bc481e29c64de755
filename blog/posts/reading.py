"""Every public question about posts, answered in frozen views. Pages, feeds and the digest ask here and nowhere else."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, func, select

from blog.db import Database
from blog.images.reading import pictures as pictures_of
from blog.language.saying import said
from blog.posts.asked import word
from blog.posts.bylines import author, authors
from blog.posts.cards import card, cards, named, published
from blog.posts.crediting import Credited, stories_at, stories_with
from blog.posts.dating import month, months
from blog.posts.digesting import Subjects, digest_stories, digest_story, hold_public, public_among, subjects
from blog.posts.feeding import feed, news, sitemap, sitemap_parts
from blog.posts.model import Post, PostState, PostTopic, Redirect, Topic, TopicId
from blog.posts.notes import corrections, corrections_of, notes_of
from blog.posts.paging import paged
from blog.posts.shelves import beside, shelves
from blog.posts.showing import newest_picture, picture, pictures
from blog.posts.sources import sources_of
from blog.posts.standing_out import on_home, pinned_first, pinned_to
from blog.posts.telling import told_of
from blog.posts.tree import around, filed_under, picked
from blog.posts.views import Article, ArticlePage, Card, HomePage, Page, TopicLink, TopicPage
from blog.refusals import Gone, NotFound

__all__ = [
    "Credited", "Subjects", "article", "author", "authors", "corrections", "corrections_of", "digest_stories", "digest_story", "feed", "hold_public",
    "home", "latest", "month", "months", "news", "picture", "pictures", "public_among", "redirect_for", "sitemap", "sitemap_parts", "stories_at",
    "stories_with", "subjects", "topic", "topics",
]  # fmt: skip

PAGE = 12
BESIDE, LATEST = 3, 9


def home(db: Database) -> HomePage:
    with db.reading() as s:
        rows = s.execute(on_home(1 + BESIDE + LATEST)).all()
        shown = list(cards(s, rows))
        first = next((i for i, row in enumerate(rows) if row.featured), 0)
        lead = shown.pop(first) if shown else None
        shown = shown[: BESIDE + LATEST]
        on_page = [c.picture.id for c in (lead, *shown) if c and c.picture]
        return HomePage(lead, tuple(shown[:BESIDE]), tuple(shown[BESIDE:]), newest_picture(s, on_page))


def article(db: Database, path: str) -> ArticlePage:
    """Raises Gone for a post that was taken back, also at an address it once had; NotFound for one that none had.
    Where a public post lives now that had this address, ``redirect_for`` knows.
    """
    with db.reading() as s:
        post = s.scalar(select(Post).where(Post.path == word(path)))
        if post is None and s.get(Redirect, word(path)) is None:
            raise NotFound(said("We can't find that page."))
        if post is None or post.state != PostState.PUBLISHED:
            raise Gone(said("This story was taken back."))
        names = named(s, [post.id])[post.id]
        rows = beside(s, post.id, names)
        shown = pictures_of(s, [post.lead_image_id, *(row.lead_image_id for row in rows)])
        return ArticlePage(_article(post, card(post, names, shown)), shelves(s, rows, names, shown))


def redirect_for(db: Database, path: str) -> str | None:
    """Where the post that once had this address lives now; None where there is none or it is not public."""
    now_at = select(Post.path).join(Redirect, Redirect.post_id == Post.id)
    with db.reading() as s:
        return s.scalar(now_at.where(Redirect.path == word(path), Post.state == PostState.PUBLISHED))


def latest(db: Database, page: int = 1) -> Page[Card]:
    with db.reading() as s:
        return paged(s, published(), page, PAGE, cards)


def topic(db: Database, slug: str, page: int = 1) -> TopicPage:
    with db.reading() as s:
        found = s.scalar(select(Topic).where(Topic.slug == word(slug)))
        if found is None:
            raise NotFound(said("We can't find that topic."))
        pinned = pinned_to(s, found.id)
        filed = pinned_first(published().where(Post.id.in_(filed_under(found.id))), pinned)
        shown = paged(s, filed, page, PAGE, cards)
        link = TopicLink(TopicId(found.id), found.slug, found.name, shown.total)
        above, below = around(s, found)
        return TopicPage(link, found.description, shown, above, below, picked(s, found.id), pinned)


def topics(db: Database) -> tuple[tuple[TopicLink, str], ...]:
    """Topics that have a published story of their own, by name, each with its description."""
    with db.reading() as s:
        return tuple(
            (TopicLink(TopicId(row.id), row.slug, row.name, row.stories), row.description)
            for row in s.execute(_counted_topics())
        )


def _counted_topics() -> Select[*tuple[Any, ...]]:
    return (
        select(Topic.id, Topic.slug, Topic.name, Topic.description, func.count().label("stories"))
        .join(PostTopic, PostTopic.topic_id == Topic.id)
        .join(Post, Post.id == PostTopic.post_id)
        .where(Post.state == PostState.PUBLISHED)
        .group_by(Topic.id)
        .order_by(func.lower(Topic.name), Topic.id)
    )


def _article(post: Post, shown: Card) -> Article:
    return Article(
        shown, Markup(post.body_html), post.words, post.updated_at,
        told_of(shown.title, shown.dek, post),
        'data-gallery="' in post.body_html, notes_of(post.notes), sources_of(post.sources),
    )  # fmt: skip
