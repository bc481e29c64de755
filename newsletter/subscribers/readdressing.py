"""A reader's mail moves to another address when both ends said so. Called by the preference page and the links in both mails.

The answer to the form is the same whoever has the new address already, and nothing is written to one that an editor suppressed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.language.saying import said
from blog.refusals import Conflict, Gone, Invalid
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter, LetterState
from newsletter.subscribers import address as addresses
from newsletter.subscribers import choosing, serving, stopping, suppression
from newsletter.subscribers.address import Address
from newsletter.subscribers.masking import masked
from newsletter.subscribers.model import AddressChange, Consent, Subscriber, SubscriberState
from newsletter.subscribers.recognising import NEW_END, OLD_END, message_id
from newsletter.subscribers.tokens import VALID, AddressClaim, Tokens

SAME = said("Your mail goes there already.")
OVER = said(
    "This change of address was stopped, or another one was asked for since. Nothing moves by this link."
)
CLOSED = said(
    "The editors stopped mail to that address, so nothing moves. Write to them if you want it there."
)
AT_REST = (LetterState.READY, LetterState.RETRY, LetterState.UNCERTAIN)
SUBJECT_OLD = "Your mail is to move to another address"
TEXT_OLD = """Somebody, most likely you, asked on your preference page to send your mail to another address: {other}.

Agree, or stop it:
{url}

Not you? Open the link and press "Stop it". Without your word nothing moves, and after 7 days the request is forgotten."""
SUBJECT_NEW = "Confirm your new address"
TEXT_NEW = """Somebody, most likely you, wants to get our mail at this address instead of another one.

Confirm it:
{url}

It moves once the old address has agreed too. If you didn't ask for this, ignore it: we won't write again."""


class End(StrEnum):
    OLD = "old"
    NEW = "new"


class Stage(StrEnum):
    ASK = "ask"
    AGREED = "agreed"
    """This end has said so, the other one not yet."""
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """What either end's page shows."""

    end: End
    stage: Stage
    address: str
    """The new one, masked."""


def ask(
    db: Database,
    tokens: Tokens,
    subscriber_id: int,
    typed: str,
    at: datetime,
    settings: Settings,
) -> str:
    """Writes to both ends; returns the new address as it was read. A later request takes the place of an earlier one.

    Raises Invalid for the field ``email``, and Gone for somebody who is not on the list.
    """
    address = addresses.read(typed)
    with db.transaction() as s:
        reader = choosing.hold(s, subscriber_id)
        if address.text == reader.address:
            raise Invalid(SAME, {"email": [SAME]})
        s.merge(
            AddressChange(
                subscriber_id=reader.id, address=address.text, address_key=address.key, asked_at=at,
                old_agreed_at=None, new_agreed_at=None,
            )
        )  # fmt: skip
        stopping.note(s, reader.id, "noted", at, choosing.PAGE, "asked to move to another address")
        _write_to_old(s, tokens, reader, address, at, settings)
        _write_to_new(s, tokens, reader, address, at, settings)
    return address.text


def look(db: Database, tokens: Tokens, token: str, at: datetime) -> Change:
    """Changes nothing. Raises tokens.Incomplete, Tampered or Expired, and Gone when the change was stopped."""
    claim = tokens.read_address(token, at)
    with db.reading() as s:
        change = _find(s, claim)
        if change:
            return _view(claim, change.address, change)
        reader = s.get(Subscriber, claim.subscriber_id)
        if reader is None or not _has_moved(s, claim):
            raise Gone(OVER)
        return _view(claim, reader.address, None)


def agree(db: Database, tokens: Tokens, token: str, at: datetime, settings: Settings) -> Change:
    """This end says so; the mail moves with the second one. Twice is once. Raises as ``look``, and Conflict."""
    claim = tokens.read_address(token, at)
    with db.transaction() as s:
        s.get(Subscriber, claim.subscriber_id, with_for_update=True)
        change = _find(s, claim, locked=True)
        if change is None:
            if _has_moved(s, claim):
                return _view(claim, s.get_one(Subscriber, claim.subscriber_id).address, None)
            raise Gone(OVER)
        if claim.is_new:
            change.new_agreed_at = change.new_agreed_at or at
        else:
            change.old_agreed_at = change.old_agreed_at or at
        if not (change.old_agreed_at and change.new_agreed_at):
            return _view(claim, change.address, change)
        _move(s, choosing.hold(s, claim.subscriber_id), change, at, settings)
        return _view(claim, change.address, None)


def stop(db: Database, tokens: Tokens, token: str, at: datetime) -> None:
    """Either end may. Twice is once. Raises as ``look``; Gone when the mail has moved already."""
    claim = tokens.read_address(token, at)
    with db.transaction() as s:
        s.get(Subscriber, claim.subscriber_id, with_for_update=True)
        change = _find(s, claim, locked=True)
        if change:
            s.delete(change)
            stopping.note(s, claim.subscriber_id, "noted", at, choosing.PAGE, "stopped a change of address")
        elif _has_moved(s, claim):
            raise Gone(said("Your mail has moved already. Change it back on the preference page."))


def forget_old(db: Database, at: datetime) -> int:
    """Takes away requests that both ends left lying for seven days; the clock's housekeeping calls it. Returns how many."""
    with db.transaction() as s:
        old = delete(AddressChange).where(AddressChange.asked_at < at - VALID)
        return s.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def _write_to_old(
    s: Session, tokens: Tokens, reader: Subscriber, address: Address, at: datetime, settings: Settings
) -> None:
    url = links.absolute(settings.site, links.new_address(tokens.address_old(reader.id, at)))
    payload = {"subject": SUBJECT_OLD, "text": TEXT_OLD.format(url=url, other=masked(address.text))}
    about = message_id(at, OLD_END)
    outbox.put(s, "message", about, reader.id, reader.address, at, priority=0, payload=payload)


def _write_to_new(
    s: Session,
    tokens: Tokens,
    reader: Subscriber,
    address: Address,
    at: datetime,
    settings: Settings,
) -> None:
    other = _owner(s, address.key, reader.id)
    if other and other.state == SubscriberState.CONFIRMED:
        outbox.put(s, "notice", int(at.timestamp()), other.id, other.address, at, priority=0)
        return
    if _is_closed(s, address.key, settings):
        return
    url = links.absolute(settings.site, links.new_address(tokens.address_new(reader.id, at)))
    payload = {"subject": SUBJECT_NEW, "text": TEXT_NEW.format(url=url)}
    about = message_id(at, NEW_END)
    outbox.put(s, "message", about, reader.id, address.text, at, priority=0, payload=payload)


def _find(s: Session, claim: AddressClaim, *, locked: bool = False) -> AddressChange | None:
    change = s.get(AddressChange, claim.subscriber_id, with_for_update=locked or None)
    return change if change and int(change.asked_at.timestamp()) == int(claim.at.timestamp()) else None


def _has_moved(s: Session, claim: AddressClaim) -> bool:
    moved = Consent.subscriber_id == claim.subscriber_id, Consent.source == _mark(claim.at)
    return bool(s.scalar(select(exists().where(*moved, Consent.deed == "moved"))))


def _mark(asked_at: datetime) -> str:
    """By which the history knows which request it was that both ends agreed to."""
    return f"request {int(asked_at.timestamp())}"


def _move(s: Session, reader: Subscriber, change: AddressChange, at: datetime, settings: Settings) -> None:
    other = _owner(s, change.address_key, reader.id)
    if other and other.state == SubscriberState.CONFIRMED:
        raise Conflict("That address gets our mail already, so there is nothing to move.")
    if _is_closed(s, change.address_key, settings):
        raise Gone(CLOSED)
    if other:
        # Whoever reads at that address just agreed; what an unfinished or ended sign-up left there makes room.
        s.delete(other)
        s.flush()
    # The button was pressed in the new mailbox: that is a confirmation, and lifts what only a confirmation may lift.
    suppression.lift(s, secret_key(settings), change.address_key)
    serving.stand_still(
        s, reader.id
    )  # an edition that closes just now has written to the old address by then
    reader.address, reader.address_key = change.address, change.address_key
    mine = Letter.reader_id == reader.id, Letter.kind.in_(stopping.LETTERS), Letter.state.in_(AT_REST)
    s.execute(
        update(Letter).where(*mine, Letter.settled_at.is_(None)).values(address=change.address)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    stopping.note(s, reader.id, "moved", at, _mark(change.asked_at), "both ends agreed")
    s.delete(change)
    serving.settle(s, reader, at, settings)


def _is_closed(s: Session, address_key: str, settings: Settings) -> bool:
    """Whether an editor said that this address gets no mail at all."""
    found = suppression.find(s, secret_key(settings), address_key)
    return found is not None and found.is_manual


def _owner(s: Session, address_key: str, but: int) -> Subscriber | None:
    return s.scalar(select(Subscriber).where(Subscriber.address_key == address_key, Subscriber.id != but))


def _view(claim: AddressClaim, address: str, change: AddressChange | None) -> Change:
    end = End.NEW if claim.is_new else End.OLD
    if change is None:
        return Change(end, Stage.MOVED, masked(address))
    has_agreed = change.new_agreed_at if claim.is_new else change.old_agreed_at
    return Change(end, Stage.AGREED if has_agreed else Stage.ASK, masked(address))
