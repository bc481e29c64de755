"""What the clock will do, in the order in which it will: stories that go live, that change, that are taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts.desk_model import Plan
from blog.posts.model import Manuscript, Post, PostId, PostState


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: str
    """``goes live``, ``changes`` or ``is taken back``."""
    post_id: PostId
    title: str
    is_late: bool
    """Its time has come, and a check holds it up."""
    is_over: bool
    """It was to be taken back before it could go live, so it waits for a person."""


def coming(db: Database, by: Person, now: datetime) -> tuple[Entry, ...]:
    """Of every story for editors, of one's own for everybody else."""
    wanted = (
        select(Post.id, Post.state, Post.publish_at, Manuscript.title, Plan.change_at, Plan.withdraw_at)
        .join(Manuscript, Manuscript.post_id == Post.id)
        .outerjoin(Plan, Plan.post_id == Post.id)
        .where(Post.publish_at.is_not(None) | Plan.change_at.is_not(None) | Plan.withdraw_at.is_not(None))
        .where(Post.state.in_((PostState.SCHEDULED, PostState.PUBLISHED)))
    )
    if not by.can(Right.EDIT_ANY):
        wanted = wanted.where(Post.created_by == by.id)
    with db.reading() as s:
        rows = s.execute(wanted).all()
    found = (
        Entry(at, kind, PostId(row.id), row.title or "Untitled", *_held_up(row, kind, at, now))
        for row in rows
        for kind, at in (
            ("goes live", row.publish_at), ("changes", row.change_at), ("is taken back", row.withdraw_at),
        )
        if at is not None
    )  # fmt: skip
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.post_id)))


def _held_up(row: Row[*tuple[Any, ...]], kind: str, at: datetime, now: datetime) -> tuple[bool, bool]:
    waits = row.state == PostState.SCHEDULED and row.withdraw_at is not None and row.withdraw_at <= now
    is_late = at <= now and kind != "is taken back"
    return is_late and not waits, is_late and waits
