"""The doorstep of the preference page: a mail may have been forwarded, so a link alone opens nothing. Called by its pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.language.saying import said
from blog.refusals import Invalid, NotFound
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.subscribers import address as addresses
from newsletter.subscribers.masking import masked
from newsletter.subscribers.model import Subscriber, SubscriberId, SubscriberState
from newsletter.subscribers.tokens import Tokens

QUIET = timedelta(minutes=10)
"""So long no second link goes to the same reader."""
DAY, MOST = timedelta(days=1), 5
"""So many go to one reader in a day, whoever holds a mail of theirs and presses the button."""
OTHER = said(
    "That is not the address this mail was sent to. If it was forwarded to you, sign up for your own."
)
FRESH, OLD_END, NEW_END = range(3)
"""Which of a reader's messages of one second it is: a fresh link, or to one end of a change of address."""
TEXT = """Open your preferences:

{url}

The link is good for an hour. If you didn't ask for it, ignore this mail: nothing changes."""


@dataclass(frozen=True)
class Doorstep:
    reader_id: SubscriberId
    address: str
    """Masked."""
    state: SubscriberState
    left_at: datetime | None

    @property
    def is_on_list(self) -> bool:
        return self.state == SubscriberState.CONFIRMED


def doorstep(db: Database, subscriber_id: int) -> Doorstep:
    """Raises NotFound."""
    with db.reading() as s:
        reader = _get(s, subscriber_id)
        return Doorstep(
            SubscriberId(reader.id), masked(reader.address), SubscriberState(reader.state), reader.left_at
        )


def recognise(db: Database, subscriber_id: int, typed: str) -> None:
    """Raises Invalid with a sentence for the field ``email`` unless the reader's own address was typed."""
    key = addresses.read(typed).key
    with db.reading() as s:
        if _get(s, subscriber_id).address_key != key:
            raise Invalid(OTHER, {"email": [OTHER]})


def mail_link(db: Database, tokens: Tokens, subscriber_id: int, at: datetime, settings: Settings) -> str:
    """A link to the open page, to the reader's own address, at most one in ten minutes and five a day; returns the address, masked.

    Readers who are not on the list get none; the answer is the same.
    """
    url = links.absolute(settings.site, links.open_preferences(tokens.opened(subscriber_id, at)))
    payload = {"subject": "Your link to the preferences", "text": TEXT.format(url=url)}
    with db.transaction() as s:
        reader = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
        if reader.state == SubscriberState.CONFIRMED and not _wrote_lately(s, reader.id, at):
            about = message_id(at, FRESH)
            outbox.put(s, "message", about, reader.id, reader.address, at, priority=0, payload=payload)
        return masked(reader.address)


def message_id(at: datetime, which: int) -> int:
    """What a reader's message is about, for the ledger: the second it was asked for, and which one of that second."""
    return int(at.timestamp()) * 4 + which


def _wrote_lately(s: Session, subscriber_id: int, at: datetime) -> bool:
    written = select(Letter.about_id).where(
        Letter.kind == "message",
        Letter.reader_id == subscriber_id,
        Letter.about_id > message_id(at - DAY, FRESH),
        Letter.about_id % 4 == FRESH,
    )
    moments = s.scalars(written.order_by(Letter.about_id.desc()).limit(MOST)).all()
    return len(moments) == MOST or any(moment > message_id(at - QUIET, FRESH) for moment in moments)


def _get(s: Session, subscriber_id: int) -> Subscriber:
    return s.get(Subscriber, subscriber_id) or _unknown()


def _unknown() -> Subscriber:
    raise NotFound(said("That address is not on the list any more."))
