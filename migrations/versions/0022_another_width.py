"""Pictures have a size of 720 pixels too, which phones ask for: it is made of those that are there already."""

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already is not made again.
    op.execute(sa.text("UPDATE image SET rendered_at = NULL"))


def downgrade() -> None:
    """The files may stay: nothing asks for them."""
