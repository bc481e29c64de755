"""How a reader leaves, at once and without a question, how they change their mind, and how they are stopped by others.

Called by the unsubscribe doors, the preference page, the desk, and whoever reads what comes back by mail.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import said
from blog.refusals import Gone, NotFound
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.subscribers import serving, stopping, suppression
from newsletter.subscribers.model import Subscriber, SubscriberId, SubscriberState

SERVED = (SubscriberState.PENDING, SubscriberState.CONFIRMED)
DEEDS = {
    SubscriberState.LEFT: "stopped",
    SubscriberState.BOUNCED: "bounced",
    SubscriberState.COMPLAINED: "complained",
}
"""What each state that others bring about is called in the history."""
FINALITY = (*SERVED, SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.COMPLAINED)
"""A reader who complained is not made one who merely left."""


@dataclass(frozen=True)
class Left:
    subscriber_id: SubscriberId
    address: str
    left_at: datetime
    is_new: bool
    """False when they had left before; then nothing was changed, save for a reason that was given now."""


@dataclass(frozen=True)
class Returned:
    subscriber_id: SubscriberId
    address: str
    is_on_list: bool
    """False for somebody who never confirmed: coming back makes them wait for their confirmation again."""


def leave(
    db: Database, subscriber_id: int, at: datetime, source: str = "", *, reason: str = "", settings: Settings
) -> Left:
    """``source`` is the path of the page, or ``edition <id>`` for a link in a letter. Twice is once. Raises NotFound."""
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        is_new = reader.state in SERVED
        if is_new:
            stopping.end(s, reader, SubscriberState.LEFT, at, source, reason, "left")
        elif reason.strip() and reader.state == SubscriberState.LEFT:
            reader.reason = stopping.plain(reason, 300)
            stopping.note(s, reader.id, "noted", at, source, reason)
        return Left(SubscriberId(reader.id), reader.address, reader.left_at or at, is_new)


def come_back(
    db: Database,
    subscriber_id: int,
    at: datetime,
    source: str = "",
    *,
    left: datetime | None = None,
    settings: Settings,
) -> Returned:
    """Undoes a leave. Twice is once. ``left`` says which one, to the second: an old undo does not reverse a later leave.

    Raises NotFound, and Gone where they have left again since, or others stopped them.
    """
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        if reader.state not in SERVED:
            _check_may_return(s, reader, left, secret_key(settings))
            _return(s, reader, at, source, settings)
        return Returned(SubscriberId(reader.id), reader.address, reader.state == SubscriberState.CONFIRMED)


def stop(
    s: Session,
    reader: Subscriber,
    state: SubscriberState,
    at: datetime,
    source: str,
    detail: str,
    secret: str,
) -> bool:
    """Ends a reader's mail without their asking: bounced or complained, or left by an editor's hand.

    ``detail`` is the reason, never an address. A dead or complaining address is suppressed as well, also where its reader had
    left before. Returns whether their state changed; a weaker end never takes the place of a stronger one.
    """
    if state in (SubscriberState.BOUNCED, SubscriberState.COMPLAINED):
        suppression.add(
            s, secret, reader.address_key, state.value, at, address=reader.address, note=detail
        )  # fmt: skip
    if FINALITY.index(state) <= FINALITY.index(SubscriberState(reader.state)):
        return False
    stopping.end(s, reader, state, at, source, detail, DEEDS[state])
    return True


def _get(s: Session, subscriber_id: int) -> Subscriber:
    reader = s.get(Subscriber, subscriber_id, with_for_update=True)
    if reader is None:
        raise NotFound(said("That address is not on the list, so there is nothing to stop."))
    return reader


def _check_may_return(s: Session, reader: Subscriber, left: datetime | None, secret: str) -> None:
    if left and reader.left_at and int(reader.left_at.timestamp()) != int(left.timestamp()):
        raise Gone(said("You have left again since. Sign up to start again."))
    if reader.state != SubscriberState.LEFT or suppression.find(s, secret, reader.address_key):
        raise Gone(said("Mail to this address was stopped since. Sign up to start again."))


def _return(s: Session, reader: Subscriber, at: datetime, source: str, settings: Settings) -> None:
    reader.state = SubscriberState.CONFIRMED if reader.confirmed_at else SubscriberState.PENDING
    left_at, reader.left_at, reader.reason = reader.left_at or at, None, ""
    stopping.note(s, reader.id, "returned", at, source)
    if reader.confirmed_at:
        # What was on its way when they left goes out after all: nothing was lost.
        stopping.resume(s, reader, left_at, at)
        serving.resume(s, reader, at, settings)
