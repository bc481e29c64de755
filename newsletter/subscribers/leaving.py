"""How a reader leaves, at once and without a question, and how they change their mind. Called by the unsubscribe doors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Gone, NotFound
from newsletter.delivery import outbox
from newsletter.subscribers.model import Consent, Subscriber, SubscriberId, SubscriberState

LETTERS = ("digest", "welcome", "confirmation", "notice")
"""The kinds that are written to readers: whoever leaves gets none that has not left yet."""


@dataclass(frozen=True)
class Left:
    subscriber_id: SubscriberId
    address: str
    left_at: datetime
    is_new: bool
    """False when they had left before; then nothing was changed."""


@dataclass(frozen=True)
class Returned:
    subscriber_id: SubscriberId
    address: str
    is_on_list: bool
    """False for somebody who never confirmed: coming back makes them wait for their confirmation again."""


def leave(db: Database, subscriber_id: int, at: datetime, source: str = "") -> Left:
    """``source`` is the path of the page, or ``edition <id>`` for a link in a letter. Twice is once. Raises NotFound."""
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        if reader.state == SubscriberState.LEFT:
            return Left(SubscriberId(reader.id), reader.address, reader.left_at or at, False)
        reader.state, reader.left_at = SubscriberState.LEFT, at
        s.add(Consent(subscriber_id=reader.id, deed="left", at=at, source=source[:200]))
        outbox.recall(s, LETTERS, reader.id, "left the list", at)
        return Left(SubscriberId(reader.id), reader.address, at, True)


def come_back(
    db: Database, subscriber_id: int, at: datetime, source: str = "", *, left: datetime | None = None
) -> Returned:
    """Undoes a leave. Twice is once. ``left`` says which one, to the second: an old undo does not reverse a later leave.

    Raises NotFound, and Gone where they have left again since.
    """
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        if reader.state == SubscriberState.LEFT:
            if left and reader.left_at and int(reader.left_at.timestamp()) != int(left.timestamp()):
                raise Gone("You have left again since. Sign up to start again.")
            reader.state = SubscriberState.CONFIRMED if reader.confirmed_at else SubscriberState.PENDING
            reader.left_at = None
            s.add(Consent(subscriber_id=reader.id, deed="returned", at=at, source=source[:200]))
        return Returned(SubscriberId(reader.id), reader.address, reader.state == SubscriberState.CONFIRMED)


def _get(s: Session, subscriber_id: int) -> Subscriber:
    reader = s.get(Subscriber, subscriber_id, with_for_update=True)
    if reader is None:
        raise NotFound("That address is not on the list, so there is nothing to stop.")
    return reader
