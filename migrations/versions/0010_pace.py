"""Lists know their relay, relays their pace, and receiving domains how they are to be served."""

import sqlalchemy as sa
from alembic import op

from blog.db import Json, UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

RESTING = sa.text("rests > 0")


def upgrade() -> None:
    op.add_column("mailing_list", sa.Column("relay", sa.String(length=40), nullable=False, server_default=""))
    op.create_table(
        "relay_pace",
        sa.Column("relay", sa.String(length=40), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("counts", Json, nullable=False),
        sa.PrimaryKeyConstraint("relay", name=op.f("pk_relay_pace")),
    )
    op.create_table(
        "receiving_domain",
        sa.Column("relay", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=254), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("ahead_at", UtcDateTime(), nullable=True),
        sa.Column("rests_until", UtcDateTime(), nullable=True),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("relay", "domain", name=op.f("pk_receiving_domain")),
    )
    op.create_index(
        "ix_receiving_domain_resting",
        "receiving_domain",
        ["relay"],
        sqlite_where=RESTING,
        postgresql_where=RESTING,
    )


def downgrade() -> None:
    op.drop_table("receiving_domain")
    op.drop_table("relay_pace")
    with op.batch_alter_table("mailing_list") as table:
        table.drop_column("relay")
