"""Alembic's entry: runs the versions on the connection that ``blog.upgrading`` hands over."""

from alembic import context

import blog.models  # noqa: F401
import newsletter.models  # noqa: F401
from blog.db import Base

OTHERS = ("post_search", "procrastinate_")


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The full-text index and its shadow tables are written by hand; those of the engine for background work are its own."""
    return not (kind == "table" and name is not None and name.startswith(OTHERS))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_object=is_ours,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
