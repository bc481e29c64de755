"""How a reader joins: ask by a form, confirm by a button. Called by the public sign-up doors.

The answer to a form never tells who is on the list, and one address gets at most one letter in 24 hours and one resend.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import said
from blog.refusals import Gone, NotFound
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import URGENT
from newsletter.lists.model import MailingList
from newsletter.subscribers import address as addresses
from newsletter.subscribers import serving, stopping, suppression
from newsletter.subscribers import wishes as forms
from newsletter.subscribers.model import Consent, Subscriber, SubscriberId, SubscriberState, Subscription
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Claim, Expired, Tokens
from newsletter.subscribers.wishes import Wishes

QUIET = timedelta(hours=24)
"""An address that was written to is left alone this long, save for one resend."""
PATIENCE = timedelta(seconds=60)
"""How long after a letter the reader may ask for it again."""


@dataclass(frozen=True)
class Asked:
    address: str
    suggestion: str = ""
    """Set when a typo is likely: nothing was written yet, and the reader is asked which one is meant."""


@dataclass(frozen=True)
class Doorstep:
    """What the confirmation page shows before the button is pressed."""

    subscriber_id: SubscriberId
    address: str
    confirmed_at: datetime | None
    """Set when this reader has confirmed already."""
    lists: tuple[str, ...] = ()
    """The names of what they chose on the form; empty where that is the daily digest."""


@dataclass(frozen=True)
class Confirmed:
    subscriber_id: SubscriberId
    address: str
    confirmed_at: datetime
    is_new: bool
    """False when it had been confirmed before; then nothing was changed or sent."""


def ask(
    db: Database,
    typed: str,
    origin: Origin,
    at: datetime,
    settings: Settings,
    *,
    wishes: Wishes = forms.NOTHING,
    certain: bool = False,
) -> Asked:
    """``certain`` says that the reader was shown the suggestion and kept the address.

    Raises Invalid. A new, a pending, a confirmed and a departed reader all get the same answer after the same work, and so does an
    address that an editor suppressed: what must not stand is done all the same and taken back.
    """
    address = addresses.read(typed)
    meant = "" if certain else addresses.suggestion(address)
    if meant:
        return Asked(address.text, meant)
    secret = secret_key(settings)
    with db.transaction() as s, s.begin_nested() as whole:
        is_closed = _is_closed(s, secret, address.key)
        reader = _hold(s, address, origin, at)
        with s.begin_nested() as chosen:
            is_theirs = reader.state == SubscriberState.PENDING
            forms.keep(s, reader, wishes, at, settings)
            if not is_theirs:
                chosen.rollback()
        with s.begin_nested() as letter:
            is_due = not _letters(s, reader.id, at)
            _write(s, reader, origin, at)
            if not is_due:
                letter.rollback()
        if is_closed:
            whole.rollback()
    return Asked(address.text)


def resend(db: Database, typed: str, origin: Origin, at: datetime, settings: Settings) -> Asked:
    """The one explicit resend. Too early, a second time or for a stranger it does nothing; the answer is the same after the same work."""
    address = addresses.read(typed)
    with db.transaction() as s, s.begin_nested() as whole:
        is_closed = _is_closed(s, secret_key(settings), address.key)
        reader = _hold(s, address, origin, at)
        # Without a letter of the last day there is nothing to send again: that would tell who is on record.
        is_due = _letters(s, reader.id, at) == 1 and at - reader.asked_at >= PATIENCE
        _write(s, reader, origin, at)
        if is_closed or not is_due:
            whole.rollback()
    return Asked(address.text)


def remind(db: Database, subscriber_id: int, origin: Origin, at: datetime, settings: Settings) -> None:
    """A confirmation once more because an editor asks for it; within the same limits. Raises NotFound."""
    with db.transaction() as s:
        reader = _get(s, SubscriberId(subscriber_id))
        if not _is_closed(s, secret_key(settings), reader.address_key):
            _write_again(s, reader, origin, at)


def renew(db: Database, tokens: Tokens, token: str, at: datetime, settings: Settings) -> Asked:
    """A new confirmation for whoever holds an old link. Raises what the token is refused for, unless it is only its age."""
    try:
        subscriber_id = tokens.read_confirm(token, at).subscriber_id
    except Expired as expired:
        subscriber_id = expired.subscriber_id
    with db.transaction() as s:
        reader = _get(s, subscriber_id)
        if _has_moved(s, reader.id):
            _unknown()
        if not _is_closed(s, secret_key(settings), reader.address_key):
            _write_again(s, reader, Origin("letter", reader.form or "page", reader.campaign), at)
        return Asked(reader.address)


def look(db: Database, tokens: Tokens, token: str, at: datetime, settings: Settings) -> Doorstep:
    """Changes nothing. Raises as confirm does."""
    claim = tokens.read_confirm(token, at)
    with db.reading() as s:
        reader = s.get(Subscriber, claim.subscriber_id) or _unknown()
        if reader.state == SubscriberState.CONFIRMED:
            return Doorstep(claim.subscriber_id, reader.address, reader.confirmed_at)
        _check_may_confirm(s, reader, claim, secret_key(settings))
        return Doorstep(claim.subscriber_id, reader.address, None, _lists(s, reader.id))


def confirm(db: Database, tokens: Tokens, token: str, at: datetime, settings: Settings) -> Confirmed:
    """Raises tokens.Incomplete, Tampered or Expired; Gone when the reader has left since the link was sent, or an editor stopped them.

    The button is the reader's own word, so it lifts whatever an earlier bounce, complaint or erasure left behind.
    """
    claim, secret = tokens.read_confirm(token, at), secret_key(settings)
    with db.transaction() as s:
        reader = _get(s, claim.subscriber_id)
        if reader.state == SubscriberState.CONFIRMED:
            return Confirmed(claim.subscriber_id, reader.address, reader.confirmed_at or at, False)
        _check_may_confirm(s, reader, claim, secret)
        reader.state, reader.confirmed_at = SubscriberState.CONFIRMED, at
        reader.left_at, reader.reason = None, ""
        suppression.lift(s, secret, reader.address_key)
        stopping.note(s, reader.id, "confirmed", at, "letter")
        serving.begin(s, reader, at, settings)
        outbox.put(s, "welcome", _moment(at), reader.id, reader.address, at, priority=URGENT)
        return Confirmed(claim.subscriber_id, reader.address, at, True)


def _is_closed(s: Session, secret: str, address_key: str) -> bool:
    """Whether an editor said that this address gets no mail at all."""
    found = suppression.find(s, secret, address_key)
    return found is not None and found.is_manual


def _hold(s: Session, address: addresses.Address, origin: Origin, at: datetime) -> Subscriber:
    """The reader of this address, made if need be, locked until the transaction ends."""
    fresh = {"address": address.text, "address_key": address.key, "created_at": at, "asked_at": at}
    s.execute(insert_into(s, Subscriber).values(fresh).values(_came_from(origin)).on_conflict_do_nothing())
    return s.scalars(select(Subscriber).where(Subscriber.address_key == address.key).with_for_update()).one()


def _letters(s: Session, subscriber_id: int, at: datetime) -> int:
    asked = (Consent.subscriber_id == subscriber_id, Consent.deed == "asked", Consent.at > at - QUIET)
    return s.scalar(select(func.count()).select_from(Consent).where(*asked)) or 0


def _write_again(s: Session, reader: Subscriber, origin: Origin, at: datetime) -> None:
    written = _letters(s, reader.id, at)
    if written == 0 or (written == 1 and at - reader.asked_at >= PATIENCE):
        _write(s, reader, origin, at)


def _write(s: Session, reader: Subscriber, origin: Origin, at: datetime) -> None:
    kind = "notice" if reader.state == SubscriberState.CONFIRMED else "confirmation"
    reader.asked_at = at
    if reader.state == SubscriberState.PENDING and origin.source != "letter":
        # Somebody who never confirmed came by the page that brought them to it.
        for name, value in _came_from(origin).items():
            setattr(reader, name, value)
    stopping.note(s, reader.id, "asked", at, origin.source, origin.words)
    s.flush()
    outbox.put(s, kind, _moment(at), reader.id, reader.address, at, priority=URGENT)


def _came_from(origin: Origin) -> dict[str, str]:
    return {"source": origin.source[:200], "form": origin.form[:60], "campaign": origin.campaign[:100]}


def _get(s: Session, subscriber_id: SubscriberId) -> Subscriber:
    return s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()


def _unknown() -> Subscriber:
    raise NotFound(said("That sign-up is not on record any more. Sign up again."))


def _check_may_confirm(s: Session, reader: Subscriber, claim: Claim, secret: str) -> None:
    if _is_closed(s, secret, reader.address_key):
        raise Gone(said("The editors stopped mail to this address. Write to them if you want it back."))
    # A link sent before somebody left must not bring them back, whoever finds it. One who bounced proves by it that mail arrives.
    has_ended = reader.state in (SubscriberState.LEFT, SubscriberState.COMPLAINED)
    if has_ended and reader.left_at and int(claim.at.timestamp()) < int(reader.left_at.timestamp()):
        raise Gone(said("You have left since this link was sent. Sign up again to start again."))


def _has_moved(s: Session, subscriber_id: int) -> bool:
    """Whoever finds a link in the old mailbox learns nothing of the new one."""
    return bool(
        s.scalar(select(exists().where(Consent.subscriber_id == subscriber_id, Consent.deed == "moved")))
    )


def _lists(s: Session, subscriber_id: int) -> tuple[str, ...]:
    named = (
        select(MailingList.name)
        .join(Subscription, Subscription.list_id == MailingList.id)
        .where(Subscription.subscriber_id == subscriber_id)
        .order_by(MailingList.name)
    )
    return tuple(s.scalars(named))


def _moment(at: datetime) -> int:
    """What tells one confirmation of a reader from the next: its second."""
    return int(at.timestamp())
