"""Closing open editions when their hour has struck: stories are fixed, and letters are written for those who take it as it comes.

Called by the clock and by "send now". A closing is one transaction; two clocks in the same millisecond make one edition. What
readers get at moments of their own is written by ``dispatching``, which the same tick calls.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, CursorResult, Select, exists, or_, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.reading import hold_public
from blog.refusals import Conflict, NotFound
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.editions import announcing, dispatching, giving
from newsletter.editions.choosing import Place, arranged_rows, places
from newsletter.editions.handling import RETIRED
from newsletter.editions.model import Edition, EditionId, EditionKind, EditionPost, EditionState
from newsletter.editions.opening import cut_off_at, due_for, find_open, may_leave, open_edition
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription

KIND = "digest"
PREHEADER = 110
"""Characters; mail programs show 60 to 90 of them beside the subject."""


def compile_due(db: Database, now: datetime, settings: Settings) -> list[EditionId]:
    """One tick for every list: announces new stories, closes the edition that is due, opens the next, serves the readers whose
    moment has come. Returns the editions that go out; an empty day sends nothing.
    """
    closed: list[EditionId] = []
    faults: list[Exception] = []
    for list_id in _lists(db, now):
        try:
            if _has_work(db, list_id, now, settings):
                closed += _tend(db, list_id, now, settings)
            dispatching.dispatch_due(db, list_id, now, settings)
        except Exception as fault:
            faults.append(fault)  # The other lists must not wait for this one.
    if faults:
        raise faults[0]
    return closed


def send_now(db: Database, at: datetime, settings: Settings, edition_id: int | None = None) -> EditionId:
    """Closes an open edition at once; without ``edition_id`` the daily list's. A regular one bears today's date where that is
    free, else the one it would have left on. Raises Conflict where there is nothing to send, it has left or its list is retired,
    and NotFound.
    """
    with db.transaction() as s:
        lists.take_turns(s)
        mailing = _list_of(s, edition_id) if edition_id else lists.default_list(s, at)
        if mailing.retired_at:
            raise Conflict(RETIRED)
        edition = s.get(Edition, edition_id) if edition_id else open_edition(s, mailing, at, settings)
        if edition is None or edition.state != EditionState.OPEN:
            raise Conflict("That edition has left; the next one is open.")
        is_empty = not _shown(places(s, mailing, edition, at))
        if is_empty and not (edition.kind == EditionKind.SPECIAL and edition.note and edition.subject):
            raise Conflict("There is no story for the next edition yet, so there is nothing to send.")
        if edition.kind == EditionKind.REGULAR:
            _date_today(s, edition, at.astimezone(lists.rhythm(mailing, settings).zone).date())
        edition.due_at = at
        announcing.announce(s, mailing, at, settings)
        _close(s, mailing, edition, at, at, settings)
        sent = EditionId(edition.id)
        list_id = mailing.id
    dispatching.dispatch_due(db, list_id, at, settings)
    return sent


def sent_due(db: Database, now: datetime) -> int:
    """Editions whose letters have all come to an end are sent. Returns how many became so."""
    done = select(Edition.id).where(Edition.state == EditionState.SENDING, ~_has_waiting_letters())
    with db.reading() as s:
        if not s.scalars(done).first():
            return 0
    with db.transaction() as s:
        ids = s.scalars(done.with_for_update()).all()
        # Looked at anew now that they are held: letters may have been written to one while we waited for it.
        ended = (Edition.id.in_(ids), ~_has_waiting_letters())
        sent = s.execute(
            update(Edition).where(*ended).values(state=EditionState.SENT, sent_at=now),
            execution_options={"synchronize_session": False},
        )
        assert isinstance(sent, CursorResult)
        return sent.rowcount


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


def plain_readers(list_id: int) -> Select[int, str]:
    """Id and address of everybody who gets an edition as it closes, without any choice of their own to be weighed."""
    return _confirmed(list_id).where(Subscription.next_at.is_(None), Subscriber.is_particular.is_(False))


def _lists(db: Database, now: datetime) -> list[int]:
    with db.reading() as s:
        found = list(lists.living(s))
    if found:
        return found
    with db.transaction() as s:
        return [lists.default_list(s, now).id]


def _has_work(db: Database, list_id: int, now: datetime, settings: Settings) -> bool:
    """A look without a lock."""
    with db.reading() as s:
        mailing = s.get_one(MailingList, list_id)
        edition = find_open(s, list_id)
        if announcing.is_anything_new(s, mailing, now):
            return True
        if mailing.weekdays == 0 or edition is None:
            return mailing.weekdays != 0 or edition is not None
        due = due_for(s, mailing, now, settings)
        is_leaving = due.due_at <= now and may_leave(mailing, edition)
        return is_leaving or (edition.local_date, edition.due_at) != (due.local_date, due.due_at)


def _tend(db: Database, list_id: int, now: datetime, settings: Settings) -> list[EditionId]:
    with db.transaction() as s:
        lists.take_turns(s)
        mailing = lists.hold(s, list_id)
        announcing.announce(s, mailing, now, settings)
        if mailing.weekdays == 0:
            # It had a timetable until now: what gathered leaves as its last edition.
            last = find_open(s, list_id)
            return _close(s, mailing, last, now, now, settings) if last else []
        edition = open_edition(s, mailing, now, settings)
        if edition.due_at > now or not may_leave(mailing, edition):
            return []
        return _close(s, mailing, edition, now, cut_off_at(mailing, edition), settings)


def _close(
    s: Session, mailing: MailingList, edition: Edition, at: datetime, until: datetime, settings: Settings
) -> list[EditionId]:
    """``mailing`` is locked, so numbers follow one another and nobody's choices change meanwhile."""
    chosen = _shown(places(s, mailing, edition, min(at, until)))
    public = hold_public(s, [place.story.id for place in chosen])
    shown = [place for place in chosen if place.story.id in public]
    goes_out = bool(shown) or edition.kind == EditionKind.SPECIAL
    _forget_absent(s, edition, shown)
    edition.closed_at = at
    edition.state = EditionState.SENDING if goes_out else EditionState.SKIPPED
    if goes_out:
        mailing.last_number += 1
        edition.number = mailing.last_number
        _fix_words(s, edition, shown)
        edition.recipients = _write_letters(
            s, edition, [place.story.id for place in shown], at, lists.relay_of(mailing, settings)
        )
    s.flush()
    if mailing.weekdays and edition.kind == EditionKind.REGULAR:
        open_edition(s, mailing, at, settings)
    return [EditionId(edition.id)] if goes_out else []


def _fix_words(s: Session, edition: Edition, shown: list[Place]) -> None:
    if shown:
        edition.subject = edition.subject or shown[0].title
        edition.preheader = edition.preheader or default_preheader(shown)
    for position, place in enumerate(shown, 1):
        _fix(s, edition, place, position)


def _write_letters(s: Session, edition: Edition, posts: list[int], at: datetime, relay: str) -> int:
    if edition.kind == EditionKind.SPECIAL:
        return giving.give(s, edition, posts, _unpaused(edition.list_id, at), at, relay)
    return outbox.put_all(s, KIND, edition.id, plain_readers(edition.list_id), at, relay=relay)


def _confirmed(list_id: int) -> Select[int, str]:
    return (
        select(Subscriber.id, Subscriber.address)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(Subscription.list_id == list_id, Subscriber.state == SubscriberState.CONFIRMED)
    )


def _unpaused(list_id: int, at: datetime) -> Select[int, str]:
    return _confirmed(list_id).where(or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= at))


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
    row.topic, row.byline, row.minutes = story.topic, story.byline[:300], story.minutes
    row.image_id = place.image_id


def _list_of(s: Session, edition_id: int) -> MailingList:
    list_id = s.scalar(select(Edition.list_id).where(Edition.id == edition_id))
    if list_id is None:
        raise NotFound("There is no such edition.")
    return lists.hold(s, list_id)


def _date_today(s: Session, edition: Edition, today: date) -> None:
    """An empty day that was skipped gives its date back."""
    regular = (Edition.list_id == edition.list_id) & (Edition.kind == EditionKind.REGULAR)
    there = s.scalar(select(Edition).where(regular, Edition.local_date == today))
    if there is edition:
        return
    if there and there.state == EditionState.SKIPPED and not arranged_rows(s, there.id):
        s.delete(there)
        s.flush()
        there = None
    if there is None:
        edition.local_date, edition.slug = today, today.isoformat()


def _has_waiting_letters() -> ColumnElement[bool]:
    return exists().where(Letter.kind == KIND, Letter.about_id == Edition.id, Letter.settled_at.is_(None))
