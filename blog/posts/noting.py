"""Corrections and updates on public stories: added, reworded, never taken back. The studio writes them, ``reading`` shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import known, number
from blog.posts.deeds import note as noted
from blog.posts.model import NoteKind, Post, PostNote, PostState
from blog.posts.notes import chains_of, earlier_of, note_of
from blog.posts.rules import must_publish, must_see
from blog.posts.views import Note
from blog.refusals import Conflict, Invalid, NotFound

LONGEST = 2000


@dataclass(frozen=True)
class Kept:
    """A note as the studio sees it, with everything it said before, newest first."""

    id: int
    note: Note
    by: str
    earlier: tuple[Note, ...]


def add(db: Database, post_id: int, kind: str, text: str, by: Person, at: datetime) -> int:
    """Puts the note on the story; readers and feeds see it at once. Conflict for a story that is not public, and for a note that
    stands there word for word.
    """
    with db.transaction() as s:
        post = _public(s, post_id, by)
        text = _checked(kind, text)
        if any(one.kind == kind and one.text == text for one in _standing(s, post.id)):
            raise Conflict("That note stands on the story already.")
        noted(s, post, by, "corrected" if kind == NoteKind.CORRECTION else "updated", at, text)
        return _write(s, post, PostNote(post_id=post.id, kind=kind, text=text, at=at, by=by.id))


def reword(db: Database, post_id: int, note_id: int, text: str, by: Person, at: datetime) -> int:
    """The note says something else from now on; what it said stays to be read. Conflict where somebody else reworded it first."""
    with db.transaction() as s:
        post = _public(s, post_id, by)
        old = s.get(PostNote, number(note_id))
        if old is None or old.post_id != post.id:
            raise NotFound("We can't find that note.")
        text = _checked(old.kind, text)
        if all(one.id != old.id for one in _standing(s, post.id)):
            raise Conflict("Somebody reworded that note meanwhile. Read it as it stands now.")
        if text == old.text:
            return old.id
        noted(s, post, by, "reworded", at, text)
        new = PostNote(post_id=post.id, kind=old.kind, text=text, at=at, by=by.id, replaces_id=old.id)
        return _write(s, post, new)


def kept(db: Database, post_id: int, by: Person) -> tuple[Kept, ...]:
    """All notes of a story, newest first."""
    with db.reading() as s:
        must_see(by, known(s, post_id))
        rows = s.scalars(select(PostNote).where(PostNote.post_id == post_id).order_by(PostNote.id)).all()
        writers = select(Account.id, Account.name).where(Account.id.in_({row.by for row in rows if row.by}))
        names = {row.id: row.name for row in s.execute(writers)}
        chains = chains_of(rows)
        return tuple(
            Kept(chain[0].id, note_of(chain), names.get(chain[0].by or 0) or "", earlier_of(chain))
            for chain in reversed(chains)
        )


def _public(s: Session, post_id: int, by: Person) -> Post:
    post = known(s, post_id, lock=True)
    must_publish(by, post)
    if post.state != PostState.PUBLISHED:
        raise Conflict("Only a story that is public bears corrections and updates.")
    return post


def _checked(kind: str, text: str) -> str:
    if kind not in set(NoteKind):
        raise Invalid("Choose what it is.", {"kind": ["A correction or an update."]})
    lines = text.replace("\0", "").replace("\r\n", "\n").split("\n")
    text = "\n".join(" ".join(line.split()) for line in lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    if not text:
        raise Invalid("Say what changed.", {"text": ["Say what changed."]})
    if len(text) > LONGEST:
        sentence = f"That is too long by {len(text) - LONGEST:,} characters; {LONGEST:,} fit."
        raise Invalid(sentence, {"text": [sentence]})
    return text


def _write(s: Session, post: Post, note: PostNote) -> int:
    s.add(note)
    s.flush()
    rows = s.scalars(select(PostNote).where(PostNote.post_id == post.id).order_by(PostNote.id)).all()
    post.notes = [_derived(note_of(chain)) for chain in chains_of(rows)]
    post.updated_at = note.at
    return note.id


def _derived(note: Note) -> dict[str, str]:
    again = note.reworded_at.isoformat() if note.reworded_at else ""
    return {"kind": note.kind, "text": note.text, "at": note.at.isoformat(), "reworded_at": again}


def _standing(s: Session, post_id: int) -> list[PostNote]:
    rows = s.scalars(select(PostNote).where(PostNote.post_id == post_id).order_by(PostNote.id)).all()
    return [chain[0] for chain in chains_of(rows)]
