"""Corrections and updates on public stories: added, reworded, never taken back. The studio writes them, ``reading`` shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import number
from blog.posts.cards import cards, published
from blog.posts.desk import known
from blog.posts.model import NoteKind, Post, PostNote, PostState
from blog.posts.paging import paged
from blog.posts.rules import must_publish, must_see
from blog.posts.views import Corrected, Note, Page
from blog.refusals import Conflict, Invalid, NotFound

LONGEST = 2000
PAGE = 20


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
        new = PostNote(post_id=post.id, kind=old.kind, text=text, at=at, by=by.id, replaces_id=old.id)
        return _write(s, post, new)


def kept(db: Database, post_id: int, by: Person) -> tuple[Kept, ...]:
    """All notes of a story, newest first."""
    with db.reading() as s:
        must_see(by, known(s, post_id))
        rows = s.scalars(select(PostNote).where(PostNote.post_id == post_id).order_by(PostNote.id)).all()
        writers = select(Account.id, Account.name).where(Account.id.in_({row.by for row in rows if row.by}))
        names = {row.id: row.name for row in s.execute(writers)}
        chains = _chains(rows)
        return tuple(
            Kept(chain[0].id, _note(chain), names.get(chain[0].by or 0) or "", _earlier(chain))
            for chain in reversed(chains)
        )


def notes_of(derived: Sequence[Mapping[str, str]]) -> tuple[Note, ...]:
    """What a post's ``notes`` hold, as views."""
    return tuple(
        Note(
            NoteKind(one["kind"]), one["text"], datetime.fromisoformat(one["at"]),
            datetime.fromisoformat(one["reworded_at"]) if one.get("reworded_at") else None,
        )
        for one in derived
    )  # fmt: skip


def corrections(db: Database, page: int = 1) -> Page[Corrected]:
    """Every correction that stands on a public story, the last worded first."""
    with db.reading() as s:
        later = aliased(PostNote)
        replaced = select(later.replaces_id).where(later.replaces_id.is_not(None))
        standing = (
            select(PostNote.id)
            .join(Post, Post.id == PostNote.post_id)
            .where(PostNote.kind == NoteKind.CORRECTION, Post.state == PostState.PUBLISHED, PostNote.id.not_in(replaced))
            .order_by(PostNote.at.desc(), PostNote.id.desc())
        )  # fmt: skip
        return paged(s, standing, page, PAGE, lambda s, rows: _corrected(s, [row.id for row in rows]))


def corrections_of(s: Session, post_id: int) -> tuple[Note, ...]:
    """The corrections that stand on one story, oldest first."""
    post = s.get(Post, number(post_id))
    notes = notes_of(post.notes) if post else ()
    return tuple(note for note in notes if note.kind == NoteKind.CORRECTION)


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
    post.notes = [_derived(_note(chain)) for chain in _chains(rows)]
    post.updated_at = note.at
    return note.id


def _derived(note: Note) -> dict[str, str]:
    again = note.reworded_at.isoformat() if note.reworded_at else ""
    return {"kind": note.kind, "text": note.text, "at": note.at.isoformat(), "reworded_at": again}


def _standing(s: Session, post_id: int) -> list[PostNote]:
    rows = s.scalars(select(PostNote).where(PostNote.post_id == post_id).order_by(PostNote.id)).all()
    return [chain[0] for chain in _chains(rows)]


def _chains(rows: Sequence[PostNote]) -> list[list[PostNote]]:
    """Each note with its earlier wordings, newest wording first; the notes in the order in which they were first made."""
    chains: list[list[PostNote]] = []
    for row in rows:
        older = next((chain for chain in chains if chain[0].id == row.replaces_id), None)
        if older is None:
            chains.append([row])
        else:
            older.insert(0, row)
    return chains


def _note(chain: Sequence[PostNote]) -> Note:
    newest, first = chain[0], chain[-1]
    return Note(NoteKind(newest.kind), newest.text, first.at, newest.at if newest is not first else None)


def _earlier(chain: Sequence[PostNote]) -> tuple[Note, ...]:
    return tuple(Note(NoteKind(one.kind), one.text, one.at) for one in chain[1:])


def _corrected(s: Session, ids: Sequence[int]) -> tuple[Corrected, ...]:
    posts: Any = select(PostNote.post_id).where(PostNote.id.in_(ids))
    rows = s.execute(published().where(Post.id.in_(posts))).all()
    shown = {card.id: card for card in cards(s, rows)}
    notes = s.scalars(select(PostNote).where(PostNote.post_id.in_(shown)).order_by(PostNote.id)).all()
    chains = {chain[0].id: chain for chain in _chains(notes)}
    return tuple(
        Corrected(shown[chain[0].post_id], _note(chain), _earlier(chain))  # type: ignore[index]
        for chain in (chains[i] for i in ids)
    )
