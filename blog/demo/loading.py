"""Brings the demonstration publication and takes it away again. The studio's settings and the command line ask.

What was brought stands in ``demo_item``. Loading twice is loading once, also after a load that was cut short; what people made
or changed is theirs and stays (``removing.py``).
"""

import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.db import Database
from blog.demo import script
from blog.demo.bodies import body_of
from blog.demo.drawing import print_charts
from blog.demo.items import STAGEHAND, Brought, brought, description_of, remember
from blog.demo.removing import remove
from blog.demo.script import ArticleEntry, AuthorEntry, PictureEntry, Script, TopicEntry
from blog.images import intake
from blog.images.describing import describe
from blog.images.model import Image
from blog.images.storage import Storage
from blog.posts import publishing
from blog.posts.document import Node
from blog.posts.drafts import Draft, checked, put
from blog.posts.model import Manuscript, Post, PostState, Topic
from blog.refusals import Conflict

__all__ = ["load", "remove"]

NEWS = 1.0
"""Stories younger than this many days go into the next digest; the older ones were in digests long ago."""


def load(
    db: Database, storage: Storage, at: datetime, *, zone: ZoneInfo | None = None, whole: Script | None = None
) -> int:
    """Brings what is not here yet and returns how many stories became public by it. ``zone`` is the publication's,
    ``whole`` the script, our own unless another is given.

    Raises Conflict while another load is under way.
    """
    try:
        return _load(db, storage, at, zone or ZoneInfo("UTC"), whole or script.read())
    except IntegrityError:
        raise Conflict("The demonstration is being brought already. Look again in a minute.") from None


def _load(db: Database, storage: Storage, at: datetime, zone: ZoneInfo, whole: Script) -> int:
    with db.transaction() as s:
        here = brought(s)
    images = _bring_pictures(db, storage, whole.pictures, here, at)
    with db.transaction() as s:
        authors = {entry.slug: _bring_author(s, entry, images, here, at) for entry in whole.authors}
        topics = {entry.slug: _bring_topic(s, entry, here) for entry in whole.topics}
        posts = {entry.key: _bring_post(s, entry, here, at) for entry in whole.articles}
        fresh = _write(s, whole, images, authors, topics, posts)
    for entry in fresh:
        written = at - timedelta(days=entry.days_ago)
        publishing.publish(db, posts[entry.key], STAGEHAND, written, zone=zone)
    return len(fresh)


def _bring_pictures(
    db: Database, storage: Storage, entries: Iterable[PictureEntry], here: Brought, at: datetime
) -> dict[str, int]:
    missing = [entry for entry in entries if ("picture", entry.key) not in here]
    images = {entry.key: here["picture", entry.key] for entry in entries if entry not in missing}
    with tempfile.TemporaryDirectory(prefix="perijove-demo-") as name:
        folder = Path(name)
        if charts := [entry for entry in missing if entry.chart]:
            print_charts(charts, folder)
        for entry in missing:
            images[entry.key] = _bring_picture(db, storage, entry, folder, at)
    return images


def _bring_picture(db: Database, storage: Storage, entry: PictureEntry, folder: Path, at: datetime) -> int:
    """A picture that somebody took in before is used as it is, with their words, and is not ours to take away."""
    if entry.chart:
        picture, _ = intake.take_in(db, storage, folder / f"{entry.key}.png", f"{entry.key}.png", None, at)
    else:
        with as_file(files("blog.demo").joinpath("pictures", entry.file)) as path:
            picture, _ = intake.take_in(db, storage, path, entry.file, None, at)
    with db.transaction() as s:
        image = s.get_one(Image, picture.id)
        # Without an uploader it is ours, from a load that was cut short.
        if image.uploaded_by is None and not image.alt:
            describe(s, picture.id, description_of(entry))
            remember(s, "picture", entry.key, picture.id)
    return picture.id


def _bring_author(s: Session, entry: AuthorEntry, images: dict[str, int], here: Brought, at: datetime) -> int:
    standing = s.scalar(select(Author.id).where(Author.slug == entry.slug))
    if known := here.get(("author", entry.slug), standing):
        return known
    author = Author(
        slug=entry.slug,
        name=entry.name,
        biography=entry.biography,
        place=entry.place,
        links=[{"label": label, "url": url} for label, url in entry.links],
        image_id=images[entry.picture],
        created_at=at,
    )
    s.add(author)
    s.flush()
    return remember(s, "author", entry.slug, author.id)


def _bring_topic(s: Session, entry: TopicEntry, here: Brought) -> int:
    standing = s.scalar(select(Topic.id).where((Topic.slug == entry.slug) | (Topic.name == entry.name)))
    if known := here.get(("topic", entry.slug), standing):
        return known
    topic = Topic(slug=entry.slug, name=entry.name, description=entry.description)
    s.add(topic)
    s.flush()
    return remember(s, "topic", entry.slug, topic.id)


def _bring_post(s: Session, entry: ArticleEntry, here: Brought, at: datetime) -> int:
    """An empty draft, so that "Read more" has a number to point at."""
    standing = s.scalar(select(Post.id).where(Post.slug == entry.slug))
    if known := here.get(("post", entry.key), standing):
        return known
    post = Post(slug=uuid4().hex, state=PostState.DRAFT, created_at=at)
    s.add(post)
    s.flush()
    manuscript = Manuscript(post_id=post.id, version=1, published_version=0, saved_at=at)
    put(manuscript, Draft(title=entry.title))
    s.add(manuscript)
    return remember(s, "post", entry.key, post.id)


def _write(
    s: Session,
    whole: Script,
    images: dict[str, int],
    authors: dict[str, int],
    topics: dict[str, int],
    posts: dict[str, int],
) -> list[ArticleEntry]:
    """Fills the drafts that load made and nobody has touched; returns them, oldest first."""
    ours = {(number, key) for (kind, key), number in brought(s).items() if kind == "post"}
    fresh = []
    for entry in whole.articles:
        manuscript = s.get_one(Manuscript, posts[entry.key])
        post = s.get_one(Post, posts[entry.key])
        if (post.id, entry.key) not in ours or post.released_at or manuscript.version > 1:
            continue
        body = body_of(entry, images, posts)
        put(manuscript, checked(s, _draft(entry, body, images, authors, topics)))
        post.featured = entry.featured
        fresh.append(entry)
    return fresh


def _draft(
    entry: ArticleEntry, body: Node, images: dict[str, int], authors: dict[str, int], topics: dict[str, int]
) -> Draft:
    return Draft(
        entry.title, entry.dek, entry.slug, body, images[entry.lead], (authors[entry.author],),
        tuple(topics[topic] for topic in entry.topics), entry.days_ago < NEWS,
    )  # fmt: skip
