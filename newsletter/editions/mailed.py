"""Whether something left by mail: a story, before its publication is undone, and a test digest, for the first steps. Asked by the house."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions.model import Announcement, EditionPost


def is_mailed(s: Session, post_id: int) -> bool:
    """In a closed edition, or announced at once. What an editor arranged in an open one has not left."""
    closed = select(EditionPost.id).where(EditionPost.post_id == post_id, EditionPost.title != "")
    announced = select(Announcement.post_id).where(Announcement.post_id == post_id, Announcement.letters > 0)
    return any(s.scalars(mails.limit(1)).first() is not None for mails in (closed, announced))


def has_rehearsed(db: Database) -> bool:
    """Whether a mail server has ever taken a test mail from here."""
    wanted = exists().where(Letter.kind == "test", Letter.state == LetterState.ACCEPTED)
    with db.reading() as s:
        return bool(s.scalar(select(wanted)))
