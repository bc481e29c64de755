"""Clicks on stories and, where they are counted, estimated opens."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "click",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("edition_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("is_machine", sa.Boolean(), nullable=False),
        sa.Column("why_machine", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_click_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_click_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click")),
        sa.UniqueConstraint(
            "kind", "edition_id", "subscriber_id", "post_id", "is_machine", name="uq_click_once"
        ),
    )
    op.create_index("ix_click_subscriber", "click", ["subscriber_id", "at"])
    op.create_index("ix_click_post", "click", ["post_id"])
    op.create_table(
        "click_count",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("edition_id", BigId, autoincrement=False, nullable=False),
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_machine", sa.Boolean(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("nameless", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_click_count_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "kind", "edition_id", "post_id", "slot", "is_machine", name=op.f("pk_click_count")
        ),
    )
    op.create_index(op.f("ix_click_count_post_id"), "click_count", ["post_id"])
    op.create_table(
        "open_estimate",
        sa.Column("edition_id", BigId, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_open_estimate_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "day", name=op.f("pk_open_estimate")),
    )
    op.create_index("ix_consent_source", "consent", ["source", "deed"])


def downgrade() -> None:
    op.drop_index("ix_consent_source", "consent")
    for table in ("open_estimate", "click_count", "click"):
        op.drop_table(table)
