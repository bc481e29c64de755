"""Pictures that published posts show, each with those posts. Asked through ``reading``."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images.reading import pictures as pictures_of
from blog.posts.asked import number
from blog.posts.cards import cards, published
from blog.posts.model import Post, PostImage, PostState
from blog.posts.paging import paged
from blog.posts.views import Page, PictureEntry
from blog.refusals import NotFound

PAGE = 24


def pictures(db: Database, page: int = 1) -> Page[PictureEntry]:
    """Every picture on the site, those of the newest posts first."""
    with db.reading() as s:
        return paged(s, _shown(), page, PAGE, _entries)


def picture(db: Database, image_id: int) -> PictureEntry:
    """NotFound for a picture that no published post shows, though the library may have it."""
    with db.reading() as s:
        found = _entries(s, s.execute(_shown().where(PostImage.image_id == number(image_id))).all())
        if not found:
            raise NotFound("We can't find that picture.")
        return found[0]


def newest_picture(s: Session, but: Iterable[int]) -> PictureEntry | None:
    """The newest picture that is none of ``but``."""
    rows = s.execute(_shown().where(PostImage.image_id.not_in(list(but))).limit(1)).all()
    return _entries(s, rows)[0] if rows else None


def _shown() -> Select[*tuple[Any, ...]]:
    newest = func.max(Post.published_at)
    return (
        select(PostImage.image_id)
        .join(Post, Post.id == PostImage.post_id)
        .where(Post.state == PostState.PUBLISHED)
        .group_by(PostImage.image_id)
        .order_by(newest.desc(), func.min(PostImage.position), PostImage.image_id.desc())
    )


def _entries(s: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[PictureEntry, ...]:
    ids = [row.image_id for row in rows]
    where = published().join(PostImage, PostImage.post_id == Post.id).add_columns(PostImage.image_id)
    posts = s.execute(where.where(PostImage.image_id.in_(ids))).all()
    shown = list(zip(posts, cards(s, posts), strict=True))
    found = pictures_of(s, ids)
    return tuple(
        PictureEntry(found[i], tuple(card for row, card in shown if row.image_id == i))
        for i in ids
        if i in found
    )
