"""What leads the home page and stands on top of a topic's, as ``featuring`` set it. ``reading`` asks, and loads nothing that writes."""

from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from blog.posts.cards import published
from blog.posts.model import Post, PostId, PostState, PostTopic


def on_home(most: int) -> Select[*tuple[Any, ...]]:
    """Card columns and ``featured`` of the newest stories, and of the featured one, however old it is."""
    first = (Post.published_at.desc(), Post.id.desc())
    public = Post.state == PostState.PUBLISHED
    newest = select(Post.id).where(public).order_by(*first).limit(most).subquery()
    leading = select(Post.id).where(public, Post.featured).order_by(*first).limit(1).subquery()
    ids = union_all(select(newest.c.id), select(leading.c.id)).subquery()
    return published().add_columns(Post.featured).where(Post.id.in_(select(ids.c.id)))


def pinned_to(s: Session, topic_id: int) -> frozenset[PostId]:
    """The public stories that are filed under this very topic and pinned."""
    wanted = (
        select(Post.id)
        .join(PostTopic, PostTopic.post_id == Post.id)
        .where(
            Post.pinned_until.is_not(None), Post.state == PostState.PUBLISHED, PostTopic.topic_id == topic_id
        )
    )
    return frozenset(PostId(i) for i in s.scalars(wanted))


def pinned_first(rows: Select[*tuple[Any, ...]], pinned: frozenset[PostId]) -> Select[*tuple[Any, ...]]:
    """Among themselves, and the rest, newest first."""
    if not pinned:
        return rows
    return rows.order_by(None).order_by(Post.id.not_in(pinned), Post.published_at.desc(), Post.id.desc())
