"""The small named cast that the tests play with. More of it lives beside the rooms that need it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from blog import links
from blog.authors.model import Author
from blog.db import Database
from blog.images.model import Image
from blog.posts.model import Post, PostAuthor, PostId, PostState, PostTopic, Topic
from blog.settings import Settings
from newsletter.delivery.model import Letter
from newsletter.editions import compiling
from newsletter.editions.model import Edition, EditionPost, EditionState
from newsletter.lists import reading as lists
from newsletter.subscribers import serving
from newsletter.subscribers.model import Subscriber, SubscriberState


@dataclass
class Newsroom:
    """A newsroom and its readers, in the fewest rows that an edition needs."""

    db: Database
    settings: Settings

    def publish(
        self,
        title: str,
        at: datetime,
        *,
        in_digest: bool = True,
        image_id: int | None = None,
        topics: Sequence[int] = (),
        authors: Sequence[int] = (),
    ) -> PostId:
        slug = links.slugify(title)
        post = Post(
            state=PostState.PUBLISHED, slug=slug, path=f"/2026/11/{slug}", title=title, dek=f"What {title} is about.",
            published_at=at, released_at=at, created_at=at, in_digest=in_digest, minutes=3, lead_image_id=image_id,
        )  # fmt: skip
        with self.db.transaction() as s:
            s.add(post)
            s.flush()
            s.add_all(PostTopic(post_id=post.id, topic_id=one, position=n) for n, one in enumerate(topics))
            s.add_all(PostAuthor(post_id=post.id, author_id=one, position=n) for n, one in enumerate(authors))
            return PostId(post.id)

    def topic(self, name: str) -> int:
        with self.db.transaction() as s:
            topic = Topic(slug=links.slugify(name), name=name)
            s.add(topic)
            s.flush()
            return topic.id

    def author(self, name: str, at: datetime) -> int:
        with self.db.transaction() as s:
            author = Author(slug=links.slugify(name), name=name, created_at=at)
            s.add(author)
            s.flush()
            return author.id

    def change(self, post_id: int, **fields: object) -> None:
        with self.db.transaction() as s:
            post = s.get_one(Post, post_id)
            for name, value in fields.items():
                setattr(post, name, value)

    def withdraw(self, post_id: int) -> None:
        self.change(post_id, state=PostState.WITHDRAWN)

    def picture(
        self, key: str, at: datetime, *, alt: str = "A ringed planet", credit: str = "The Observatory"
    ) -> int:
        with self.db.transaction() as s:
            image = Image(
                key=key, filename="p.jpg", media_type="image/jpeg", bytes=1, width=2000, height=1250, alt=alt, credit=credit,
                licence="CC BY 4.0", created_at=at,
            )  # fmt: skip
            s.add(image)
            s.flush()
            return image.id

    def reader(self, address: str, at: datetime, state: str = SubscriberState.CONFIRMED) -> int:
        with self.db.transaction() as s:
            reader = Subscriber(
                address=address, address_key=address, state=state, created_at=at, asked_at=at, confirmed_at=at
            )  # fmt: skip
            s.add(reader)
            s.flush()
            if state == SubscriberState.CONFIRMED:
                serving.begin(s, reader, at, self.settings)
            return reader.id

    def begin(self, at: datetime) -> None:
        """Makes the list as if the first tick of the clock had been then."""
        with self.db.transaction() as s:
            lists.default_list(s, at)
        self.tick(at)

    def tick(self, at: datetime) -> list[int]:
        return [*compiling.compile_due(self.db, at, self.settings)]

    def editions(self) -> list[Edition]:
        with self.db.reading() as s:
            return list(s.scalars(select(Edition).order_by(Edition.local_date, Edition.id)))

    def open(self) -> Edition:
        (edition,) = [edition for edition in self.editions() if edition.state == EditionState.OPEN]
        return edition

    def titles(self, edition_id: int) -> list[str]:
        """As the edition prints them, in order."""
        kept = select(EditionPost).where(EditionPost.edition_id == edition_id, EditionPost.dropped.is_(False))
        with self.db.reading() as s:
            return [row.title for row in s.scalars(kept.order_by(EditionPost.position))]

    def letters(self, kind: str = "digest") -> list[Letter]:
        with self.db.reading() as s:
            return list(s.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))
