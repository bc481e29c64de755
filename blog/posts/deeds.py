"""The activity log: who did what to which story. The verbs of this room write it in their own transactions; the studio shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts.asked import number
from blog.posts.desk_model import Deed
from blog.posts.model import Manuscript, Post, PostId
from blog.posts.paging import paged
from blog.posts.views import Page

PAGE = 50
TIMED = frozenset({"scheduled", "planned a change", "planned to withdraw"})
"""Deeds whose words are a moment."""


@dataclass(frozen=True)
class Line:
    post_id: PostId | None
    """None where the story was deleted since."""
    title: str
    name: str
    """Empty where the clock did it."""
    kind: str
    words: str
    when: datetime | None
    """The moment that was set, where the deed was to set one."""
    at: datetime


def note(s: Session, post: Post, by: Person | None, kind: str, at: datetime, words: str = "") -> None:
    """Writes one line, under the title that the manuscript bears now; ``by`` None is the clock.

    What nobody does, who has no account (the demonstration comes that way), leaves no line.
    """
    if by is not None and not by.id:
        return
    title = s.scalar(select(Manuscript.title).where(Manuscript.post_id == post.id)) or "Untitled"
    s.add(
        Deed(
            post_id=post.id, title=title, account_id=by.id if by else None, name=by.name if by else "", kind=kind,
            words=words, at=at,
        )
    )  # fmt: skip


def note_settings(s: Session, by: Person, at: datetime, words: str) -> None:
    """That somebody changed what the publication says of itself; ``words`` name what."""
    s.add(
        Deed(
            title="Settings", account_id=by.id, name=by.name, kind="changed the settings", words=words, at=at
        )
    )


def of_post(db: Database, post_id: int) -> tuple[Line, ...]:
    """What happened to one story, the newest first. Who may see the story may see this."""
    wanted = _lines().where(Deed.post_id == number(post_id))
    with db.reading() as s:
        return tuple(map(_line, s.execute(wanted.limit(200))))


def latest(db: Database, by: Person, page: int = 1) -> Page[Line]:
    """What happened lately: to every story for editors, to one's own for everybody else."""
    wanted = _lines()
    if not by.can(Right.EDIT_ANY):
        wanted = wanted.where(Deed.post_id.in_(select(Post.id).where(Post.created_by == by.id)))
    with db.reading() as s:
        return paged(s, wanted, page, PAGE, lambda _s, rows: tuple(map(_line, rows)))


def _lines() -> Select[Deed, str]:
    """With the title that the story bears today, where it has one and was not deleted."""
    today = select(Deed, Manuscript.title.label("today")).outerjoin(
        Manuscript, Manuscript.post_id == Deed.post_id
    )
    return today.order_by(Deed.id.desc())


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    deed: Deed = row.Deed
    post_id = PostId(deed.post_id) if deed.post_id is not None else None
    is_timed = deed.kind in TIMED
    when = datetime.fromisoformat(deed.words) if is_timed else None
    return Line(
        post_id, row.today or deed.title, deed.name, deed.kind, "" if is_timed else deed.words, when, deed.at
    )
