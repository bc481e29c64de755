"""A reader is taken off the record: what stays is a keyed hash, so that no import brings them back. Called by the preference page.

The ledger keeps its rows, so that editions' books still balance, but no address, no words and nobody's name.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import said
from blog.refusals import NotFound
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.subscribers import serving, stopping, suppression
from newsletter.subscribers.masking import masked
from newsletter.subscribers.model import AddressChange, Consent, Follow, Subscriber, Subscription

MESSAGES = ("message", "test")
"""Kinds that go to an address that somebody typed in, whoever's number they bear."""
ERASED = "erased"


@dataclass(frozen=True)
class Weight:
    """What goes with the address, in numbers."""

    address: str
    """Masked."""
    lists: int
    follows: int
    deeds: int
    letters: int


def weigh(db: Database, subscriber_id: int) -> Weight:
    """For the question before the deed. Raises NotFound."""
    with db.reading() as s:
        reader = s.get(Subscriber, subscriber_id) or _unknown()
        return Weight(
            masked(reader.address),
            _count(s, Subscription.subscriber_id == reader.id),
            _count(s, Follow.subscriber_id == reader.id),
            _count(s, Consent.subscriber_id == reader.id),
            _count(s, Letter.reader_id == reader.id),
        )


def erase(db: Database, subscriber_id: int, at: datetime, settings: Settings) -> None:
    """At once and for good; letters that wait are not sent, what other rooms keep hangs on the row and goes with it. Raises NotFound."""
    with db.transaction() as s:
        reader = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
        # A letter that is just being written to them must not keep the address.
        serving.stand_still(s, reader.id)
        suppression.add(s, secret_key(settings), reader.address_key, ERASED, at)
        outbox.recall(s, (*stopping.LETTERS, *MESSAGES), reader.id, ERASED, at)
        _blank_letters(s, reader)
        s.execute(delete(AddressChange).where(AddressChange.address_key == reader.address_key))
        s.delete(reader)


def _blank_letters(s: Session, reader: Subscriber) -> None:
    """A mail server's words often repeat the address, so they go too."""
    mine = Letter.reader_id == reader.id
    typed = (
        Letter.kind.in_(MESSAGES)
        & Letter.settled_at.is_not(None)
        & (func.lower(Letter.address) == reader.address_key)
    )
    s.execute(
        update(Letter)
        .where(or_(mine, typed))
        .values(address="", reply=ERASED, payload=null())
        .execution_options(synchronize_session=False)
    )


def _count(s: Session, mine: ColumnElement[bool]) -> int:
    return s.scalar(select(func.count()).where(mine)) or 0


def _unknown() -> Subscriber:
    raise NotFound(said("That address is not on the list any more."))
