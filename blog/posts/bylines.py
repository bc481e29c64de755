"""Author pages: who wrote what, since when, and about which topics. Asked through ``reading``."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from blog.authors.model import Author, AuthorId
from blog.db import Database
from blog.images.reading import pictures
from blog.posts.asked import word
from blog.posts.cards import cards, published
from blog.posts.dating import in_year, years, years_of
from blog.posts.model import Post, PostAuthor, PostState, PostTopic, Topic, TopicId
from blog.posts.paging import paged
from blog.posts.views import AuthorPage, AuthorProfile, TopicLink
from blog.refusals import NotFound

PAGE = 12


def author(db: Database, slug: str, page: int = 1, year: int | None = None) -> AuthorPage:
    """All stories, or those of one year; NotFound for a year without any."""
    with db.reading() as s:
        found = s.scalars(select(Author).where(Author.slug == word(slug))).all()
        if not found:
            raise NotFound("We can't find that author.")
        written = select(PostAuthor.post_id).where(PostAuthor.author_id == found[0].id)
        wanted = published().where(Post.id.in_(written))
        shown = paged(s, wanted if year is None else wanted.where(in_year(year)), page, PAGE, cards)
        if year is not None and not shown.total:
            raise NotFound("That author published nothing in that year.")
        return AuthorPage(_profiles(s, found)[0], shown, years_of(s.execute(years(found[0].id))))


def authors(db: Database) -> tuple[AuthorProfile, ...]:
    """Those with a published story, by name."""
    has_story = select(PostAuthor.author_id).join(Post, Post.id == PostAuthor.post_id).where(_public())
    with db.reading() as s:
        by_name = select(Author).where(Author.id.in_(has_story)).order_by(func.lower(Author.name), Author.id)
        return _profiles(s, s.scalars(by_name).all())


def _profiles(s: Session, found: Sequence[Author]) -> tuple[AuthorProfile, ...]:
    ids = [author.id for author in found]
    counts = {row.author_id: row for row in s.execute(_counts(ids))}
    beats = s.execute(_beats(ids)).all()
    faces = pictures(s, [author.image_id for author in found])
    return tuple(
        AuthorProfile(
            AuthorId(author.id), author.slug, author.name, _paragraphs(author.biography), author.place,
            tuple((link["label"], link["url"]) for link in author.links), faces.get(author.image_id or 0),
            counts[author.id].stories if author.id in counts else 0,
            counts[author.id].since.date() if author.id in counts else None,
            tuple(_topic(row) for row in beats if row.author_id == author.id),
        )
        for author in found
    )  # fmt: skip


def _public() -> Any:
    return Post.state == PostState.PUBLISHED


def _counts(author_ids: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PostAuthor.author_id, func.count().label("stories"), func.min(Post.published_at).label("since")
        )
        .join(Post, Post.id == PostAuthor.post_id)
        .where(PostAuthor.author_id.in_(author_ids), _public())
        .group_by(PostAuthor.author_id)
    )


def _beats(author_ids: list[int]) -> Select[*tuple[Any, ...]]:
    stories = func.count().label("stories")
    return (
        select(PostAuthor.author_id, Topic.id, Topic.slug, Topic.name, stories)
        .join(Post, Post.id == PostAuthor.post_id)
        .join(PostTopic, PostTopic.post_id == Post.id)
        .join(Topic, Topic.id == PostTopic.topic_id)
        .where(PostAuthor.author_id.in_(author_ids), _public())
        .group_by(PostAuthor.author_id, Topic.id)
        .order_by(stories.desc(), Topic.name)
    )


def _topic(row: Row[*tuple[Any, ...]]) -> TopicLink:
    return TopicLink(TopicId(row.id), row.slug, row.name, row.stories)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())
