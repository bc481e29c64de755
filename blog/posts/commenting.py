"""Comments on the blocks of a manuscript: said, answered, settled. Never public; whoever may see the story in the studio sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts import anchoring, deeds
from blog.posts.asked import known, number
from blog.posts.desk_model import Comment
from blog.posts.model import Manuscript, Post
from blog.posts.rules import must_see
from blog.posts.walking import Node
from blog.refusals import Forbidden, Invalid, NotFound

LONGEST, SHOWN = 2000, 90
GONE = "This comment is not there any more."


@dataclass(frozen=True)
class Remark:
    id: int
    name: str
    text: str
    at: datetime
    is_edited: bool
    may_change: bool
    may_remove: bool


@dataclass(frozen=True)
class Thread:
    id: int
    block: int
    """0 where the block is no longer in the text."""
    quote: str
    remarks: tuple[Remark, ...]
    settled_at: datetime | None
    settled_by: str


def threads(db: Database, post_id: int, by: Person) -> tuple[Thread, ...]:
    """Open ones first, in the order of the text; what is no longer in it last."""
    with db.reading() as s:
        _post(s, post_id, by)
        rows = s.scalars(select(Comment).where(Comment.post_id == post_id).order_by(Comment.id)).all()
        heads = [row for row in rows if row.under_id is None]
        found = [_thread(head, [row for row in rows if row.under_id == head.id], by) for head in heads]
        return tuple(sorted(found, key=lambda one: (one.settled_at is not None, one.block == 0, one.block)))


def open_count(db: Database, post_id: int) -> int:
    mine = (Comment.post_id == number(post_id), Comment.under_id.is_(None), Comment.settled_at.is_(None))
    with db.reading() as s:
        return s.scalar(select(func.count(Comment.id)).where(*mine)) or 0


def mark(db: Database, post_id: int) -> str:
    """Differs whenever somebody has said, changed, settled or taken back something."""
    touched = [func.max(column) for column in (Comment.id, Comment.edited_at, Comment.settled_at)]
    counted = [func.count(Comment.id), func.count(Comment.settled_at)]
    with db.reading() as s:
        row = s.execute(select(*touched, *counted).where(Comment.post_id == number(post_id))).one()
        return "|".join(str(value) for value in row)


def say(db: Database, post_id: int, block: int, text: str, by: Person, at: datetime) -> int:
    """On the block of the manuscript as it stands, counted from 1. Returns the comment's number."""
    with db.transaction() as s:
        post = _post(s, post_id, by)
        quotes = anchoring.quotes(_body(s, post.id))
        if not 1 <= block <= len(quotes):
            raise Invalid("Put the cursor into the paragraph that you mean, then comment on it.")
        quote = quotes[block - 1]
        said = Comment(
            post_id=post.id, block=block, quote=quote, anchor=quote, account_id=by.id, name=by.name, text=_worded(text), at=at
        )  # fmt: skip
        s.add(said)
        s.flush()
        deeds.note(s, post, by, "commented", at)
        return said.id


def answer(db: Database, post_id: int, comment_id: int, text: str, by: Person, at: datetime) -> None:
    """An answer opens what was settled."""
    with db.transaction() as s:
        head = _head(s, post_id, comment_id, by)
        s.add(
            Comment(
                post_id=head.post_id, under_id=head.id, account_id=by.id, name=by.name, text=_worded(text), at=at
            )
        )  # fmt: skip
        head.settled_at, head.settled_by = None, ""


def settle(
    db: Database, post_id: int, comment_id: int, by: Person, at: datetime, *, settled: bool = True
) -> None:
    """Says that a comment is done with, or that it is not."""
    with db.transaction() as s:
        head = _head(s, post_id, comment_id, by)
        if settled and head.settled_at is None:
            deeds.note(s, s.get_one(Post, head.post_id), by, "settled a comment", at)
        head.settled_at, head.settled_by = (at, by.name) if settled else (None, "")


def change(db: Database, post_id: int, comment_id: int, text: str, by: Person, at: datetime) -> None:
    """One's own words."""
    with db.transaction() as s:
        said = _comment(s, post_id, comment_id, by)
        if said.account_id != by.id:
            raise Forbidden("Only who wrote a comment changes its words.")
        said.text, said.edited_at = _worded(text), at


def remove(db: Database, post_id: int, comment_id: int, by: Person) -> None:
    """One's own, or any for an editor; its answers go with it."""
    with db.transaction() as s:
        said = _comment(s, post_id, comment_id, by)
        if said.account_id != by.id and not by.can(Right.EDIT_ANY):
            raise Forbidden("Only who wrote a comment, or an editor, takes it away.")
        s.delete(said)


def follow(s: Session, post_id: int, body: Node) -> None:
    """The manuscript has new words: each comment goes where its block has gone."""
    heads = s.scalars(select(Comment).where(Comment.post_id == post_id, Comment.under_id.is_(None))).all()
    if not heads:
        return
    among = anchoring.quotes(body)
    for head in heads:
        head.block = anchoring.find(head.anchor, head.block, among)
        if head.block:
            head.anchor = among[head.block - 1]


def _post(s: Session, post_id: int, by: Person) -> Post:
    post = known(s, post_id)
    must_see(by, post)
    return post


def _comment(s: Session, post_id: int, comment_id: int, by: Person) -> Comment:
    post = _post(s, post_id, by)
    said = s.get(Comment, number(comment_id), with_for_update=True)
    if said is None or said.post_id != post.id:
        raise NotFound(GONE)
    return said


def _head(s: Session, post_id: int, comment_id: int, by: Person) -> Comment:
    said = _comment(s, post_id, comment_id, by)
    return said if said.under_id is None else s.get_one(Comment, said.under_id)


def _body(s: Session, post_id: int) -> Node:
    body: Node = s.scalars(select(Manuscript.body).where(Manuscript.post_id == post_id)).one()
    return body


def _worded(text: str) -> str:
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not kept:
        raise Invalid("Write what you want to say.")
    if len(kept) > LONGEST:
        raise Invalid(f"A comment has {LONGEST:,} characters at most; this one has {len(kept):,}.")
    return kept


def _thread(head: Comment, answers: Sequence[Comment], by: Person) -> Thread:
    quote = head.quote if len(head.quote) <= SHOWN else head.quote[: SHOWN - 1].rstrip() + "…"
    remarks = tuple(_remark(one, by) for one in (head, *answers))
    return Thread(head.id, head.block, quote, remarks, head.settled_at, head.settled_by)


def _remark(said: Comment, by: Person) -> Remark:
    is_mine = said.account_id == by.id
    return Remark(
        said.id, said.name, said.text, said.at, said.edited_at is not None, is_mine, is_mine or by.can(Right.EDIT_ANY)
    )  # fmt: skip
