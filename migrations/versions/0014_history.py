"""Revisions know what they are and when they were kept; open pages tell of themselves; stories bear corrections and updates."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json, UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("manuscript", sa.Column("sitting", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("revision", sa.Column("kind", sa.String(length=12), nullable=False, server_default="kept"))
    op.add_column("revision", sa.Column("kept_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE revision SET kept_at = saved_at")
    op.create_table(
        "presence",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("sitting", sa.String(length=40), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_presence_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_presence_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "sitting", name=op.f("pk_presence")),
    )
    op.add_column("post", sa.Column("notes", Json, nullable=False, server_default="[]"))
    op.create_table(
        "post_note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", BigId, nullable=True),
        sa.Column("replaces_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["by"], ["account.id"], name=op.f("fk_post_note_by_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_note_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["post_note.id"],
            name=op.f("fk_post_note_replaces_id_post_note"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_note")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_post_note_replaces_id")),
    )
    op.create_index(op.f("ix_post_note_post_id"), "post_note", ["post_id"])


def downgrade() -> None:
    op.drop_table("post_note")
    with op.batch_alter_table("post") as table:
        table.drop_column("notes")
    op.drop_table("presence")
    with op.batch_alter_table("revision") as table:
        table.drop_column("kept_at")
        table.drop_column("kind")
    with op.batch_alter_table("manuscript") as table:
        table.drop_column("sitting")
