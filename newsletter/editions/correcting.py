"""A mail to exactly those readers whose edition carried a story. Called by the desk; ``composing`` writes the letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts import reading
from blog.refusals import Conflict, Invalid
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.editions.digest import short_day
from newsletter.editions.model import Correction, Edition, EditionId, EditionPost, EditionState
from newsletter.editions.reading import EditionView, edition_view, paragraphs, went_out
from newsletter.editions.sharing import carried_to, count_carried_to
from newsletter.lists.model import MailingList
from newsletter.lists.reading import relay_of
from newsletter.lists.wording import line, prose
from newsletter.subscribers.model import Subscriber, SubscriberState

KIND = "correction"
LONGEST = {"subject": 200, "text": 5000}
SOME = 1000
UNSAID = "Say what was wrong, and what is right."


@dataclass(frozen=True)
class Sent:
    subject: str
    text: tuple[str, ...]
    at: datetime
    by: str
    recipients: int


@dataclass(frozen=True)
class Draft:
    """What the page starts from."""

    edition: EditionView
    post_id: int
    """The story it is about; 0 for the whole edition."""
    subject: str
    text: str
    readers: int
    """As many get it if it is sent now."""
    earlier: tuple[Sent, ...]


@dataclass(frozen=True)
class Carrier:
    """An edition that has left with a story in it."""

    edition_id: EditionId
    local_date: date
    subject: str
    readers: int
    """As many would get a correction now."""
    corrected: int
    """How many corrections of this story went out to them already."""


def carriers(db: Database, post_id: int) -> tuple[Carrier, ...]:
    """The editions whose readers have the story, newest first."""
    carrying = (
        select(Edition)
        .join(EditionPost, EditionPost.edition_id == Edition.id)
        .where(EditionPost.post_id == post_id, EditionPost.dropped.is_(False), went_out())
        .order_by(Edition.local_date.desc(), Edition.id.desc())
    )
    with db.reading() as s:
        return tuple(_carrier(s, edition, post_id) for edition in s.scalars(carrying).all())


def draft(db: Database, edition_id: int, post_id: int = 0) -> Draft:
    """The text begins with the story's newest correction, where one stands on the site. Raises NotFound, and Conflict for an edition that has not left."""
    with db.reading() as s:
        view = _gone(s, edition_id)
        known = {story.post_id: story.title for story in view.stories}
        about = post_id if post_id in known else 0
        title = known.get(about, view.subject)
        told = reading.corrections_of(s, about)
        opening = _opening(view, known.get(about, "")) + (told[-1].text if told else "")
        return Draft(
            view, about, f"Correction: {title}"[: LONGEST["subject"]], opening,
            count_carried_to(s, edition_id, about or None), _earlier(s, edition_id),
        )  # fmt: skip


def send(
    db: Database,
    edition_id: int,
    post_id: int,
    subject: str,
    text: str,
    by: str,
    at: datetime,
    settings: Settings,
) -> int:
    """Writes the letters; returns how many. ``post_id`` 0 means the whole edition.

    Raises Invalid, NotFound, and Conflict where nobody would get it or the same was sent before.
    """
    subject, text = _checked(subject, text)
    with db.transaction() as s:
        # Held, so that two presses of the button in one moment find each other.
        edition = s.get(Edition, edition_id, with_for_update=True)
        view = _gone(s, edition_id)
        known = {story.post_id: story.title for story in view.stories}
        about = post_id if post_id in known else None
        if text == prose(_opening(view, known.get(post_id, ""))):
            raise Invalid(UNSAID, {"text": [UNSAID]})
        if s.scalar(_same(edition_id, subject, text)):
            raise Conflict("That correction has been sent already.")
        readers = [reader_id for reader_id, _ in carried_to(s, edition_id, about)]
        if not readers:
            raise Conflict("No mail that carried it has been accepted yet, so there is nobody to write to.")
        row = Correction(edition_id=edition_id, post_id=about, subject=subject, text=text, at=at, by=by)
        s.add(row)
        s.flush()
        mailing = s.get_one(MailingList, edition.list_id) if edition else None
        row.recipients = _write(s, row.id, readers, at, relay_of(mailing, settings))
        return row.recipients


def _carrier(s: Session, edition: Edition, post_id: int) -> Carrier:
    told = select(func.count()).where(Correction.edition_id == edition.id, Correction.post_id == post_id)
    readers = count_carried_to(s, edition.id, post_id)
    return Carrier(EditionId(edition.id), edition.local_date, edition.subject, readers, s.scalar(told) or 0)


def _gone(s: Session, edition_id: int) -> EditionView:
    view = edition_view(s, EditionId(edition_id))
    if view.state not in (EditionState.SENDING, EditionState.SENT):
        raise Conflict("That edition has not left, so there is nothing to correct in it.")
    return view


def _opening(view: EditionView, title: str) -> str:
    carried = f"carried “{title}”" if title else f"“{view.subject}” went to you"
    return f"Our mail of {short_day(view.local_date)} {carried}. One thing in it was not right.\n\n"


def _earlier(s: Session, edition_id: int) -> tuple[Sent, ...]:
    rows = s.scalars(select(Correction).where(Correction.edition_id == edition_id).order_by(Correction.id))
    return tuple(Sent(row.subject, paragraphs(row.text), row.at, row.by, row.recipients) for row in rows)


def _checked(subject: str, text: str) -> tuple[str, str]:
    subject, text = line(subject), prose(text)
    faults = {
        field: [f"Write a {field} of at most {LONGEST[field]} characters."]
        for field, words in (("subject", subject), ("text", text))
        if not 0 < len(words) <= LONGEST[field]
    }
    if faults:
        raise Invalid("Some of this needs another look.", faults)
    return subject, text


def _same(edition_id: int, subject: str, text: str) -> Select[int]:
    return select(Correction.id).where(
        Correction.edition_id == edition_id, Correction.subject == subject, Correction.text == text
    )


def _write(s: Session, correction_id: int, readers: Sequence[int], at: datetime, relay: str) -> int:
    """Some at a time, since a statement takes a limited count of parameters."""
    written = 0
    for start in range(0, len(readers), SOME):
        some = select(Subscriber.id, Subscriber.address).where(
            Subscriber.id.in_(readers[start : start + SOME]), Subscriber.state == SubscriberState.CONFIRMED
        )
        written += outbox.put_all(s, KIND, correction_id, some, at, relay=relay)
    return written
