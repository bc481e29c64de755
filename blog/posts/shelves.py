"""The rows of other stories under an article: those most like it, more from its first author, and where nothing is like it, more in
its first topic. ``reading.article`` asks.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from blog import links
from blog.images.reading import Picture
from blog.language.saying import said
from blog.posts.cards import CARD, Names, card, named
from blog.posts.model import Post, PostAuthor, PostState, PostTopic
from blog.posts.views import Shelf, Shelves
from blog.posts.word_model import PostWord, SearchWord

SHOWN = 3
RELATED, AUTHOR, TOPIC = 0, 1, 2
COMMON = 300
"""A word that more stories hold relates none of them, so that the price of the shelf has an end."""
SHARED = 2
"""A story is related that shares so many of the words that tell this one from others."""


def beside(s: Session, post_id: int, names: Names) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows for all shelves, in one statement: card columns, ``shelf``, ``rank`` and ``total`` without this post."""
    author, topic = (next((one.id for one in some), None) for some in (names.authors, names.topics))
    asked = _beside(has_author=author is not None, has_topic=topic is not None)
    return s.execute(asked, {"post": post_id, "author": author, "topic": topic}).all()


def shelves(
    s: Session, rows: Sequence[Row[*tuple[Any, ...]]], names: Names, shown: Mapping[int, Picture]
) -> Shelves:
    """No story stands on two of them; a shelf with nothing on it is None."""
    all_names = named(s, {row.id for row in rows})
    seen: set[int] = set()

    def shelf(kind: int, heading: str, path: str, total: int | None = None) -> Shelf | None:
        kept = [row for row in rows if row.shelf == kind and row.id not in seen][:SHOWN]
        seen.update(row.id for row in kept)
        made = tuple(card(row, all_names[row.id], shown) for row in kept)
        return Shelf(heading, path, kept[0].total + 1 if total is None else total, made) if kept else None

    author, topic = next(iter(names.authors), None), next(iter(names.topics), None)
    of_topic = next((row.total + 1 for row in rows if row.shelf == TOPIC), 0)
    where = links.topic(topic.slug) if topic and of_topic else ""
    related = shelf(RELATED, said("Related stories"), where, of_topic)
    more_from = (
        shelf(AUTHOR, said("More from %(name)s", name=author.name), links.author(author.slug))
        if author
        else None
    )
    more_in = (
        shelf(TOPIC, said("More in %(name)s", name=topic.name), where) if topic and not related else None
    )
    return Shelves(related, more_from, more_in)


@cache
def _beside(*, has_author: bool, has_topic: bool) -> Select[*tuple[Any, ...]]:
    """Written once for each kind of post: to put it together takes longer than to answer it."""
    # More than are shown: those that stand on an earlier shelf are passed over.
    wanted = [_related()]
    if has_author:
        written = select(PostAuthor.post_id).where(PostAuthor.author_id == bindparam("author"))
        wanted.append(_newest(written, AUTHOR, 2 * SHOWN))
    if has_topic:
        filed = select(PostTopic.post_id).where(PostTopic.topic_id == bindparam("topic"))
        wanted.append(_newest(filed, TOPIC, 3 * SHOWN))
    all_ = union_all(*wanted).subquery()
    order = (all_.c.shelf, all_.c.rank, all_.c.published_at.desc(), all_.c.id.desc())
    return select(all_).order_by(*order)


def _related() -> Select[*tuple[Any, ...]]:
    """Those that share words with it, the rarer the better."""
    mine, theirs = aliased(PostWord), aliased(PostWord)
    likeness = func.sum(mine.weight * theirs.weight / (SearchWord.stories + 1))
    alike = (
        select(theirs.post_id, likeness.label("likeness"))
        .join(mine, mine.word == theirs.word)
        .join(SearchWord, SearchWord.word == mine.word)
        .where(
            mine.post_id == bindparam("post"),
            theirs.post_id != bindparam("post"),
            SearchWord.stories <= COMMON,
        )
        .group_by(theirs.post_id)
        .having(func.count() >= SHARED)
        .subquery()
    )
    found = (
        select(
            *CARD,
            literal(RELATED).label("shelf"),
            literal(0).label("total"),
            (-alike.c.likeness).label("rank"),
        )
        .join(alike, alike.c.post_id == Post.id)
        .where(Post.state == PostState.PUBLISHED)
        .order_by(alike.c.likeness.desc(), Post.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    return select(found)


def _newest(post_ids: Select[*tuple[Any, ...]], shelf: int, most: int) -> Select[*tuple[Any, ...]]:
    others = (Post.state == PostState.PUBLISHED, Post.id.in_(post_ids), Post.id != bindparam("post"))
    # Counted apart: to count beside the rows, all of a busy author's would be read and sorted.
    total = select(func.count()).where(*others).scalar_subquery()
    found = (
        select(
            *CARD,
            literal(shelf).label("shelf"),
            total.label("total"),
            literal(0.0).label("rank"),
        )
        .where(*others)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(most)
        .subquery()
    )
    return select(found)
