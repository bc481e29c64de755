"""Closing the open edition when its hour has struck: its stories are fixed and one letter is written for each reader.

Called by the clock and by "send now". All of it is one transaction; two clocks in the same millisecond make one edition.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.editions import lists
from newsletter.editions.choosing import Place, arranged_rows, places
from newsletter.editions.model import Edition, EditionId, EditionPost, EditionState, MailingList
from newsletter.editions.opening import due_for, find_open, open_edition
from newsletter.subscribers import reading as readers

KIND = "digest"
PREHEADER = 110
"""Characters; mail programs show 60 to 90 of them beside the subject."""


def compile_due(db: Database, now: datetime, settings: Settings) -> list[EditionId]:
    """Closes the edition that is due, if one is, and opens the next. Returns those that go out; an empty day sends nothing."""
    if not _has_work(db, now, settings):
        return []
    with db.transaction() as s:
        mailing = lists.default_list(s, now)
        edition = open_edition(s, mailing, now, settings)
        if edition.due_at > now:
            return []
        return _close(s, mailing, edition, now, settings)


def send_now(db: Database, at: datetime, settings: Settings) -> EditionId:
    """Closes the open edition at once. It bears today's date where that is free, else the one it would have left on.

    Raises Conflict where there is nothing to send.
    """
    with db.transaction() as s:
        mailing = lists.default_list(s, at)
        edition = open_edition(s, mailing, at, settings)
        if not _shown(places(s, mailing, edition, at)):
            raise Conflict("There is no story for the next edition yet, so there is nothing to send.")
        _date_today(s, edition, at.astimezone(lists.rhythm(mailing, settings).zone).date())
        edition.due_at = at
        return _close(s, mailing, edition, at, settings)[0]


def sent_due(db: Database, now: datetime) -> int:
    """Editions whose letters have all come to an end are sent. Returns how many became so."""
    done = select(Edition.id).where(Edition.state == EditionState.SENDING, ~_has_waiting_letters())
    with db.reading() as s:
        if not s.scalars(done).first():
            return 0
    with db.transaction() as s:
        ids = s.scalars(done.with_for_update()).all()
        s.execute(update(Edition).where(Edition.id.in_(ids)).values(state=EditionState.SENT, sent_at=now))
        return len(ids)


def default_preheader(shown: list[Place]) -> str:
    """The titles that follow the first, as many as fit; the dek of a story that stands alone."""
    if len(shown) == 1:
        return shown[0].story.dek[:PREHEADER]
    line = shown[1].title
    for place in shown[2:]:
        if len(line) + len(place.title) + 3 > PREHEADER:
            break
        line += f" · {place.title}"
    return line[:200]


def _has_work(db: Database, now: datetime, settings: Settings) -> bool:
    """A look without a lock, so that a clock that ticks each second does not hold up the writers."""
    with db.reading() as s:
        mailing = lists.find_list(s)
        edition = find_open(s, mailing.id) if mailing else None
        if mailing is None or edition is None:
            return True
        due = due_for(s, mailing, now, settings)
        return due.due_at <= now or (edition.local_date, edition.due_at) != (due.local_date, due.due_at)


def _close(
    s: Session, mailing: MailingList, edition: Edition, at: datetime, settings: Settings
) -> list[EditionId]:
    shown = _shown(places(s, mailing, edition, at))
    _forget_absent(s, edition, shown)
    edition.closed_at = at
    edition.state = EditionState.SENDING if shown else EditionState.SKIPPED
    if shown:
        edition.subject = edition.subject or shown[0].title
        edition.preheader = edition.preheader or default_preheader(shown)
        for position, place in enumerate(shown, 1):
            _fix(s, edition, place, position)
        edition.recipients = outbox.put_all(s, KIND, edition.id, readers.confirmed(), at)
    s.flush()
    open_edition(s, mailing, at, settings)
    return [EditionId(edition.id)] if shown else []


def _shown(chosen: tuple[Place, ...]) -> list[Place]:
    return [place for place in chosen if not place.dropped]


def _forget_absent(s: Session, edition: Edition, shown: list[Place]) -> None:
    """A story arranged and then withdrawn loses its place here, so that it may appear later. Dropped ones stay dropped."""
    kept = {place.story.id for place in shown}
    for row in arranged_rows(s, edition.id):
        if row.post_id not in kept and not row.dropped:
            s.delete(row)


def _fix(s: Session, edition: Edition, place: Place, position: int) -> None:
    story, row = place.story, place.row
    if row is None:
        row = EditionPost(edition_id=edition.id, list_id=edition.list_id, post_id=story.id)
        s.add(row)
    row.position, row.title, row.dek, row.path = position, place.title, story.dek, story.path
    row.topic, row.byline, row.minutes, row.image_id = (
        story.topic,
        story.byline[:300],
        story.minutes,
        story.image_id,
    )


def _date_today(s: Session, edition: Edition, today: date) -> None:
    """An empty day that was skipped gives its date back."""
    there = s.scalar(select(Edition).where(Edition.list_id == edition.list_id, Edition.local_date == today))
    if there is edition:
        return
    if there and there.state == EditionState.SKIPPED and not arranged_rows(s, there.id):
        s.delete(there)
        s.flush()
        there = None
    if there is None:
        edition.local_date = today


def _has_waiting_letters() -> ColumnElement[bool]:
    return exists().where(Letter.kind == KIND, Letter.about_id == Edition.id, Letter.settled_at.is_(None))
