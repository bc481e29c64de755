"""Brings a database to the present shape. ``app.py`` calls it before anything serves; running it again does nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from blog import work
from blog.db import Database

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = 7_263_548
"""Any number, the same in every process: PostgreSQL's advisory lock that lets one of them migrate at a time."""


def upgrade(db: Database) -> None:
    """Runs every migration that is missing, ours and the engine's; a killed run is taken up by the next."""
    with db.engine.execution_options(immediate=True).connect() as connection:
        if is_current(connection):
            return
        if db.is_sqlite:
            # One transaction, which takes the write lock at its start: a second process waits and then finds the work done.
            with _foreign_keys_off(connection), connection.begin():
                command.upgrade(_config(connection), "head")
            return
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        command.upgrade(_config(connection), "head")
        if not work.is_prepared(connection):
            work.prepare(connection)
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by writing it anew and dropping the old one, which must not take along what hangs on it.

    Raises RuntimeError when a row is left that points nowhere.
    """
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
    if stray := raw.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(
            f"The migration left {len(stray)} rows that point nowhere, first in table {stray[0][0]}."
        )


def is_current(connection: Connection) -> bool:
    here = MigrationContext.configure(connection).get_current_heads()
    is_ready = work.is_prepared(connection)
    connection.rollback()
    return is_ready and set(here) == set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
