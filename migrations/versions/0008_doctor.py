"""The last examinations of how our mail looks to the world."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json, UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diagnosis",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("result", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )


def downgrade() -> None:
    op.drop_table("diagnosis")
