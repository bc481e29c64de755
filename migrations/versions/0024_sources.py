"""Stories name their sources."""

import sqlalchemy as sa
from alembic import op

from blog.db import Json

revision: str = "0024"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("manuscript", "revision", "post"):
        op.add_column(name, sa.Column("sources", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("post", "revision", "manuscript"):
        with op.batch_alter_table(name) as table:
            table.drop_column("sources")
