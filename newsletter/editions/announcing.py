"""Stories mailed at once, to those readers of a list who wish it so. Called by compiling, under the list's lock, before it closes
anything: so whatever an edition carries has been announced before, and whoever got it then does not get it again.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from blog.posts.reading import Subjects, digest_stories, hold_public, subjects
from blog.posts.views import DigestStory
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.editions.choosing import about
from newsletter.editions.giving import parts
from newsletter.editions.model import Announcement, EditionPost
from newsletter.editions.sharing import STORY, received
from newsletter.lists.model import MailingList
from newsletter.lists.reading import relay_of
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription

FRESH = timedelta(days=7)
"""What is older is no news to be mailed at once; it comes with the digest."""


def announce(s: Session, mailing: MailingList, now: datetime, settings: Settings) -> int:
    """Writes the letters about every story that is new to the list. Returns how many stories there were.

    A story is announced once, whether or not anybody wished it so: who wishes it later gets it by the next edition.
    """
    fresh = about(s, mailing, _fresh(s, mailing, now))
    public = hold_public(s, [story.id for story in fresh])
    stories = [story for story in fresh if story.id in public]
    found = subjects(s, [story.id for story in stories])
    relay = relay_of(mailing, settings)
    for story in reversed(stories):
        written = _write(s, mailing, story, found[story.id], now, relay)
        s.add(Announcement(list_id=mailing.id, post_id=story.id, at=now, letters=written))
    s.flush()
    return len(stories)


def is_anything_new(s: Session, mailing: MailingList, now: datetime) -> bool:
    return bool(about(s, mailing, _fresh(s, mailing, now)))


def _fresh(s: Session, mailing: MailingList, now: datetime) -> tuple[DigestStory, ...]:
    announced = select(Announcement.post_id).where(Announcement.list_id == mailing.id)
    carried = select(EditionPost.post_id).where(
        EditionPost.list_id == mailing.id, or_(EditionPost.dropped, EditionPost.title != "")
    )
    since = max(mailing.created_at, now - FRESH, mailing.topics_at or mailing.created_at)
    return digest_stories(s, since, now, announced.union(carried))


def _write(
    s: Session, mailing: MailingList, story: DigestStory, told: Subjects, now: datetime, relay: str
) -> int:
    wishing = _wishing(mailing.id, story, told, now)
    is_carried = s.scalar(
        select(
            exists().where(
                EditionPost.post_id == story.id, EditionPost.title != "", EditionPost.list_id != mailing.id
            )
        )
    )
    if not is_carried:
        return outbox.put_all(s, STORY, story.id, wishing, now, relay=relay)
    written = 0
    for some in parts(s.scalars(wishing.with_only_columns(Subscriber.id)).all()):
        lacking = set(some) - received(s, some, [story.id]).keys()
        written += outbox.put_all(
            s, STORY, story.id, wishing.where(Subscriber.id.in_(lacking)), now, relay=relay
        )
    return written


def _wishing(list_id: int, story: DigestStory, told: Subjects, now: datetime) -> Select[int, str]:
    return (
        select(Subscriber.id, Subscriber.address)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(
            Subscription.list_id == list_id,
            Subscription.at_once,
            Subscriber.state == SubscriberState.CONFIRMED,
            or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now),
            or_(Subscriber.only_followed.is_(False), _follows(told)),
        )
    )


def _follows(told: Subjects) -> ColumnElement[bool]:
    topics, authors = [topic.id for topic in told.topics], [author.id for author in told.authors]
    either = or_(
        and_(Follow.subject == Subject.TOPIC, Follow.subject_id.in_(topics)),
        and_(Follow.subject == Subject.AUTHOR, Follow.subject_id.in_(authors)),
    )
    return exists().where(Follow.subscriber_id == Subscriber.id, Follow.weight > 0, either)
