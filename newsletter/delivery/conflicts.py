"""``INSERT … ON CONFLICT`` for the database at hand; both dialects write it alike. Called by ``outbox`` and ``pausing``."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from blog.db import Base


def insert_into(s: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    if s.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
