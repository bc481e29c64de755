"""Posts know what mails alone say of them, and when the next of their promotions ends."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

POST = sa.table(
    "post",
    sa.column("id", sa.BigInteger),
    sa.column("body_html", sa.Text),
    sa.column("promotion_ends", sa.Date),
)
ENDS = 'data-ends="'


def upgrade() -> None:
    op.add_column("post", sa.Column("mail_words", sa.Text(), nullable=False, server_default=""))
    op.add_column("post", sa.Column("promotion_ends", sa.Date(), nullable=True))
    op.create_index(op.f("ix_post_promotion_ends"), "post", ["promotion_ends"])
    shown = sa.select(POST.c.id, POST.c.body_html).where(POST.c.body_html.contains(ENDS))
    for post_id, html in op.get_bind().execute(shown).all():
        days = [date.fromisoformat(piece[:10]) for piece in html.split(ENDS)[1:]]
        op.get_bind().execute(sa.update(POST).where(POST.c.id == post_id).values(promotion_ends=min(days)))


def downgrade() -> None:
    op.drop_index(op.f("ix_post_promotion_ends"), "post")
    with op.batch_alter_table("post") as table:
        table.drop_column("promotion_ends")
        table.drop_column("mail_words")
