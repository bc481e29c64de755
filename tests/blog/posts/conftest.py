"""The staff of these tests: one person a role, each with an account of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Database
from tests.blog.posts.building import person


@pytest.fixture
def edda(db: Database) -> Person:
    """An editor."""
    return person(db, RoleName.EDITOR, "Edda")


@pytest.fixture
def mona(db: Database) -> Person:
    """Another editor."""
    return person(db, RoleName.EDITOR, "Mona")


@pytest.fixture
def arno(db: Database) -> Person:
    """An author."""
    return person(db, RoleName.AUTHOR, "Arno")


@pytest.fixture
def cleo(db: Database) -> Person:
    """A contributor."""
    return person(db, RoleName.CONTRIBUTOR, "Cleo")


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """What is sent to the database inside the block."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
