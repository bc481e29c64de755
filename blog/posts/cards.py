"""Posts as cards, many at once: three statements for any number of posts. ``reading`` and its neighbours build on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from blog.authors.model import Author, AuthorId
from blog.images.reading import Picture, pictures
from blog.posts.model import Post, PostAuthor, PostId, PostState, PostTopic, Topic, TopicId
from blog.posts.views import Byline, Card, TopicLink

CARD = (
    Post.id,
    Post.path,
    Post.title,
    Post.dek,
    Post.excerpt,
    Post.published_at,
    Post.minutes,
    Post.lead_image_id,
)
"""What a card needs of a post; never its text."""


@dataclass(frozen=True)
class Names:
    """Who wrote a post and what it is about, in the editor's order."""

    authors: tuple[Byline, ...] = ()
    topics: tuple[TopicLink, ...] = ()


def published() -> Select[*tuple[Any, ...]]:
    """The card columns of public posts, newest first."""
    newest = (Post.published_at.desc(), Post.id.desc())
    return select(*CARD).where(Post.state == PostState.PUBLISHED).order_by(*newest)


def cards(s: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Card, ...]:
    """Rows that begin with the CARD columns, as cards, in their order."""
    names = named(s, [row.id for row in rows])
    shown = pictures(s, [row.lead_image_id for row in rows])
    return tuple(card(row, names.get(row.id, Names()), shown) for row in rows)


def card(row: Row[*tuple[Any, ...]] | Post, names: Names, shown: Mapping[int, Picture]) -> Card:
    assert row.published_at is not None, "only published posts have cards"
    return Card(
        PostId(row.id), row.path or "", row.title, row.dek or row.excerpt, names.authors, names.topics,
        row.published_at, row.minutes, shown.get(row.lead_image_id) if row.lead_image_id else None,
    )  # fmt: skip


def named(s: Session, post_ids: Iterable[int]) -> Mapping[int, Names]:
    """Authors and topics of the posts, in one statement."""
    ids = list(post_ids)
    if not ids:
        return {}
    bylines: dict[int, list[Byline]] = {}
    topics: dict[int, list[TopicLink]] = {}
    for row in s.execute(_named(), {"ids": ids}):
        if row.is_author:
            bylines.setdefault(row.post_id, []).append(Byline(AuthorId(row.id), row.slug, row.name))
        else:
            topics.setdefault(row.post_id, []).append(TopicLink(TopicId(row.id), row.slug, row.name))
    return {i: Names(tuple(bylines.get(i, ())), tuple(topics.get(i, ()))) for i in ids}


@cache
def _named() -> Select[*tuple[Any, ...]]:
    """Written once: every page asks it, and to put it together takes longer than to answer it."""
    ids: BindParameter[list[int]] = bindparam("ids", expanding=True)
    people = (
        select(PostAuthor.post_id, PostAuthor.position, literal(1).label("is_author"), Author.id, Author.slug, Author.name)
        .join(Author, Author.id == PostAuthor.author_id)
        .where(PostAuthor.post_id.in_(ids))
    )  # fmt: skip
    subjects = (
        select(PostTopic.post_id, PostTopic.position, literal(0).label("is_author"), Topic.id, Topic.slug, Topic.name)
        .join(Topic, Topic.id == PostTopic.topic_id)
        .where(PostTopic.post_id.in_(ids))
    )  # fmt: skip
    both = union_all(people, subjects).subquery()
    return select(both).order_by(both.c.post_id, both.c.position)
