"""Whose a story is, by its address or its number: for figures that say which stories brought readers. Asked through ``reading``."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from blog.authors.model import Author
from blog.posts.model import Post, PostAuthor, PostId, Redirect


@dataclass(frozen=True)
class Credited:
    post_id: PostId
    path: str
    title: str
    authors: tuple[str, ...]


def stories_at(s: Session, paths: Collection[str]) -> Mapping[str, Credited]:
    """By path, also where a story had that address only once. Whatever is no story's address is left out."""
    found = {story.path: story for story in _stories(s, Post.path.in_(paths)).values()}
    missing = [path for path in paths if path not in found]
    moved = {row.path: row.post_id for row in s.scalars(select(Redirect).where(Redirect.path.in_(missing)))}
    now = stories_with(s, set(moved.values()))
    return found | {path: now[PostId(post_id)] for path, post_id in moved.items() if post_id in now}


def stories_with(s: Session, post_ids: Collection[int]) -> Mapping[PostId, Credited]:
    """Withdrawn ones too; drafts that never were public are left out."""
    return _stories(s, Post.id.in_(post_ids))


def _stories(s: Session, which: ColumnElement[bool]) -> dict[PostId, Credited]:
    rows = s.execute(select(Post.id, Post.path, Post.title).where(which, Post.path.is_not(None))).all()
    names = _names(s, which) if rows else {}
    return {
        PostId(row.id): Credited(PostId(row.id), row.path or "", row.title, tuple(names.get(row.id, ())))
        for row in rows
    }


def _names(s: Session, which: ColumnElement[bool]) -> Mapping[int, list[str]]:
    bylines: Any = (
        select(PostAuthor.post_id, Author.name)
        .join(Author, Author.id == PostAuthor.author_id)
        .join(Post, Post.id == PostAuthor.post_id)
        .where(which)
        .order_by(PostAuthor.post_id, PostAuthor.position)
    )
    names: defaultdict[int, list[str]] = defaultdict(list)
    for post_id, name in s.execute(bylines):
        names[post_id].append(name)
    return names
