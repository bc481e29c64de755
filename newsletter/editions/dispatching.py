"""Letters for readers whose own moment has come, and for those whose share of an edition must be worked out. Called by compiling.

Each gets one letter about the newest edition of the list, with what has gathered since their position; nothing new, no letter.
A moment that lies behind the hour of an edition which has not left yet waits for it, so that an edition that is held or late
reaches everybody the day it leaves.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.reading import subjects
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.editions.model import Edition, EditionKind, EditionShare, EditionState
from newsletter.editions.opening import find_open
from newsletter.editions.sharing import DIGEST, received, stories_of
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.lists.planning import GRACE
from newsletter.subscribers import serving
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription

CHUNK = 500
"""Readers in one transaction, so that nobody else waits long for the database."""
_IS_READER = Subscriber.state == SubscriberState.CONFIRMED


@dataclass(frozen=True)
class _Pending:
    """What readers of a list may still lack: its closed editions, newest first, with their stories."""

    editions: Sequence[Edition]
    stories: Mapping[int, Sequence[int]]
    written: Set[tuple[int, int]]
    """(edition, reader) where there is a letter already, whatever became of it: of special ones, which go to all who have no pause."""

    relay: str
    """Of the list."""

    def lacking(self, reader: Subscriber, subscription: Subscription) -> list[Edition]:
        """Newest first. A letter is about the first of them and reaches back, never forward."""
        return [
            edition
            for edition in self.editions
            if (edition.number or 0) > subscription.position and (edition.id, reader.id) not in self.written
        ]

    def posts(self, editions: Sequence[Edition]) -> list[int]:
        """Newest edition first, each in its own order."""
        return list(dict.fromkeys(post for edition in editions for post in self.stories.get(edition.id, ())))


def dispatch_due(db: Database, list_id: int, now: datetime, settings: Settings) -> int:
    """Serves every reader of the list who is due. Returns how many letters were written."""
    written = 0
    while waiting := _waiting(db, list_id, now):
        with db.transaction() as s:
            lists.take_turns(s)
            served, letters = _dispatch(s, lists.hold(s, list_id), waiting, now, settings)
        written += letters
        if not served:
            break  # Whoever is left changes their choices at this very moment; the next tick serves them.
    return written


def _waiting(db: Database, list_id: int, now: datetime) -> Sequence[int]:
    """Some of those who are due. Asked at every tick, so each of the two questions goes by an index of its own."""
    with db.reading() as s:
        mailing = s.get_one(MailingList, list_id)
        has_come, is_behind = _due(s, mailing, now)
        on_time = select(Subscriber.id).join(Subscription).where(_IS_READER, has_come)
        left_behind = select(Subscriber.id).where(
            _IS_READER, Subscriber.is_particular, exists().where(Subscription.subscriber_id == Subscriber.id, is_behind)
        )  # fmt: skip
        return s.scalars(on_time.limit(CHUNK)).all() or s.scalars(left_behind.limit(CHUNK)).all()


def _dispatch(
    s: Session, mailing: MailingList, waiting: Sequence[int], now: datetime, settings: Settings
) -> tuple[int, int]:
    has_come, is_behind = _due(s, mailing, now)
    is_due = or_(has_come, and_(is_behind, Subscriber.is_particular))
    chosen = select(Subscriber, Subscription).join(Subscription)
    chosen = chosen.where(Subscriber.id.in_(waiting), _IS_READER, is_due).order_by(Subscriber.id)
    # Waits for nobody: who changes their choices holds their own row and waits for the list, which is held here.
    rows = [(reader, one) for reader, one in s.execute(chosen.with_for_update(skip_locked=True))]
    served = [(reader, one) for reader, one in rows if not _is_too_late(one, now)]
    pending = _pending(s, mailing, served, settings)
    shares = _shares(s, pending, served)
    for reader, one in served:
        if posts := shares[reader.id]:
            _write(s, pending, pending.lacking(reader, one)[0], reader, posts, now)
        one.position = mailing.last_number
    for reader, one in rows:
        one.next_at = serving.next_moment(reader, one, mailing, now, settings)
    s.flush()
    return len(rows), sum(1 for posts in shares.values() if posts)


def _is_too_late(subscription: Subscription, now: datetime) -> bool:
    """Who wants their mail at seven does not want it in the evening: it waits for their next moment."""
    return subscription.next_at is not None and now - subscription.next_at > GRACE


def _due(s: Session, mailing: MailingList, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of subscriptions: their own moment has come; without one, and particular, they are behind."""
    coming = find_open(s, mailing.id)
    has_come = Subscription.next_at <= now
    if coming and mailing.weekdays:
        has_come = and_(has_come, Subscription.next_at < coming.due_at)
    is_behind = and_(Subscription.next_at.is_(None), Subscription.position < mailing.last_number)
    is_of_list = Subscription.list_id == mailing.id
    return and_(is_of_list, has_come), and_(is_of_list, is_behind)


def _pending(
    s: Session, mailing: MailingList, rows: Sequence[tuple[Subscriber, Subscription]], settings: Settings
) -> _Pending:
    position = min((one.position for _, one in rows), default=mailing.last_number)
    later = select(Edition).where(
        Edition.list_id == mailing.id, Edition.number > position, Edition.stopped_at.is_(None)
    )
    # Held, so that none is called sent while letters are being written to it.
    editions = s.scalars(later.order_by(Edition.number.desc()).with_for_update()).all()
    ids = [edition.id for edition in editions]
    letters = select(Letter.about_id, Letter.reader_id).where(
        Letter.kind == DIGEST, Letter.about_id.in_(ids), Letter.reader_id.in_([reader.id for reader, _ in rows])
    )  # fmt: skip
    written = {(about, reader) for about, reader in s.execute(letters)}
    return _Pending(editions, stories_of(s, ids), written, lists.relay_of(mailing, settings))


def _shares(
    s: Session, pending: _Pending, rows: Sequence[tuple[Subscriber, Subscription]]
) -> dict[int, list[int]]:
    """What each of them gets, in the editors' order; empty where there is nothing new for them."""
    lacking = {reader.id: pending.lacking(reader, one) for reader, one in rows}
    gathered = {id_: pending.posts(editions) for id_, editions in lacking.items()}
    watched = [reader.id for reader, _ in rows if _may_have_some(reader, lacking[reader.id])]
    had = received(s, watched, {post for posts in gathered.values() for post in posts})
    picky = [reader.id for reader, _ in rows if reader.only_followed]
    follows = _Followed(s, picky, {post for id_ in picky for post in gathered[id_]})
    return {
        reader.id: [
            post
            for post in gathered[reader.id]
            if post not in had.get(reader.id, ()) and (not reader.only_followed or follows(reader.id, post))
        ]
        for reader, _ in rows
    }


def _may_have_some(reader: Subscriber, lacking: Sequence[Edition]) -> bool:
    """A plain reader who lacks one regular edition alone has had nothing of it."""
    return reader.is_particular or len(lacking) > 1 or any(e.kind != EditionKind.REGULAR for e in lacking)


class _Followed:
    """Whether a story is about something, or by somebody, that a reader follows."""

    def __init__(self, s: Session, readers: Iterable[int], posts: Iterable[int]) -> None:
        rows = select(Follow).where(Follow.subscriber_id.in_(list(readers)), Follow.weight > 0)
        self._follows: dict[int, set[tuple[str, int]]] = {}
        for row in s.scalars(rows):
            self._follows.setdefault(row.subscriber_id, set()).add((row.subject, row.subject_id))
        self._about = {
            post: {(str(Subject.TOPIC), topic.id) for topic in told.topics}
            | {(str(Subject.AUTHOR), author.id) for author in told.authors}
            for post, told in subjects(s, posts).items()
        }

    def __call__(self, reader_id: int, post_id: int) -> bool:
        return bool(self._follows.get(reader_id, set()) & self._about.get(post_id, set()))


def _write(
    s: Session, pending: _Pending, edition: Edition, reader: Subscriber, posts: list[int], now: datetime
) -> None:
    if posts != list(pending.stories.get(edition.id, ())):
        s.add(EditionShare(edition_id=edition.id, subscriber_id=reader.id, posts=posts))
    edition.recipients += 1
    edition.state, edition.sent_at = EditionState.SENDING, None
    outbox.put(s, DIGEST, edition.id, reader.id, reader.address, now, relay=pending.relay)
