"""What a browser finds wrong with a preview is kept for the checks."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("faults", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_inspection_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "scheme", name=op.f("pk_inspection")),
    )


def downgrade() -> None:
    op.drop_table("inspection")
