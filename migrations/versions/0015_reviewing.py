"""Stories are reviewed, and the studio remembers who did what."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, UtcDateTime

revision: str = "0015"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_by", BigId, nullable=True),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('submitted', 'changes asked', 'approved')", name=op.f("ck_review_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_review_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_review_submitted_by_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_review")),
    )
    op.create_table(
        "deed",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_deed_post_id_post"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_deed_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_table(
        "waiver",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_waiver_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_waiver")),
    )
    op.create_index("ix_deed_post_id", "deed", ["post_id", "id"])


def downgrade() -> None:
    op.drop_table("waiver")
    op.drop_table("deed")
    op.drop_table("review")
