"""The corrections and updates that stand on public stories, as readers see them. ``noting`` writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from blog.db import Database
from blog.posts.asked import number
from blog.posts.cards import cards, published
from blog.posts.model import NoteKind, Post, PostNote, PostState
from blog.posts.paging import paged
from blog.posts.views import Corrected, Note, Page

PAGE = 20


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


def chains_of(rows: Sequence[PostNote]) -> list[list[PostNote]]:
    """Each note with its earlier wordings, newest wording first; the notes in the order in which they were first made."""
    chains: list[list[PostNote]] = []
    for row in rows:
        older = next((chain for chain in chains if chain[0].id == row.replaces_id), None)
        if older is None:
            chains.append([row])
        else:
            older.insert(0, row)
    return chains


def note_of(chain: Sequence[PostNote]) -> Note:
    newest, first = chain[0], chain[-1]
    return Note(NoteKind(newest.kind), newest.text, first.at, newest.at if newest is not first else None)


def earlier_of(chain: Sequence[PostNote]) -> tuple[Note, ...]:
    return tuple(Note(NoteKind(one.kind), one.text, one.at) for one in chain[1:])


def _corrected(s: Session, ids: Sequence[int]) -> tuple[Corrected, ...]:
    posts: Any = select(PostNote.post_id).where(PostNote.id.in_(ids))
    rows = s.execute(published().where(Post.id.in_(posts))).all()
    shown = {card.id: card for card in cards(s, rows)}
    notes = s.scalars(select(PostNote).where(PostNote.post_id.in_(shown)).order_by(PostNote.id)).all()
    chains = {chain[0].id: chain for chain in chains_of(notes)}
    return tuple(
        Corrected(shown[chain[0].post_id], note_of(chain), earlier_of(chain))  # type: ignore[index]
        for chain in (chains[i] for i in ids)
    )
