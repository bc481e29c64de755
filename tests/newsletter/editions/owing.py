"""What a reader's letters told them, and what their lists owe them. The judge of the random walk over readers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import sharing
from newsletter.editions.model import Announcement, Edition, EditionPost
from newsletter.subscribers.model import Consent, Follow, Subscriber, SubscriberState, Subscription

Key = tuple[str, int]
"""``topic`` or ``author``, and its id."""


def told(db: Database, reader_id: int) -> list[tuple[int, datetime]]:
    """Every story a letter to this reader carries, with the time at which the letter was written."""
    with db.reading() as s:
        theirs = select(Letter).where(Letter.reader_id == reader_id, Letter.state != LetterState.SKIPPED)
        letters = s.scalars(theirs).all()
        found = [(letter.about_id, letter.created_at) for letter in letters if letter.kind == "story"]
        for letter in letters:
            if letter.kind == "digest":
                posts = sharing.share_of(s, letter.about_id, reader_id)
                assert posts, "a digest without a story"
                found += [(post_id, letter.created_at) for post_id in posts]
        return found


def owed(db: Database, reader_id: int, at_once: Collection[int], began: datetime) -> set[int]:
    """What their lists carried since they have them, or came back; of the lists ``at_once`` also what was mailed at once."""
    with db.reading() as s:
        if s.get_one(Subscriber, reader_id).state != SubscriberState.CONFIRMED:
            return set()
        back = max(s.scalars(_returns(reader_id)), default=began)
        carried = select(EditionPost.post_id).join(Edition, Edition.id == EditionPost.edition_id)
        found: set[int] = set()
        for one in _held(s, reader_id):
            since = max(one.since, back)
            found |= set(s.scalars(carried.where(Edition.list_id == one.list_id, Edition.closed_at > since)))
            if one.list_id in at_once:
                mailed = select(Announcement.post_id).where(Announcement.list_id == one.list_id)
                found |= set(s.scalars(mailed.where(Announcement.at > since)))
        return found


def asked(db: Database, reader_id: int, everything: frozenset[Key]) -> frozenset[Key]:
    """The topics and authors whose stories they want; everything where they keep to nothing."""
    with db.reading() as s:
        if not s.get_one(Subscriber, reader_id).only_followed:
            return everything
        wanted = select(Follow).where(Follow.subscriber_id == reader_id, Follow.weight > 0)
        return frozenset((row.subject, row.subject_id) for row in s.scalars(wanted))


def waiting(db: Database) -> list[Letter]:
    """Letters of editions and stories that could still leave."""
    with db.reading() as s:
        unsettled = select(Letter).where(Letter.settled_at.is_(None), Letter.kind.in_(("digest", "story")))
        return list(s.scalars(unsettled))


def last_letter(db: Database) -> int:
    with db.reading() as s:
        return s.scalar(select(func.max(Letter.id))) or 0


def _held(s: Session, reader_id: int) -> list[Subscription]:
    return list(s.scalars(select(Subscription).where(Subscription.subscriber_id == reader_id)))


def _returns(reader_id: int) -> Select[datetime]:
    return select(Consent.at).where(Consent.subscriber_id == reader_id, Consent.deed == "returned")
