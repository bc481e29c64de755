"""Notices inside each transaction whether it changes anything public, and raises the content generation with the same commit."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from blog.db import Base, Database
from blog.pagecache.model import ContentGeneration

ROW = 1
CHANNEL = "perijove_public"
"""Where PostgreSQL tells of such a commit, to whoever listens (``hearing.py``)."""


def watch(db: Database, public: Iterable[type[Base]]) -> None:
    """From now on every transaction of ``db`` that inserts, changes or deletes a row of a ``public`` table makes ready pages stale."""
    tables = tuple(public)

    def look_at_objects(s: Session, _context: UOWTransaction, _instances: Any = None) -> None:
        if any(isinstance(row, tables) for rows in (s.new, s.dirty, s.deleted) for row in rows):
            s.info["public_changed"] = True

    def look_at_statement(state: ORMExecuteState) -> None:
        writes = state.is_insert or state.is_update or state.is_delete
        if writes and state.bind_mapper is not None and issubclass(state.bind_mapper.class_, tables):
            state.session.info["public_changed"] = True

    def raise_number(s: Session) -> None:
        s.flush()
        if s.info.pop("public_changed", False):
            _raise(s)

    event.listen(db.writers, "before_flush", look_at_objects)
    event.listen(db.writers, "do_orm_execute", look_at_statement)
    event.listen(db.writers, "before_commit", raise_number)


def present(s: Session) -> int:
    """The content generation; 0 before the first change."""
    return s.scalar(select(ContentGeneration.number).where(ContentGeneration.id == ROW)) or 0


def _raise(s: Session) -> None:
    s.execute(_ONE_MORE, {"row": ROW})
    if s.get_bind().dialect.name == "postgresql":
        s.execute(_TELL, {"channel": CHANNEL})


# Both dialects write it alike; of two first changes neither fails.
_ONE_MORE = text(
    """INSERT INTO content_generation (id, number) VALUES (:row, 1)
    ON CONFLICT (id) DO UPDATE SET number = content_generation.number + 1"""
)
_TELL = text("SELECT pg_notify(:channel, '')")
