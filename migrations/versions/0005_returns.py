"""What came back by mail: bounces, complaints, and what providers report."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

REFUSED = sa.text("state = 'refused'")


def upgrade() -> None:
    op.create_table(
        "returned",
        sa.Column("id", BigId, nullable=False),
        sa.Column("letter_id", BigId, nullable=True),
        sa.Column("subscriber_id", BigId, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hard', 'soft', 'block', 'complaint')", name=op.f("ck_returned_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_returned_letter_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_returned_subscriber_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned")),
        sa.UniqueConstraint("key", name=op.f("uq_returned_key")),
    )
    op.create_index("ix_returned_kind", "returned", ["kind", "at"])
    for column in ("letter_id", "subscriber_id", "at"):
        op.create_index(op.f(f"ix_returned_{column}"), "returned", [column])
    op.create_index(
        "ix_letter_refused", "letter", ["settled_at"], sqlite_where=REFUSED, postgresql_where=REFUSED
    )


def downgrade() -> None:
    op.drop_index("ix_letter_refused", "letter")
    op.drop_table("returned")
