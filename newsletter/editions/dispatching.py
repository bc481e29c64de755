"""Letters for readers whose own moment has come, and for those whose share of an edition must be worked out. Called by compiling.

Each gets one letter about the newest edition of the list, with what has gathered since their position; nothing new, no letter.
A moment that lies behind the hour of an edition which has not left yet waits for it, so that an edition that is held or late
reaches everybody the day it leaves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.reading import subjects
from blog.settings import Settings
from newsletter.delivery import outbox
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


@dataclass(frozen=True)
class _Pending:
    """What readers of a list may still lack: its closed editions, newest first, with their stories."""

    editions: Sequence[Edition]
    stories: Mapping[int, Sequence[int]]

    def since(self, position: int) -> list[int]:
        """Newest edition first, each in its own order."""
        later = [edition for edition in self.editions if (edition.number or 0) > position]
        posts = [post for edition in later for post in self.stories.get(edition.id, ())]
        return list(dict.fromkeys(posts))

    def about(self, position: int) -> Edition:
        """The edition that a letter will be about. Special ones went to everybody as they closed, so a regular one if there is."""
        later = [edition for edition in self.editions if (edition.number or 0) > position]
        return next((edition for edition in later if edition.kind == EditionKind.REGULAR), later[0])


def dispatch_due(db: Database, list_id: int, now: datetime, settings: Settings) -> int:
    """Serves every reader of the list who is due. Returns how many letters were written."""
    written = 0
    while _is_anybody_due(db, list_id, now):
        with db.transaction() as s:
            served, letters = _dispatch(s, lists.hold(s, list_id), now, settings)
        written += letters
        if not served:
            break  # Whoever is left changes their choices at this very moment; the next tick serves them.
    return written


def _is_anybody_due(db: Database, list_id: int, now: datetime) -> bool:
    with db.reading() as s:
        due = _due(s, s.get_one(MailingList, list_id), now)
        return s.scalar(select(Subscription.subscriber_id).join(Subscriber).where(due).limit(1)) is not None


def _dispatch(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> tuple[int, int]:
    chosen = select(Subscriber, Subscription).join(Subscription).where(_due(s, mailing, now))
    # Waits for nobody: who changes their choices holds their own row and waits for the list, which is held here.
    ordered = chosen.order_by(Subscriber.id).limit(CHUNK).with_for_update(skip_locked=True)
    rows = [(reader, subscription) for reader, subscription in s.execute(ordered)]
    served = [(reader, one) for reader, one in rows if not _is_too_late(one, now)]
    pending = _pending(s, mailing, [one for _, one in served])
    shares = _shares(s, pending, served)
    for reader, one in served:
        if posts := shares[reader.id]:
            _write(s, pending, pending.about(one.position), reader, posts, now)
        one.position = mailing.last_number
    for reader, one in rows:
        one.next_at = serving.next_moment(reader, one, mailing, now, settings)
    s.flush()
    return len(rows), sum(1 for posts in shares.values() if posts)


def _is_too_late(subscription: Subscription, now: datetime) -> bool:
    """Who wants their mail at seven does not want it in the evening: it waits for their next moment."""
    return subscription.next_at is not None and now - subscription.next_at > GRACE


def _due(s: Session, mailing: MailingList, now: datetime) -> ColumnElement[bool]:
    coming = find_open(s, mailing.id)
    has_come = Subscription.next_at <= now
    if coming and mailing.weekdays:
        has_come = and_(has_come, Subscription.next_at < coming.due_at)
    is_behind = and_(
        Subscription.next_at.is_(None), Subscriber.is_particular, Subscription.position < mailing.last_number
    )
    is_reader = and_(Subscriber.state == SubscriberState.CONFIRMED, Subscription.list_id == mailing.id)
    return and_(is_reader, or_(has_come, is_behind))


def _pending(s: Session, mailing: MailingList, subscriptions: Sequence[Subscription]) -> _Pending:
    position = min((one.position for one in subscriptions), default=mailing.last_number)
    later = select(Edition).where(Edition.list_id == mailing.id, Edition.number > position)
    editions = s.scalars(later.order_by(Edition.number.desc())).all()
    return _Pending(editions, stories_of(s, [edition.id for edition in editions]))


def _shares(
    s: Session, pending: _Pending, rows: Sequence[tuple[Subscriber, Subscription]]
) -> dict[int, list[int]]:
    """What each of them gets, in the editors' order; empty where there is nothing new for them."""
    gathered = {reader.id: pending.since(one.position) for reader, one in rows}
    watched = [reader.id for reader, one in rows if _may_have_some(pending, reader, one)]
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


def _may_have_some(pending: _Pending, reader: Subscriber, subscription: Subscription) -> bool:
    """A plain reader who lacks one regular edition alone has had nothing of it."""
    lacking = [edition for edition in pending.editions if (edition.number or 0) > subscription.position]
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
    outbox.put(s, DIGEST, edition.id, reader.id, reader.address, now)
