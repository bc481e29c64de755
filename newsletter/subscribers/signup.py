"""How a reader joins: ask by a form, confirm by a button. Called by the public sign-up doors.

The answer to a form never tells who is on the list, and one address gets at most one letter in 24 hours and one resend.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Gone, NotFound
from newsletter.delivery import outbox
from newsletter.subscribers import address as addresses
from newsletter.subscribers.model import Consent, Subscriber, SubscriberId, SubscriberState
from newsletter.subscribers.tokens import Claim, Expired, Tokens

QUIET = timedelta(hours=24)
"""An address that was written to is left alone this long, save for one resend."""
PATIENCE = timedelta(seconds=60)
"""How long after a letter the reader may ask for it again."""
URGENT = 0


@dataclass(frozen=True)
class Asked:
    address: str
    suggestion: str = ""
    """Set when a typo is likely: nothing was written yet, and the reader is asked which one is meant."""


@dataclass(frozen=True)
class Doorstep:
    """What the confirmation page shows before the button is pressed."""

    address: str
    confirmed_at: datetime | None
    """Set when this reader has confirmed already."""


@dataclass(frozen=True)
class Confirmed:
    subscriber_id: SubscriberId
    address: str
    confirmed_at: datetime
    is_new: bool
    """False when it had been confirmed before; then nothing was changed or sent."""


def ask(db: Database, typed: str, source: str, at: datetime, *, certain: bool = False) -> Asked:
    """``source`` is the path of the page; ``certain`` says that the reader was shown the suggestion and kept the address.

    Raises Invalid. A new, a pending, a confirmed and a departed reader all get the same answer.
    """
    address = addresses.read(typed)
    meant = "" if certain else addresses.suggestion(address)
    if meant:
        return Asked(address.text, meant)
    with db.transaction() as s:
        reader = _hold(s, address, source, at)
        if not _letters(s, reader.id, at):
            _write(s, reader, source, at)
    return Asked(address.text)


def resend(db: Database, typed: str, source: str, at: datetime) -> Asked:
    """The one explicit resend. Too early, a second time or for a stranger it does nothing; the answer is the same."""
    address = addresses.read(typed)
    with db.transaction() as s:
        reader = s.scalar(select(Subscriber).where(Subscriber.address_key == address.key).with_for_update())
        if reader:
            _write_again(s, reader, source, at)
    return Asked(address.text)


def renew(db: Database, tokens: Tokens, token: str, at: datetime) -> Asked:
    """A new confirmation for whoever holds an old link. Raises what the token is refused for, unless it is only its age."""
    try:
        subscriber_id = tokens.read_confirm(token, at).subscriber_id
    except Expired as expired:
        subscriber_id = expired.subscriber_id
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        _write_again(s, reader, "", at)
        return Asked(reader.address)


def look(db: Database, tokens: Tokens, token: str, at: datetime) -> Doorstep:
    """Changes nothing. Raises as confirm does."""
    claim = tokens.read_confirm(token, at)
    with db.reading() as s:
        reader = s.get(Subscriber, claim.subscriber_id) or _unknown()
        is_in = reader.state == SubscriberState.CONFIRMED
        _check_not_left_since(reader, claim)
        return Doorstep(reader.address, reader.confirmed_at if is_in else None)


def confirm(db: Database, tokens: Tokens, token: str, at: datetime) -> Confirmed:
    """Raises tokens.Incomplete, Tampered or Expired; Gone when the reader has left since the link was sent."""
    claim = tokens.read_confirm(token, at)
    with db.transaction() as s:
        reader = _get(s, claim.subscriber_id)
        if reader.state == SubscriberState.CONFIRMED:
            return Confirmed(claim.subscriber_id, reader.address, reader.confirmed_at or at, False)
        _check_not_left_since(reader, claim)
        reader.state, reader.confirmed_at, reader.left_at = SubscriberState.CONFIRMED, at, None
        s.add(Consent(subscriber_id=reader.id, deed="confirmed", at=at, source="letter"))
        outbox.put(s, "welcome", _moment(at), reader.id, reader.address, at, priority=URGENT)
        return Confirmed(claim.subscriber_id, reader.address, at, True)


def _hold(s: Session, address: addresses.Address, source: str, at: datetime) -> Subscriber:
    """The reader of this address, made if need be, locked until the transaction ends."""
    of_key = select(Subscriber).where(Subscriber.address_key == address.key).with_for_update()
    found = s.scalar(of_key)
    if found:
        return found
    try:
        with s.begin_nested():
            s.add(
                Subscriber(
                    address=address.text,
                    address_key=address.key,
                    source=source[:200],
                    created_at=at,
                    asked_at=at,
                )
            )
    except IntegrityError:
        pass  # Another request was a moment faster; its row is the one.
    return s.scalars(of_key).one()


def _letters(s: Session, subscriber_id: int, at: datetime) -> int:
    asked = (Consent.subscriber_id == subscriber_id, Consent.deed == "asked", Consent.at > at - QUIET)
    return s.scalar(select(func.count()).select_from(Consent).where(*asked)) or 0


def _write_again(s: Session, reader: Subscriber, source: str, at: datetime) -> None:
    written = _letters(s, reader.id, at)
    if written == 0 or (written == 1 and at - reader.asked_at >= PATIENCE):
        _write(s, reader, source, at)


def _write(s: Session, reader: Subscriber, source: str, at: datetime) -> None:
    kind = "notice" if reader.state == SubscriberState.CONFIRMED else "confirmation"
    reader.asked_at = at
    s.add(Consent(subscriber_id=reader.id, deed="asked", at=at, source=source[:200]))
    outbox.put(s, kind, _moment(at), reader.id, reader.address, at, priority=URGENT)


def _get(s: Session, subscriber_id: SubscriberId) -> Subscriber:
    return s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()


def _unknown() -> Subscriber:
    raise NotFound("That sign-up is not on record any more. Sign up again.")


def _check_not_left_since(reader: Subscriber, claim: Claim) -> None:
    # A link sent before somebody left must not bring them back, whoever finds it.
    if (
        reader.state == SubscriberState.LEFT
        and reader.left_at
        and int(claim.at.timestamp()) < int(reader.left_at.timestamp())
    ):
        raise Gone("You have left since this link was sent. Sign up again to start again.")


def _moment(at: datetime) -> int:
    """What tells one confirmation of a reader from the next: its second."""
    return int(at.timestamp())
