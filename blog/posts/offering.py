"""What an editor may take into a mail: public stories by their words, the pictures of each, and which addresses are public.

Asked by the digest, inside its own transaction.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from blog.images.reading import Picture, pictures
from blog.posts.digesting import digest_story
from blog.posts.model import Post, PostImage, PostState
from blog.posts.views import DigestStory

MOST_WORDS = 8


def offered(
    s: Session, words: str, carried: Select[*tuple[Any, ...]], there: Iterable[int], most: int
) -> tuple[DigestStory, ...]:
    """Public stories with all ``words`` in title or dek, newest first, without the post ids that ``carried`` selects and ``there``."""
    wanted = select(Post.id).where(
        Post.state == PostState.PUBLISHED, Post.id.not_in(carried), Post.id.not_in(list(there))
    )
    for word in words.replace("\x00", "").split()[:MOST_WORDS]:
        told_in = (Post.title.icontains(word, autoescape=True), Post.dek.icontains(word, autoescape=True))
        wanted = wanted.where(or_(*told_in))
    ids = s.scalars(wanted.order_by(Post.released_at.desc(), Post.id.desc()).limit(most)).all()
    stories = digest_story(s, ids)
    return tuple(stories[post_id] for post_id in ids)


def pictures_by_post(s: Session, post_ids: Iterable[int]) -> Mapping[int, tuple[Picture, ...]]:
    """The pictures that each public story shows, the lead first; a story without one is left out."""
    shown_in = select(PostImage.post_id, PostImage.image_id).where(PostImage.post_id.in_(list(post_ids)))
    rows = s.execute(shown_in.order_by(PostImage.post_id, PostImage.position, PostImage.image_id)).all()
    seen = pictures(s, (row.image_id for row in rows))
    found: dict[int, tuple[Picture, ...]] = {}
    for row in rows:
        found[row.post_id] = (*found.get(row.post_id, ()), seen[row.image_id])
    return found


def public_paths(s: Session, paths: Iterable[str]) -> frozenset[str]:
    """Those of ``paths`` at which a public story stands now."""
    stands = select(Post.path).where(Post.path.in_(list(paths)), Post.state == PostState.PUBLISHED)
    return frozenset(path for path in s.scalars(stands) if path)
