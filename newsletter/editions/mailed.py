"""Whether a story left by mail. Asked by the house before a publication is undone."""

from sqlalchemy import select

from blog.db import Database
from newsletter.editions.model import Announcement, EditionPost


def is_mailed(db: Database, post_id: int) -> bool:
    """In a closed edition, or announced at once. What an editor arranged in an open one has not left."""
    closed = select(EditionPost.id).where(EditionPost.post_id == post_id, EditionPost.title != "")
    announced = select(Announcement.post_id).where(Announcement.post_id == post_id, Announcement.letters > 0)
    with db.reading() as s:
        return (
            s.scalars(closed.limit(1)).first() is not None
            or s.scalars(announced.limit(1)).first() is not None
        )
