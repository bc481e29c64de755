"""How often something was tried lately: sign-in and sign-up are throttled by it."""

import sqlalchemy as sa
from alembic import op

from blog.db import UtcDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_ends_at"), "tally", ["ends_at"])


def downgrade() -> None:
    op.drop_table("tally")
