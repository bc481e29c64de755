"""Takes the demonstration away: stories, then writers and topics, then pictures. ``loading.py`` offers it.

What a person has changed, and what a story of theirs still needs, stays and is theirs from then on.
"""

import contextlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog import clock
from blog.authors.model import Author
from blog.db import Database
from blog.demo import script
from blog.demo.items import STAGEHAND, Brought, brought, description_of
from blog.demo.model import DemoItem
from blog.demo.script import PictureEntry, Script
from blog.images import library
from blog.images.model import Image
from blog.images.storage import Storage
from blog.posts import publishing, usage
from blog.posts.model import Manuscript, Post, PostAuthor, PostState, PostTopic, Topic
from blog.refusals import Conflict, NotFound

KEPT = frozenset(column.key for column in Image.__table__.columns)
"""Of a description, what stands in the picture's row."""


def remove(db: Database, storage: Storage, at: datetime | None = None, *, whole: Script | None = None) -> int:
    """Returns how many stories went. Their lines go from the archive of editions too. ``at`` is now unless given."""
    whole = whole or script.read()
    with db.transaction() as s:
        here = brought(s)
    gone = sum(
        _take_story(db, number, at or clock.now()) for (kind, _), number in here.items() if kind == "post"
    )
    with db.transaction() as s:
        _take_authors(s, whole, here)
        _take_topics(s, whole, here)
    for entry in whole.pictures:
        if number := here.get(("picture", entry.key)):
            _take_picture(db, storage, entry, number)
    with db.transaction() as s:
        s.execute(delete(DemoItem))
    return gone


def _take_story(db: Database, number: int, at: datetime) -> bool:
    """Withdrawn first, so that stories of other people no longer point at it. One that somebody saved stays."""
    with db.reading() as s:
        state = s.scalar(select(Post.state).where(Post.id == number))
        version = s.scalar(select(Manuscript.version).where(Manuscript.post_id == number))
    if state is None or version != 1:
        return False
    if state == PostState.PUBLISHED:
        publishing.withdraw(db, number, STAGEHAND, at)
    with db.transaction() as s:
        manuscript = s.get(Manuscript, number)
        if manuscript is None or manuscript.version != 1:
            return False
        s.delete(s.get_one(Post, number))
        return True


def _take_authors(s: Session, whole: Script, here: Brought) -> None:
    needed = set(s.scalars(select(PostAuthor.author_id)))
    needed |= {number for ids in s.scalars(select(Manuscript.author_ids)) for number in ids}
    for entry in whole.authors:
        author = s.get(Author, here.get(("author", entry.slug), 0))
        if author is None or author.id in needed or author.account_id:
            continue
        links = tuple((link["label"], link["url"]) for link in author.links)
        told = (author.name, author.place, author.biography, links)
        if told == (entry.name, entry.place, entry.biography, entry.links):
            s.delete(author)


def _take_topics(s: Session, whole: Script, here: Brought) -> None:
    needed = set(s.scalars(select(PostTopic.topic_id)))
    needed |= {number for ids in s.scalars(select(Manuscript.topic_ids)) for number in ids}
    for entry in whole.topics:
        topic = s.get(Topic, here.get(("topic", entry.slug), 0))
        if (
            topic
            and topic.id not in needed
            and (topic.name, topic.description) == (entry.name, entry.description)
        ):
            s.delete(topic)


def _take_picture(db: Database, storage: Storage, entry: PictureEntry, number: int) -> None:
    wanted = {name: value for name, value in vars(description_of(entry)).items() if name in KEPT}
    with db.reading() as s:
        image = s.get(Image, number)
        if image is None or any(getattr(image, name) != value for name, value in wanted.items()):
            return
    # A picture that another story shows stays.
    with contextlib.suppress(Conflict, NotFound):
        library.delete(db, storage, number, usage.count)
