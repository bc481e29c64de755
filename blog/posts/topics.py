"""Topics: what stories are filed under. Editors make, rename and remove them in the studio."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog import links
from blog.authors.slugs import first_free
from blog.db import Database
from blog.posts.asked import number
from blog.posts.model import Post, PostState, PostTopic, Topic, TopicId
from blog.refusals import Conflict, Invalid, NotFound

LONGEST_NAME, LONGEST_DESCRIPTION = 80, 2000


@dataclass(frozen=True)
class TopicEntry:
    id: TopicId
    slug: str
    name: str
    description: str
    stories: int
    """How many are published."""


def list_all(db: Database) -> tuple[TopicEntry, ...]:
    """All, by name, also those without a story."""
    counts = (
        select(PostTopic.topic_id, func.count().label("stories"))
        .join(Post, Post.id == PostTopic.post_id)
        .where(Post.state == PostState.PUBLISHED)
        .group_by(PostTopic.topic_id)
        .subquery()
    )
    stories = func.coalesce(counts.c.stories, 0)
    rows = (
        select(Topic, stories)
        .outerjoin(counts, counts.c.topic_id == Topic.id)
        .order_by(func.lower(Topic.name), Topic.id)
    )
    with db.reading() as s:
        return tuple(TopicEntry(TopicId(t.id), t.slug, t.name, t.description, n) for t, n in s.execute(rows))


def create(db: Database, name: str, description: str = "") -> TopicId:
    with db.transaction() as s:
        topic = Topic(name=_name(s, name, None), description=_description(description))
        topic.slug = first_free(links.slugify(topic.name) or "topic", set(s.scalars(select(Topic.slug))))
        s.add(topic)
        s.flush()
        return TopicId(topic.id)


def change(db: Database, topic_id: int, name: str, description: str) -> None:
    """The address stays, whatever the new name."""
    with db.transaction() as s:
        topic = _found(s, topic_id)
        topic.name, topic.description = _name(s, name, topic.id), _description(description)


def delete(db: Database, topic_id: int) -> None:
    """Conflict where a story that was ever published is filed under it; drafts just lose it."""
    try:
        with db.transaction() as s:
            s.delete(_found(s, topic_id))
    except IntegrityError:
        raise Conflict("Stories are filed under this topic. Give those another topic first.") from None


def _found(s: Session, topic_id: int) -> Topic:
    topic = s.get(Topic, number(topic_id))
    if topic is None:
        raise NotFound("We can't find that topic.")
    return topic


def _name(s: Session, name: str, but: int | None) -> str:
    name = " ".join(name.replace("\0", "").split())
    fault = ""
    if not name:
        fault = "Enter the topic's name."
    elif len(name) > LONGEST_NAME:
        fault = f"That is too long: at most {LONGEST_NAME} characters fit."
    elif s.scalar(select(Topic.id).where(func.lower(Topic.name) == name.lower(), Topic.id != (but or 0))):
        fault = "There is a topic of that name already."
    if fault:
        raise Invalid(fault, {"name": [fault]})
    return name


def _description(text: str) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST_DESCRIPTION:
        fault = f"That is too long: at most {LONGEST_DESCRIPTION:,} characters fit."
        raise Invalid(fault, {"description": [fault]})
    return text
