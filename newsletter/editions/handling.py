"""An open edition in an editor's hands: its list locked against the clock that might be closing it. Called by every verb of the composer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, NotFound
from newsletter.editions.model import Edition, EditionKind, EditionState
from newsletter.editions.opening import cut_off_at, may_leave
from newsletter.lists.model import MailingList

LEFT = "That edition has left; the next one is open."
RETIRED = "That list is retired; no edition of it leaves any more."
TOO_LATE = (
    "This edition is about to leave and takes no more changes. Stop it first if something must be mended."
)


@contextmanager
def in_hand(db: Database, edition_id: int) -> Iterator[tuple[Session, MailingList, Edition]]:
    """Raises NotFound, and Conflict for an edition that is no longer open or whose list is retired."""
    with db.transaction() as s:
        of_edition = (
            select(MailingList)
            .join(Edition, Edition.list_id == MailingList.id)
            .where(Edition.id == edition_id)
        )
        mailing = s.scalar(of_edition.with_for_update(of=MailingList))
        edition = s.get(Edition, edition_id)
        if mailing is None or edition is None:
            raise NotFound("There is no such edition.")
        if edition.state != EditionState.OPEN:
            raise Conflict(LEFT)
        if mailing.retired_at:
            raise Conflict(RETIRED)
        yield s, mailing, edition


@contextmanager
def to_change(db: Database, edition_id: int, at: datetime) -> Iterator[tuple[Session, MailingList, Edition]]:
    """As ``in_hand``; raises Conflict also between the list's cut-off and the edition's hour, unless the edition waits anyway."""
    with in_hand(db, edition_id) as (s, mailing, edition):
        if is_fixed(mailing, edition, at):
            raise Conflict(TOO_LATE)
        yield s, mailing, edition


def is_fixed(mailing: MailingList, edition: Edition, at: datetime) -> bool:
    """Past the cut-off and sure to leave."""
    if edition.kind == EditionKind.SPECIAL or not mailing.cut_off or not may_leave(mailing, edition):
        return False
    return cut_off_at(mailing, edition) <= at <= edition.due_at
