"""What the publication says of itself is chosen in the studio."""

import sqlalchemy as sa
from alembic import op

from blog.db import Json, UtcDateTime

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chosen", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proven", sa.String(length=254), nullable=False),
        sa.Column("trial", sa.String(length=254), nullable=False),
        sa.Column("trial_code", sa.String(length=64), nullable=False),
        sa.Column("trial_at", UtcDateTime(), nullable=True),
        sa.Column("trial_tries", sa.Integer(), nullable=False),
        sa.Column("signup_seen_at", UtcDateTime(), nullable=True),
        sa.Column("steps_away_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )


def downgrade() -> None:
    op.drop_table("publication")
