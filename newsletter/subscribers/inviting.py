"""An editor enters an address by hand, or asks for a confirmation once more. It is the reader who confirms; the form's limits hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, NotFound
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.subscribers import address as addresses
from newsletter.subscribers import reading, signup, suppression
from newsletter.subscribers.model import SubscriberId, SubscriberState
from newsletter.subscribers.origins import DESK, Origin

SUPPRESSED = "This address is on the suppression list, so it gets no mail. Lift that first."


@dataclass(frozen=True)
class Invited:
    address: str
    suggestion: str = ""
    """Set when a typo is likely: nothing was written yet."""
    reader_id: SubscriberId | None = None
    is_new: bool = False
    """False for somebody who is known already: nothing was written to them."""


def invite(db: Database, typed: str, at: datetime, settings: Settings, *, certain: bool = False) -> Invited:
    """Raises Invalid, and Conflict for an address that an editor suppressed."""
    address = addresses.read(typed)
    with db.reading() as s:
        _check_open(s, settings, address.key)
        known = reading.by_address(s, address.key)
    if known:
        return Invited(known.address, reader_id=known.id)
    asked = signup.ask(db, typed, Origin("desk", DESK), at, settings, certain=certain)
    if asked.suggestion:
        return Invited(asked.address, asked.suggestion)
    with db.reading() as s:
        made = reading.by_address(s, address.key) or _unknown()
    return Invited(made.address, reader_id=made.id, is_new=True)


def remind(db: Database, reader_id: int, at: datetime, settings: Settings) -> bool:
    """Whether a confirmation was written; False where one was written too lately. Raises NotFound, Conflict."""
    with db.reading() as s:
        reader = reading.find_in(s, reader_id) or _unknown()
        _check_open(s, settings, reader.address.casefold())
        before = len(reading.deeds(s, reader_id))
    if reader.state != SubscriberState.PENDING:
        raise Conflict("Only somebody who has not confirmed yet can be asked again.")
    signup.remind(db, reader_id, Origin("desk", reader.form or DESK, reader.campaign), at, settings)
    with db.reading() as s:
        return len(reading.deeds(s, reader_id)) > before


def _check_open(s: Session, settings: Settings, address_key: str) -> None:
    found = suppression.find(s, secret_key(settings), address_key)
    if found and found.is_manual:
        raise Conflict(SUPPRESSED)


def _unknown() -> NoReturn:
    raise NotFound("There is no such reader.")
