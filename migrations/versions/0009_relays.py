"""Letters know their relay, pauses are a relay's own, senders sign on, and no index looks at what a claim changes."""

import sqlalchemy as sa
from alembic import op

from blog.db import UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('ready', 'sending', 'retry', 'uncertain')")
REFUSED = sa.text("state = 'refused'")
OPEN, ANSWERED_BADLY = sa.text("settled_at IS NULL"), sa.text("code >= 400")


def upgrade() -> None:
    for name in ("ix_letter_waiting", "ix_letter_about", "ix_letter_refused"):
        op.drop_index(name, "letter")
    # As plain ALTERs: on SQLite a rewritten table would take a million letters along.
    op.add_column("letter", sa.Column("relay", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("paced", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Whoever had these in their hands ran under the old rules and is gone.
    op.execute(
        "UPDATE letter SET state = 'uncertain', doubts = doubts + 1, lease_owner = NULL WHERE state = 'sending'"
    )
    op.drop_column("letter", "lease_until")
    op.create_table(
        "sender",
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("relay", sa.String(length=40), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_sender")),
    )
    _index("ix_letter_waiting", ["relay", "priority", "due_at", "id"], OPEN)
    _index("ix_letter_open", ["kind", "about_id"], OPEN)
    _index("ix_letter_refused", ["settled_at"], ANSWERED_BADLY)
    if op.get_bind().dialect.name == "postgresql":
        # Room in each page for the claim, and a broom that comes before a million letters have gone.
        op.execute("ALTER TABLE letter SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)")
    op.drop_table("pause")
    op.create_table("pause", sa.Column("relay", sa.String(length=40), nullable=False), *_pause())


def downgrade() -> None:
    for name in ("ix_letter_waiting", "ix_letter_open", "ix_letter_refused"):
        op.drop_index(name, "letter")
    op.drop_table("sender")
    op.add_column("letter", sa.Column("lease_until", UtcDateTime()))
    with op.batch_alter_table("letter") as table:
        table.drop_column("relay")
        table.drop_column("paced")
    _index("ix_letter_waiting", ["priority", "due_at", "id"], WAITING)
    _index("ix_letter_refused", ["settled_at"], REFUSED)
    op.create_index("ix_letter_about", "letter", ["kind", "about_id", "state"])
    op.drop_table("pause")
    op.create_table("pause", sa.Column("id", sa.Integer(), nullable=False), *_pause("id"))


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "letter", columns, sqlite_where=where, postgresql_where=where)


def _pause(key: str = "relay") -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(key, name=op.f("pk_pause")),
    )
