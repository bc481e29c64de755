"""The rows of other stories under an article: more from its first author, more in its first topic. ``reading.article`` asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from blog import links
from blog.images.reading import Picture
from blog.posts.cards import CARD, Names, card, named
from blog.posts.model import Post, PostAuthor, PostState, PostTopic
from blog.posts.views import Shelf

SHOWN = 3
AUTHOR, TOPIC = 0, 1


def beside(s: Session, post_id: int, names: Names) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows for both shelves, in one statement: card columns, ``shelf`` (AUTHOR or TOPIC) and ``total`` without this post."""
    wanted = []
    if names.authors:
        written = select(PostAuthor.post_id).where(PostAuthor.author_id == names.authors[0].id)
        wanted.append(_newest(written, post_id, AUTHOR, SHOWN))
    if names.topics:
        filed = select(PostTopic.post_id).where(PostTopic.topic_id == names.topics[0].id)
        # Twice as many: those that already stand on the author's shelf are passed over.
        wanted.append(_newest(filed, post_id, TOPIC, 2 * SHOWN))
    if not wanted:
        return []
    both = union_all(*wanted).subquery()
    return s.execute(select(both).order_by(both.c.shelf, both.c.published_at.desc(), both.c.id.desc())).all()


def shelves(
    s: Session, rows: Sequence[Row[*tuple[Any, ...]]], names: Names, shown: Mapping[int, Picture]
) -> tuple[Shelf | None, Shelf | None]:
    """More from the first author and more in the first topic; None where there is nothing to show."""
    all_names = named(s, {row.id for row in rows})
    by_author = [row for row in rows if row.shelf == AUTHOR]
    seen = {row.id for row in by_author}
    in_topic = [row for row in rows if row.shelf == TOPIC and row.id not in seen][:SHOWN]

    def shelf(heading: str, path: str, kept: list[Row[*tuple[Any, ...]]]) -> Shelf | None:
        made = tuple(card(row, all_names[row.id], shown) for row in kept)
        return Shelf(heading, path, kept[0].total + 1, made) if kept else None

    more_from = names.authors and shelf(
        f"More from {names.authors[0].name}", links.author(names.authors[0].slug), by_author
    )
    more_in = names.topics and shelf(
        f"More in {names.topics[0].name}", links.topic(names.topics[0].slug), in_topic
    )
    return more_from or None, more_in or None


def _newest(post_ids: Select[*tuple[Any, ...]], but: int, shelf: int, most: int) -> Select[*tuple[Any, ...]]:
    found = (
        select(*CARD, literal(shelf).label("shelf"), func.count().over().label("total"))
        .where(Post.state == PostState.PUBLISHED, Post.id.in_(post_ids), Post.id != but)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(most)
        .subquery()
    )
    return select(found)
