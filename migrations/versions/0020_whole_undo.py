"""An undo knows which publication it is of and what that ended; plans of stories that are neither public nor to be so are over."""

import sqlalchemy as sa
from alembic import op

from blog.db import Json, UtcDateTime

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("before", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("before", sa.Column("change_at", UtcDateTime(), nullable=True))
    op.add_column("before", sa.Column("waived", sa.Integer(), nullable=True))
    op.add_column("before", sa.Column("review", Json, nullable=True))
    op.execute(
        "DELETE FROM plan WHERE post_id IN (SELECT id FROM post WHERE state IN ('draft', 'withdrawn'))"
    )
    op.execute("UPDATE search_word SET stories = 1 WHERE stories = 0")


def downgrade() -> None:
    with op.batch_alter_table("before") as table:
        for name in ("review", "waived", "change_at", "version"):
            table.drop_column(name)
