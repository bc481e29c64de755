"""Lists with a timetable of their own, what readers choose, shares of editions, corrections, suppression, segments.

On SQLite a table whose constraints change is written anew; ``upgrading`` has foreign keys off meanwhile.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from blog.db import BigId, Json, UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None

STATES = "state IN ('pending', 'confirmed', 'left', 'bounced', 'complained')"
REGULAR, OPEN = sa.text("kind = 'regular'"), sa.text("kind = 'regular' AND state = 'open'")


def upgrade() -> None:
    _make_tables()
    _widen_readers()
    _widen_lists()
    _widen_editions()
    op.create_index("ix_post_state_released_at", "post", ["state", "released_at"])
    op.create_index("ix_letter_reader", "letter", ["reader_id", "kind"])
    _carry_over()


def _make_tables() -> None:
    op.create_table(
        "segment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "suppression",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "reason IN ('bounced', 'complained', 'manual', 'erased')",
            name=op.f("ck_suppression_reason_known"),
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_suppression")),
    )
    op.create_table(
        "address_change",
        sa.Column("subscriber_id", BigId, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("old_agreed_at", UtcDateTime(), nullable=True),
        sa.Column("new_agreed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_address_change_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_address_change")),
    )
    op.create_table(
        "follow",
        sa.Column("subscriber_id", BigId, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=6), nullable=False),
        sa.Column("subject_id", BigId, autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject IN ('topic', 'author')", name=op.f("ck_follow_subject_known")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_follow_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "subject", "subject_id", name=op.f("pk_follow")),
    )
    op.create_table(
        "list_topic",
        sa.Column("list_id", BigId, autoincrement=False, nullable=False),
        sa.Column("topic_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["mailing_list.id"], name=op.f("fk_list_topic_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_list_topic_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "topic_id", name=op.f("pk_list_topic")),
    )
    op.create_index(op.f("ix_list_topic_topic_id"), "list_topic", ["topic_id"])

    op.create_table(
        "subscription",
        sa.Column("subscriber_id", BigId, autoincrement=False, nullable=False),
        sa.Column("list_id", BigId, autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 127", name=op.f("ck_subscription_days_known")),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_subscription_list_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_subscription_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "list_id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_next", "subscription", ["list_id", "next_at"])

    op.create_table(
        "edition_share",
        sa.Column("edition_id", BigId, autoincrement=False, nullable=False),
        sa.Column("subscriber_id", BigId, autoincrement=False, nullable=False),
        sa.Column("posts", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_share_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_edition_share_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "subscriber_id", name=op.f("pk_edition_share")),
    )
    op.create_index(op.f("ix_edition_share_subscriber_id"), "edition_share", ["subscriber_id"])

    op.create_table(
        "announcement",
        sa.Column("list_id", BigId, autoincrement=False, nullable=False),
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_announcement_list_id")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_announcement_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "post_id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_post_id"), "announcement", ["post_id"])

    op.create_table(
        "correction",
        sa.Column("id", BigId, nullable=False),
        sa.Column("edition_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_correction_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_correction_post_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_edition_id"), "correction", ["edition_id"])


def _widen_readers() -> None:
    op.add_column("consent", sa.Column("detail", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("subscriber", table_kwargs={"sqlite_autoincrement": True}) as table:
        for name, kind in (
            ("name", sa.String(120)),
            ("form", sa.String(60)),
            ("campaign", sa.String(100)),
            ("reason", sa.String(300)),
        ):
            table.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        table.add_column(sa.Column("timezone", sa.String(64)))
        table.add_column(sa.Column("hour", sa.Integer()))
        table.add_column(sa.Column("paused_until", UtcDateTime()))
        for name, value in (
            ("only_followed", False),
            ("pictures", True),
            ("clicks", True),
            ("is_particular", False),
        ):
            table.add_column(_flag(name, value))
        table.add_column(sa.Column("last_click_at", UtcDateTime()))
        table.add_column(sa.Column("fields", Json, nullable=False, server_default="{}"))
        _check(table, "ck_subscriber_state_known", STATES, is_new=False)
        _check(table, "ck_subscriber_hour_known", "hour BETWEEN 0 AND 23")
    op.create_index("ix_subscriber_source", "subscriber", ["source"])
    op.create_index(op.f("ix_subscriber_last_click_at"), "subscriber", ["last_click_at"])


def _widen_lists() -> None:
    with op.batch_alter_table("mailing_list") as table:
        table.add_column(sa.Column("description", sa.String(300), nullable=False, server_default=""))
        table.add_column(sa.Column("sender", sa.String(200), nullable=False, server_default=""))
        for name, number in (("weekdays", "127"), ("cut_off", "0"), ("most", "10"), ("last_number", "0")):
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=number))
        for name, word in (("design", "pictures"), ("ranking", "newest")):
            table.add_column(sa.Column(name, sa.String(12), nullable=False, server_default=word))
        for name, value in (("needs_approval", False), ("is_offered", True)):
            table.add_column(_flag(name, value))
        table.add_column(sa.Column("topics_at", UtcDateTime()))
        table.add_column(sa.Column("retired_at", UtcDateTime()))
        _check(table, "ck_mailing_list_weekdays_known", "weekdays BETWEEN 0 AND 127")
        _check(table, "ck_mailing_list_design_known", "design IN ('pictures', 'plain')")
        _check(table, "ck_mailing_list_ranking_known", "ranking IN ('newest', 'clicks')")


def _widen_editions() -> None:
    op.drop_index("uq_edition_one_open", "edition")
    op.add_column("edition", sa.Column("kind", sa.String(8), nullable=False, server_default="regular"))
    op.add_column("edition", sa.Column("slug", sa.String(40), nullable=False, server_default=""))
    op.add_column("edition", sa.Column("number", sa.Integer()))
    op.execute("UPDATE edition SET slug = CAST(local_date AS VARCHAR(10))")
    op.execute("""UPDATE edition SET number = (
        SELECT count(*) FROM edition AS other WHERE other.list_id = edition.list_id AND other.state IN ('sending', 'sent')
        AND (other.closed_at, other.id) <= (edition.closed_at, edition.id)) WHERE state IN ('sending', 'sent')""")
    with op.batch_alter_table("edition") as table:
        for name in ("approved", "held"):
            table.add_column(sa.Column(f"{name}_at", UtcDateTime()))
            table.add_column(sa.Column(f"{name}_by", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("stopped_at", UtcDateTime()))
        table.drop_constraint("uq_edition_list_id", type_="unique")
        table.create_unique_constraint("uq_edition_slug", ["list_id", "slug"])
        table.create_unique_constraint("uq_edition_number", ["list_id", "number"])
        _check(
            table, "ck_edition_state_known", "state IN ('open', 'sending', 'sent', 'skipped')", is_new=False
        )
        _check(table, "ck_edition_kind_known", "kind IN ('regular', 'special')")
    for name, columns, where in (
        ("uq_edition_day", ["list_id", "local_date"], REGULAR),
        ("uq_edition_one_open", ["list_id"], OPEN),
    ):
        op.create_index(name, "edition", columns, unique=True, sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("edition_post") as table:
        table.add_column(sa.Column("chosen_image_id", BigId))
        table.add_column(_flag("added", False))
        table.add_column(sa.Column("clicks", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key(
            "fk_edition_post_chosen_image_id", "image", ["chosen_image_id"], ["id"], ondelete="SET NULL"
        )


def _carry_over() -> None:
    """Whoever is a reader already gets the daily list from where it stands."""
    op.execute("""UPDATE mailing_list SET last_number =
        COALESCE((SELECT max(number) FROM edition WHERE edition.list_id = mailing_list.id), 0)""")
    op.execute("""INSERT INTO subscription (subscriber_id, list_id, days, at_once, position, since)
        SELECT subscriber.id, mailing_list.id, 127, FALSE, mailing_list.last_number,
        COALESCE(subscriber.confirmed_at, subscriber.created_at) FROM subscriber CROSS JOIN mailing_list WHERE mailing_list.slug = 'daily'""")


def _flag(name: str, value: bool) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true() if value else sa.false())


def _check(table: BatchOperations, name: str, condition: str, *, is_new: bool = True) -> None:
    """SQLite's tables are written anew without their checks, so there is nothing to drop."""
    if not is_new and op.get_bind().dialect.name != "sqlite":
        table.drop_constraint(op.f(name), type_="check")
    table.create_check_constraint(op.f(name), sa.text(condition))


def downgrade() -> None:
    raise RuntimeError(
        "Readers' choices and numbered editions cannot be told in the older tables. Restore the backup instead."
    )
