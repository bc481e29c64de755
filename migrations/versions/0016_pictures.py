"""Pictures know what their files told, where they stand in the sky, their tags, their former files and what they look like."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None

WORDS = (
    ("title", 300),
    ("rights", 1000),
    ("instrument", 300),
    ("objects", 500),
    ("likeness", 16),
    ("imprint", 64),
)


def upgrade() -> None:
    for name, length in WORDS:
        op.add_column("image", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for name in ("ra", "dec"):
        op.add_column("image", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("image", sa.Column("unconfirmed", Json, nullable=False, server_default="[]"))
    op.add_column("image", sa.Column("zooms", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "image_tag",
        sa.Column("image_id", BigId, nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_image_tag_image_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "tag", name=op.f("pk_image_tag")),
    )
    op.create_index(op.f("ix_image_tag_tag"), "image_tag", ["tag"])
    op.create_table(
        "image_former",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("image_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_image_former_image_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_image_former")),
    )
    op.create_index(op.f("ix_image_former_image_id"), "image_former", ["image_id"])
    # Looked through once more: each gets its credit written in, its likeness, and tiles where it is large.
    op.execute("UPDATE image SET rendered_at = NULL")


def downgrade() -> None:
    op.drop_table("image_former")
    op.drop_table("image_tag")
    with op.batch_alter_table("image") as table:
        for name in ("zooms", "unconfirmed", "dec", "ra", *(name for name, _ in reversed(WORDS))):
            table.drop_column(name)
