"""A revision knows how many words it has, so that a story's history is listed without reading its bodies."""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("words", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("revision") as table:
        table.drop_column("words")
