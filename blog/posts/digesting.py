"""What an edition takes of posts. Asked through ``reading`` by the digest, inside its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, SelectBase, bindparam, select
from sqlalchemy.orm import Session

from blog.images.model import ImageId
from blog.posts.cards import Names, named
from blog.posts.model import Post, PostId, PostState
from blog.posts.views import Byline, DigestStory, TopicLink

_COLUMNS = (
    Post.id,
    Post.title,
    Post.dek,
    Post.excerpt,
    Post.mail_words,
    Post.path,
    Post.minutes,
    Post.lead_image_id,
    Post.released_at,
)

_posts = Post.__table__.c
_PUBLIC = select(_posts.id).where(
    _posts.id.in_(bindparam("ids", expanding=True)), _posts.state == PostState.PUBLISHED.value
)
# Asked with every batch of letters: made once, and of the table alone.


def digest_stories(
    s: Session, since: datetime, until: datetime, carried: SelectBase
) -> tuple[DigestStory, ...]:
    """Public posts meant for the digest, first released from ``since`` to ``until`` (both included), that are not among the
    post ids that ``carried`` selects; newest release first.
    """
    public = select(*_COLUMNS).where(Post.state == PostState.PUBLISHED, Post.in_digest)
    fresh = public.where(Post.released_at.between(since, until), Post.id.not_in(carried))
    return _stories(s, s.execute(fresh.order_by(Post.released_at.desc(), Post.id.desc())).all())


def digest_story(s: Session, post_ids: Iterable[int]) -> Mapping[int, DigestStory]:
    """The stories of ``post_ids`` by id; one that is not public now is left out."""
    wanted = select(*_COLUMNS).where(Post.id.in_(list(post_ids)), Post.state == PostState.PUBLISHED)
    return {story.id: story for story in _stories(s, s.execute(wanted).all())}


def public_among(s: Session, post_ids: Iterable[int]) -> frozenset[int]:
    """Those of ``post_ids`` that are public now."""
    return frozenset(s.execute(_PUBLIC, {"ids": list(post_ids)}).scalars())


def hold_public(s: Session, post_ids: Iterable[int]) -> frozenset[int]:
    """Those of ``post_ids`` that are public and stay so until the transaction ends: an undo waits, or is over by now."""
    public = select(Post.id).where(Post.id.in_(list(post_ids)), Post.state == PostState.PUBLISHED)
    return frozenset(s.scalars(public.order_by(Post.id).with_for_update(read=True, key_share=True)))


@dataclass(frozen=True)
class Subjects:
    """What a story is about and whose it is, in the editor's order."""

    topics: tuple[TopicLink, ...] = ()
    authors: tuple[Byline, ...] = ()


def subjects(s: Session, post_ids: Iterable[int]) -> Mapping[int, Subjects]:
    """Of every one of ``post_ids``, public or not."""
    found = named(s, post_ids)
    return {post_id: Subjects(names.topics, names.authors) for post_id, names in found.items()}


def _stories(s: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[DigestStory, ...]:
    names = named(s, [row.id for row in rows])
    return tuple(_story(row, names[row.id]) for row in rows)


def _story(row: Row[*tuple[Any, ...]], names: Names) -> DigestStory:
    return DigestStory(
        PostId(row.id), row.title, row.mail_words or row.dek or row.excerpt, row.path, names.topics[0].name if names.topics else "",
        byline(names.authors), row.minutes, ImageId(row.lead_image_id) if row.lead_image_id else None, row.released_at,
    )  # fmt: skip


def byline(authors: Sequence[Byline]) -> str:
    """``A``, ``A and B``, ``A, B and C``; beyond 300 characters the first and how many others."""
    names = [author.name for author in authors]
    told = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return told if len(told) <= 300 else f"{names[0]} and {len(names) - 1} others"
