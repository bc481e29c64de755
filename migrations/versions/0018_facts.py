"""Stories name their sources, and have words for cards and an address where they stood first; one may lead, others stay on top.

Pages that always stand have addresses of their own.
"""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None

WORDS = {"social_title": 200, "social_description": 300, "canonical_url": 500}


def upgrade() -> None:
    op.add_column("post", sa.Column("pinned_until", sa.Date(), nullable=True))
    op.create_index(op.f("ix_post_pinned_until"), "post", ["pinned_until"])
    op.create_index(
        "ix_post_featured",
        "post",
        ["published_at"],
        sqlite_where=sa.text("featured = 1"),
        postgresql_where=sa.text("featured"),
    )
    for name in ("manuscript", "revision", "post"):
        op.add_column(name, sa.Column("sources", Json, nullable=False, server_default="[]"))
        for words, most in WORDS.items():
            op.add_column(name, sa.Column(words, sa.String(length=most), nullable=False, server_default=""))

    op.create_table(
        "standing_page",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_standing_page_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_standing_page")),
        sa.UniqueConstraint("slug", name=op.f("uq_standing_page_slug")),
    )
    op.create_table(
        "former_page",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_former_page_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_page")),
    )
    op.create_index(op.f("ix_former_page_post_id"), "former_page", ["post_id"])


def downgrade() -> None:
    op.drop_table("former_page")
    op.drop_table("standing_page")
    op.drop_index("ix_post_featured", "post")
    op.drop_index(op.f("ix_post_pinned_until"), "post")
    with op.batch_alter_table("post") as table:
        table.drop_column("pinned_until")
    for name in ("post", "revision", "manuscript"):
        with op.batch_alter_table(name) as table:
            for words in ("sources", *WORDS):
                table.drop_column(words)
