"""Special editions: outside the timetable, filled by hand, gone when an editor says so. Called by the desk.

``compiling.send_now`` sends one, to every reader of its list.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.editions.arranging import LONGEST
from newsletter.editions.handling import in_hand
from newsletter.editions.model import Edition, EditionId, EditionKind, EditionState
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.lists.wording import line


def make(db: Database, list_id: int, subject: str, at: datetime, settings: Settings) -> EditionId:
    """An empty one of that list, which any number of others may stand beside. Raises Invalid, NotFound."""
    subject = line(subject)
    if not subject or len(subject) > LONGEST["subject"]:
        sentence = f"Give it a subject of at most {LONGEST['subject']} characters; readers see it first."
        raise Invalid(sentence, {"subject": [sentence]})
    with db.transaction() as s:
        mailing = s.scalar(select(MailingList).where(MailingList.id == list_id).with_for_update())
        if mailing is None or mailing.retired_at:
            raise NotFound("There is no such list.")
        today = at.astimezone(lists.rhythm(mailing, settings).zone).date()
        edition = Edition(
            list_id=list_id, local_date=today, kind=EditionKind.SPECIAL, slug=_slug(s, list_id, today.isoformat()),
            state=EditionState.OPEN, due_at=at, subject=subject,
        )  # fmt: skip
        s.add(edition)
        s.flush()
        return EditionId(edition.id)


def discard(db: Database, edition_id: int) -> None:
    """Its stories go back to where they were. Raises NotFound, and Conflict when it has left or is none."""
    with in_hand(db, edition_id) as (s, _, edition):
        if edition.kind != EditionKind.SPECIAL:
            raise Conflict("Only a special edition can be discarded. Hold this one instead.")
        s.delete(edition)


def _slug(s: Session, list_id: int, day: str) -> str:
    """``2026-11-23-2``: the day's own address is the regular edition's."""
    of_day = select(Edition.slug).where(Edition.list_id == list_id, Edition.slug.startswith(f"{day}-"))
    taken = set(s.scalars(of_day))
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{day}-{n}") not in taken)
