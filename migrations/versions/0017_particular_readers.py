"""Who is particular is found by an index: at every tick somebody asks whether one of them is behind."""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_subscriber_particular",
        "subscriber",
        ["state", "id"],
        sqlite_where=sa.text("is_particular = 1"),
        postgresql_where=sa.text("is_particular"),
    )


def downgrade() -> None:
    op.drop_index("ix_subscriber_particular", "subscriber")
