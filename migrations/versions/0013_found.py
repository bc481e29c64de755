"""Search folds diacritics on PostgreSQL as it does on SQLite and the publication's words are known; announcement, signposts, and topics in order."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

MARKS = r"[\u0300-\u036f]"
PARTS = {"title": "A", "dek": "B", "body_text": "C"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _index(
            {
                part: f"normalize(regexp_replace(normalize({part}, NFD), '{MARKS}', '', 'g'), NFC)"
                for part in PARTS
            }
        )
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("spelt", sa.String(length=40), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_trigram",
        sa.Column("trigram", sa.String(length=3), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "word", name=op.f("pk_search_trigram")),
    )
    op.create_table(
        "post_word",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_word_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "word", name=op.f("pk_post_word")),
    )
    op.create_index("ix_post_word_word", "post_word", ["word", "post_id"])
    with op.batch_alter_table("topic") as table:
        table.add_column(sa.Column("parent_id", BigId, nullable=True))
        table.create_index("ix_topic_parent_id", ["parent_id"])
        table.create_foreign_key(
            op.f("fk_topic_parent_id"), "topic", ["parent_id"], ["id"], ondelete="SET NULL"
        )
    op.create_table(
        "topic_pick",
        sa.Column("topic_id", BigId, autoincrement=False, nullable=False),
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_pick_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_topic_pick_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "post_id", name=op.f("pk_topic_pick")),
    )
    op.create_index(op.f("ix_topic_pick_post_id"), "topic_pick", ["post_id"])
    op.create_table(
        "heralded",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heralded")),
    )
    op.create_table(
        "announcement_bar",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_bar")),
    )
    op.create_table(
        "signpost",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_signpost")),
    )


def downgrade() -> None:
    with op.batch_alter_table("topic") as table:
        table.drop_constraint(op.f("fk_topic_parent_id"), type_="foreignkey")
        table.drop_index("ix_topic_parent_id")
        table.drop_column("parent_id")
    for name in (
        "heralded",
        "topic_pick",
        "signpost",
        "announcement_bar",
        "post_word",
        "search_trigram",
        "search_word",
    ):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        _index({part: part for part in PARTS})


def _index(parts: dict[str, str]) -> None:
    """The column is generated anew from these expressions, with its index."""
    whole = " || ".join(
        f"setweight(to_tsvector('english', {made}), '{PARTS[part]}')" for part, made in parts.items()
    )
    op.execute("DROP INDEX ix_post_search")
    op.execute("ALTER TABLE post DROP COLUMN search")
    op.execute(f"ALTER TABLE post ADD COLUMN search tsvector GENERATED ALWAYS AS ({whole}) STORED")
    op.execute("CREATE INDEX ix_post_search ON post USING gin (search)")
