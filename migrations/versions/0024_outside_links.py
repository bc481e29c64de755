"""Links to other sites are looked at while a story is worked on."""

import sqlalchemy as sa
from alembic import op

from blog.db import UtcDateTime

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_link",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outside_link")),
    )
    op.create_index(op.f("ix_outside_link_looked_at"), "outside_link", ["looked_at"])


def downgrade() -> None:
    op.drop_table("outside_link")
