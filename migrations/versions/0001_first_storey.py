"""The first storey: staff, pictures, authors, posts, subscribers, editions and the ledger of letters."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json, UtcDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "content_generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_generation")),
    )
    op.create_table(
        "demo_item",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("ref_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_item")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_demo_item_kind")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "letter",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about_id", BigId, nullable=False),
        sa.Column("reader_id", BigId, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("payload", Json, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_owner", sa.String(length=60), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'sending', 'retry', 'uncertain', 'accepted', 'refused', 'skipped')",
            name=op.f("ck_letter_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("kind", "about_id", "reader_id", name=op.f("uq_letter_kind")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_about", ["kind", "about_id", "state"], unique=False)
        batch_op.create_index(
            "ix_letter_waiting",
            ["priority", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('ready', 'sending', 'retry', 'uncertain')"),
            postgresql_where=sa.text("state IN ('ready', 'sending', 'retry', 'uncertain')"),
        )

    op.create_table(
        "mailing_list",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("send_hour", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_list")),
        sa.UniqueConstraint("slug", name=op.f("uq_mailing_list_slug")),
    )
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_table(
        "role",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", BigId, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'left')", name=op.f("ck_subscriber_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscriber_address_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.create_index("ix_subscriber_state", ["state", "id"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("role_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_account_role_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "consent",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subscriber_id", BigId, nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_consent_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_subscriber_id"), ["subscriber_id"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", BigId, nullable=False),
        sa.Column("list_id", BigId, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("preheader", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'sending', 'sent', 'skipped')", name=op.f("ck_edition_state_known")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_edition_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("list_id", "local_date", name=op.f("uq_edition_list_id")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(
            "uq_edition_one_open",
            ["list_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "image",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("bytes", BigId, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("decorative", sa.Boolean(), nullable=False),
        sa.Column("long_description", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("credit", sa.String(length=500), nullable=False),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("source_url", sa.String(length=2000), nullable=False),
        sa.Column("focal_x", sa.Integer(), nullable=False),
        sa.Column("focal_y", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("placeholder", sa.Text(), nullable=False),
        sa.Column("uploaded_by", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("rendered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "focal_x BETWEEN 0 AND 100 AND focal_y BETWEEN 0 AND 100", name=op.f("ck_image_focal_inside")
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_image_has_size")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_image_uploaded_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("key", name=op.f("uq_image_key")),
    )
    op.create_table(
        "author",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("links", Json, nullable=False),
        sa.Column("image_id", BigId, nullable=True),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_author_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_author_image_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("account_id", name=op.f("uq_author_account_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_author_slug")),
    )
    op.create_table(
        "post",
        sa.Column("id", BigId, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dek", sa.String(length=500), nullable=False),
        sa.Column("body", Json, nullable=True),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("lead_image_id", BigId, nullable=True),
        sa.Column("search_title", sa.String(length=200), nullable=False),
        sa.Column("search_description", sa.String(length=300), nullable=False),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.Column("featured", sa.Boolean(), nullable=False),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'published', 'withdrawn')", name=op.f("ck_post_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_post_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["lead_image_id"], ["image.id"], name=op.f("fk_post_lead_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("path", name=op.f("uq_post_path")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_slug")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_state_publish_at", ["state", "publish_at"], unique=False)
        batch_op.create_index("ix_post_state_published", ["state", "published_at"], unique=False)

    op.create_table(
        "edition_post",
        sa.Column("id", BigId, nullable=False),
        sa.Column("edition_id", BigId, nullable=False),
        sa.Column("list_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("retitled", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dek", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("byline", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("image_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_post_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_edition_post_image_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_edition_post_list_id")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_edition_post_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_post")),
        sa.UniqueConstraint("list_id", "post_id", name=op.f("uq_edition_post_list_id")),
    )
    with op.batch_alter_table("edition_post", schema=None) as batch_op:
        batch_op.create_index("ix_edition_post_edition_position", ["edition_id", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_post_post_id"), ["post_id"], unique=False)

    op.create_table(
        "manuscript",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", BigId, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dek", sa.String(length=500), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("lead_image", BigId, nullable=True),
        sa.Column("author_ids", Json, nullable=False),
        sa.Column("topic_ids", Json, nullable=False),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.Column("search_title", sa.String(length=200), nullable=False),
        sa.Column("search_description", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_manuscript_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["account.id"], name=op.f("fk_manuscript_saved_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_manuscript")),
    )
    op.create_table(
        "post_author",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("author_id", BigId, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_post_author_author_id")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_author_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "author_id", name=op.f("pk_post_author")),
    )
    with op.batch_alter_table("post_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_author_author_id"), ["author_id"], unique=False)

    op.create_table(
        "post_image",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("image_id", BigId, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_post_image_image_id")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_image_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "image_id", name=op.f("pk_post_image")),
    )
    with op.batch_alter_table("post_image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_image_image_id"), ["image_id"], unique=False)

    op.create_table(
        "post_reference",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("target_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_reference_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["post.id"], name=op.f("fk_post_reference_target_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "target_id", name=op.f("pk_post_reference")),
    )
    with op.batch_alter_table("post_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_reference_target_id"), ["target_id"], unique=False)

    op.create_table(
        "post_topic",
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("topic_id", BigId, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_topic_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_post_topic_topic_id")),
        sa.PrimaryKeyConstraint("post_id", "topic_id", name=op.f("pk_post_topic")),
    )
    with op.batch_alter_table("post_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_topic_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "redirect",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_redirect_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_redirect")),
    )
    op.create_table(
        "revision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", BigId, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dek", sa.String(length=500), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("lead_image", BigId, nullable=True),
        sa.Column("author_ids", Json, nullable=False),
        sa.Column("topic_ids", Json, nullable=False),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.Column("search_title", sa.String(length=200), nullable=False),
        sa.Column("search_description", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_revision_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["account.id"], name=op.f("fk_revision_saved_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_post_id"), ["post_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_post_id"))

    op.drop_table("revision")
    op.drop_table("redirect")
    with op.batch_alter_table("post_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_topic_topic_id"))

    op.drop_table("post_topic")
    with op.batch_alter_table("post_reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_reference_target_id"))

    op.drop_table("post_reference")
    with op.batch_alter_table("post_image", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_image_image_id"))

    op.drop_table("post_image")
    with op.batch_alter_table("post_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_author_author_id"))

    op.drop_table("post_author")
    op.drop_table("manuscript")
    with op.batch_alter_table("edition_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_post_post_id"))
        batch_op.drop_index("ix_edition_post_edition_position")

    op.drop_table("edition_post")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_state_published")
        batch_op.drop_index("ix_post_state_publish_at")

    op.drop_table("post")
    op.drop_table("author")
    op.drop_table("image")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_edition_one_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("edition")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_subscriber_id"))

    op.drop_table("consent")
    op.drop_table("account_role")
    op.drop_table("topic")
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.drop_index("ix_subscriber_state")

    op.drop_table("subscriber")
    op.drop_table("role")
    op.drop_table("pause")
    op.drop_table("mailing_list")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_letter_waiting",
            sqlite_where=sa.text("state IN ('ready', 'sending', 'retry', 'uncertain')"),
            postgresql_where=sa.text("state IN ('ready', 'sending', 'retry', 'uncertain')"),
        )
        batch_op.drop_index("ix_letter_about")

    op.drop_table("letter")
    op.drop_table("invitation")
    op.drop_table("demo_item")
    op.drop_table("content_generation")
    op.drop_table("account")
