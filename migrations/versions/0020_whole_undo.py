"""An undo knows which publication it is of and what that ended; plans of stories that are neither public nor to be so are over.
Who tells the world of changes knows what it told.
"""

import sqlalchemy as sa
from alembic import op

from blog.db import Json, UtcDateTime

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None

MOMENTS = ("released_at", "updated_at", "withdrawn_at")


def upgrade() -> None:
    op.add_column("before", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("before", sa.Column("change_at", UtcDateTime(), nullable=True))
    op.add_column("before", sa.Column("waived", sa.Integer(), nullable=True))
    op.add_column("before", sa.Column("review", Json, nullable=True))
    op.execute(
        "DELETE FROM plan WHERE post_id IN (SELECT id FROM post WHERE state IN ('draft', 'withdrawn'))"
    )
    op.execute("UPDATE search_word SET stories = 1 WHERE stories = 0")
    op.add_column("heralded", sa.Column("told", Json, nullable=False, server_default="[]"))
    op.add_column("heralded", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("heralded", sa.Column("again_at", UtcDateTime(), nullable=True))
    for column in MOMENTS:
        op.create_index(f"ix_post_{column}", "post", [column])


def downgrade() -> None:
    for column in MOMENTS:
        op.drop_index(f"ix_post_{column}", "post")
    with op.batch_alter_table("heralded") as table:
        for name in ("again_at", "failures", "told"):
            table.drop_column(name)
    with op.batch_alter_table("before") as table:
        for name in ("review", "waived", "change_at", "version"):
            table.drop_column(name)
