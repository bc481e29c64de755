"""Topics in order: a topic may stand under another, and each may have stories to start with. Editors arrange them in the studio;
pages ask through ``reading``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, delete, func, select, union
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.asked import number, word
from blog.posts.cards import CARD, cards
from blog.posts.model import Post, PostState, PostTopic, Topic, TopicId, TopicPick
from blog.posts.views import Card, TopicLink
from blog.refusals import Invalid, NotFound

MOST_PICKS = 6


@dataclass(frozen=True)
class Arrangement:
    id: TopicId
    name: str
    slug: str
    parent: TopicId | None
    picks: tuple[str, ...]
    """Addresses of stories, in the editor's order."""
    possible: tuple[tuple[TopicId, str], ...]
    """Topics under which it may stand, with their names."""


def arrangement(db: Database, topic_id: int) -> Arrangement:
    with db.reading() as s:
        topic = _found(s, topic_id)
        others = select(Topic).where(Topic.parent_id.is_(None), Topic.id != topic.id).order_by(Topic.name)
        possible = () if _has_children(s, topic.id) else s.scalars(others).all()
        paths = s.scalars(_picked(topic.id).with_only_columns(Post.path)).all()
        return Arrangement(
            TopicId(topic.id), topic.name, topic.slug, TopicId(topic.parent_id) if topic.parent_id else None,
            tuple(path or "" for path in paths), tuple((TopicId(one.id), one.name) for one in possible),
        )  # fmt: skip


def arrange(db: Database, topic_id: int, parent: int | None, picks: Sequence[str]) -> None:
    """``picks`` are addresses of public stories, at most six. The tree has two storeys: what has topics under it stands under none."""
    with db.transaction() as s:
        topic = _found(s, topic_id)
        ids = _stories(s, picks)
        if parent is not None:
            above = s.get(Topic, number(parent))
            if above is None or above.id == topic.id or above.parent_id or _has_children(s, topic.id):
                fault = "It cannot stand under that topic: the tree has two storeys."
                raise Invalid(fault, {"parent": [fault]})
        topic.parent_id = parent
        s.execute(delete(TopicPick).where(TopicPick.topic_id == topic.id))
        s.add_all(TopicPick(topic_id=topic.id, post_id=one, position=n) for n, one in enumerate(ids))


def filed_under(topic_id: int) -> Select[*tuple[Any, ...]]:
    """Ids of the posts in a topic or in one that stands under it."""
    below = select(Topic.id).where(Topic.parent_id == topic_id)
    filed = select(PostTopic.post_id)
    both = union(filed.where(PostTopic.topic_id == topic_id), filed.where(PostTopic.topic_id.in_(below)))
    return select(both.subquery().c.post_id)


def picked(s: Session, topic_id: int) -> tuple[Card, ...]:
    """The public stories to start with."""
    return cards(s, s.execute(_picked(topic_id)).all())


def around(s: Session, topic: Topic) -> tuple[TopicLink | None, tuple[TopicLink, ...]]:
    """The topic above and those below that have a public story, by name."""
    stories = (
        select(PostTopic.topic_id)
        .join(Post, Post.id == PostTopic.post_id)
        .where(Post.state == PostState.PUBLISHED)
    )
    near = (Topic.id == topic.parent_id) | ((Topic.parent_id == topic.id) & Topic.id.in_(stories))
    found = s.scalars(select(Topic).where(near).order_by(func.lower(Topic.name), Topic.id)).all()
    links = {one.id: TopicLink(TopicId(one.id), one.slug, one.name) for one in found}
    above = links.pop(topic.parent_id, None) if topic.parent_id else None
    return above, tuple(links.values())


def _found(s: Session, topic_id: int) -> Topic:
    topic = s.get(Topic, number(topic_id))
    if topic is None:
        raise NotFound("We can't find that topic.")
    return topic


def _has_children(s: Session, topic_id: int) -> bool:
    return s.scalar(select(Topic.id).where(Topic.parent_id == topic_id).limit(1)) is not None


def _picked(topic_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*CARD)
        .join(TopicPick, TopicPick.post_id == Post.id)
        .where(TopicPick.topic_id == topic_id, Post.state == PostState.PUBLISHED)
        .order_by(TopicPick.position)
    )


def _stories(s: Session, picks: Sequence[str]) -> list[int]:
    paths = list(dict.fromkeys(_path(pick) for pick in picks if pick.strip()))
    known: dict[str | None, int] = {
        row.path: row.id
        for row in s.execute(
            select(Post.path, Post.id).where(Post.path.in_(paths), Post.state == PostState.PUBLISHED)
        )
    }
    missing = [path for path in paths if path not in known]
    if missing or len(paths) > MOST_PICKS:
        fault = f"At most {MOST_PICKS} stories fit."
        if missing:
            fault = f"No public story lives at {missing[0][:100] or 'that address'}."
        raise Invalid(fault, {"picks": [fault]})
    return [known[path] for path in paths]


def _path(address: str) -> str:
    """Of a whole address or of a path alone."""
    try:
        return word(urlsplit(address.strip()).path.rstrip("/"))
    except ValueError:
        return ""
