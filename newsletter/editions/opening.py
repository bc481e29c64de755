"""The one open regular edition of a list: found or made, and kept on the day on which it will leave. Called by compiling and arranging."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.editions.model import Edition, EditionKind, EditionState
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.lists.planning import Due, plan

LONG_AGO = timedelta(days=8)
"""Days before this cannot come again, whatever happens to zone, hour and weekdays."""


def open_edition(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> Edition:
    """``mailing`` must be locked and have a timetable. The edition's day and hour follow the settings as they are now."""
    edition = find_open(s, mailing.id)
    due = due_for(s, mailing, now, settings)
    if edition is None:
        edition = Edition(list_id=mailing.id, state=EditionState.OPEN)
        s.add(edition)
    edition.local_date, edition.due_at, edition.slug = due.local_date, due.due_at, due.local_date.isoformat()
    s.flush()
    return edition


def find_open(s: Session, list_id: int) -> Edition | None:
    return s.scalar(
        select(Edition).where(
            Edition.list_id == list_id,
            Edition.state == EditionState.OPEN,
            Edition.kind == EditionKind.REGULAR,
        )
    )


def due_for(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> Due:
    """Where the open edition belongs; it is not read, so a clock that was wrong for a while leaves no trace in it."""
    rhythm = lists.rhythm(mailing, settings)
    taken = _taken(s, mailing.id, now)
    return plan(now, rhythm.zone, rhythm.hour, taken, mailing.created_at, mailing.weekdays)


def may_leave(mailing: MailingList, edition: Edition) -> bool:
    """False while an editor holds it, or while it lacks the approval that its list asks for."""
    return edition.held_at is None and (edition.approved_at is not None or not mailing.needs_approval)


def cut_off_at(mailing: MailingList, edition: Edition) -> datetime:
    """From this moment on the edition takes no story and no change."""
    return edition.due_at - timedelta(minutes=mailing.cut_off)


def _taken(s: Session, list_id: int, now: datetime) -> frozenset[date]:
    days = select(Edition.local_date).where(
        Edition.list_id == list_id,
        Edition.kind == EditionKind.REGULAR,
        Edition.state != EditionState.OPEN,
        Edition.local_date > (now - LONG_AGO).date(),
    )
    return frozenset(s.scalars(days))
