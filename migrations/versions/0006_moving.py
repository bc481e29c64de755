"""Imports of readers, with what became of each line."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json, UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

STATES = "state IN ('checking', 'ready', 'running', 'done', 'stopped', 'failed', 'removing', 'removed')"


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("busy_until", UtcDateTime(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_import_run_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_run_state", "import_run", ["state", "id"])


def downgrade() -> None:
    op.drop_index("ix_import_run_state", table_name="import_run")
    op.drop_table("import_run")
