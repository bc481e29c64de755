"""Whether something left by mail: a story, before its publication is undone, and a test digest, for the first steps. Asked by the house."""

from sqlalchemy import exists, select

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
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


def has_rehearsed(db: Database) -> bool:
    """Whether a mail server has ever taken a test mail from here."""
    wanted = exists().where(Letter.kind == "test", Letter.state == LetterState.ACCEPTED)
    with db.reading() as s:
        return bool(s.scalar(select(wanted)))
