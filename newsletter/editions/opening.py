"""The one open edition of a list: found or made, and kept on the day on which it will leave. Called by compiling and arranging."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.editions import lists
from newsletter.editions.model import Edition, EditionState, MailingList
from newsletter.editions.planning import Due, plan

LONG_AGO = timedelta(days=4)
"""Days before this cannot come again, whatever happens to zone and hour."""


def open_edition(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> Edition:
    """``mailing`` must be held by lists.default_list. The edition's day and hour follow the settings as they are now."""
    edition = find_open(s, mailing.id)
    due = due_for(s, mailing, now, settings)
    if edition is None:
        edition = Edition(
            list_id=mailing.id, local_date=due.local_date, due_at=due.due_at, state=EditionState.OPEN
        )
        s.add(edition)
    edition.local_date, edition.due_at = due.local_date, due.due_at
    s.flush()
    return edition


def find_open(s: Session, list_id: int) -> Edition | None:
    return s.scalar(select(Edition).where(Edition.list_id == list_id, Edition.state == EditionState.OPEN))


def due_for(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> Due:
    """Where the open edition belongs; it is not read, so a clock that was wrong for a while leaves no trace in it."""
    rhythm = lists.rhythm(mailing, settings)
    return plan(now, rhythm.zone, rhythm.hour, _taken(s, mailing.id, now), mailing.created_at)


def _taken(s: Session, list_id: int, now: datetime) -> frozenset[date]:
    recent = Edition.local_date > (now - LONG_AGO).date()
    days = select(Edition.local_date).where(
        Edition.list_id == list_id, Edition.state != EditionState.OPEN, recent
    )
    return frozenset(s.scalars(days))
