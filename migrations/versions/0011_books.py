"""The ledger has one index fewer to write, and the books of a large edition are kept."""

import sqlalchemy as sa
from alembic import op

from blog.db import BigId, Json, UtcDateTime

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

OPEN, ANSWERED_BADLY = sa.text("settled_at IS NULL"), sa.text("code >= 400")
SAID = sa.text("reply <> '' AND (code IS NULL OR code >= 400)")
STATES = "state IN ('ready', 'sending', 'retry', 'uncertain', 'accepted', 'refused', 'skipped')"


def upgrade() -> None:
    for name in ("ix_letter_open", "ix_letter_reader"):
        op.drop_index(name, "letter")
    _identify("uq_letter_kind", "uq_letter_reader_id", ["reader_id", "kind", "about_id"])
    op.create_index("ix_letter_about", "letter", ["kind", "about_id", "settled_at"])
    _index("ix_letter_said", ["kind", "about_id"], SAID)
    op.create_table(
        "letter_count",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about_id", BigId, nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.PrimaryKeyConstraint("kind", "about_id", name=op.f("pk_letter_count")),
    )


def downgrade() -> None:
    op.drop_table("letter_count")
    for name in ("ix_letter_about", "ix_letter_said"):
        op.drop_index(name, "letter")
    _identify("uq_letter_reader_id", "uq_letter_kind", ["kind", "about_id", "reader_id"])
    _index("ix_letter_open", ["kind", "about_id"], OPEN)
    op.create_index("ix_letter_reader", "letter", ["reader_id", "kind"])


def _identify(before: str, after: str, columns: list[str]) -> None:
    """SQLite writes the whole ledger anew for it, once; its indexes are made again when all rows are there."""
    for name in ("ix_letter_waiting", "ix_letter_refused"):
        op.drop_index(name, "letter")
    known = sa.CheckConstraint(STATES, name=op.f("ck_letter_state_known"))
    with op.batch_alter_table("letter", table_args=(known,)) as table:
        table.drop_constraint(before, type_="unique")
        table.create_unique_constraint(op.f(after), columns)
    _index("ix_letter_waiting", ["relay", "priority", "due_at", "id"], OPEN)
    _index("ix_letter_refused", ["settled_at"], ANSWERED_BADLY)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "letter", columns, sqlite_where=where, postgresql_where=where)
