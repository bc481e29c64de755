"""Stories with a topic and an author, second lists, and a reader's rows, for the tests of choosing."""

from datetime import datetime

from sqlalchemy import select

from blog.authors.model import Author
from blog.db import Database
from blog.posts.model import PostAuthor, PostTopic, Topic
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import Consent, Follow, Subscriber, Subscription


def topic(db: Database, name: str, *post_ids: int) -> int:
    with db.transaction() as s:
        made = Topic(slug=name.lower(), name=name)
        s.add(made)
        s.flush()
        s.add_all(PostTopic(post_id=post_id, topic_id=made.id, position=0) for post_id in post_ids)
        return made.id


def author(db: Database, name: str, at: datetime, *post_ids: int) -> int:
    with db.transaction() as s:
        made = Author(slug=name.lower(), name=name, created_at=at)
        s.add(made)
        s.flush()
        s.add_all(PostAuthor(post_id=post_id, author_id=made.id, position=0) for post_id in post_ids)
        return made.id


def mailing(db: Database, slug: str, name: str, at: datetime, **more: object) -> int:
    with db.transaction() as s:
        made = MailingList(slug=slug, name=name, created_at=at, **more)
        s.add(made)
        s.flush()
        return made.id


def person(db: Database, reader_id: int) -> Subscriber:
    with db.reading() as s:
        return s.get_one(Subscriber, reader_id)


def held(db: Database, reader_id: int) -> dict[int, Subscription]:
    """By list."""
    with db.reading() as s:
        rows = s.scalars(select(Subscription).where(Subscription.subscriber_id == reader_id))
        return {row.list_id: row for row in rows}


def follows(db: Database, reader_id: int) -> dict[tuple[str, int], int]:
    with db.reading() as s:
        rows = s.scalars(select(Follow).where(Follow.subscriber_id == reader_id))
        return {(row.subject, row.subject_id): row.weight for row in rows}


def deeds(db: Database, reader_id: int) -> list[tuple[str, str]]:
    """What the history says beside when, oldest first."""
    with db.reading() as s:
        rows = s.scalars(select(Consent).where(Consent.subscriber_id == reader_id).order_by(Consent.id))
        return [(row.deed, row.detail) for row in rows]
