"""How far each subscription has been served and when its next moment comes. Called in the transaction of every deed that changes a
reader's choices, subscriptions or state.

A subscription is plain when its reader keeps to the list's own hour and days and nothing sets their share of an edition apart; then
an edition's closing writes its letter and nothing else is kept. Any other has its own ``next_at`` and ``position``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.lists.planning import next_due
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription

INSTANT = timedelta(microseconds=1)
"""A pause ends with the moment that it names, which may be one of the reader's own."""


def begin(s: Session, reader: Subscriber, at: datetime, settings: Settings) -> None:
    """A reader who is confirmed from now on: they have at least the daily list, and nothing that went out before is sent."""
    if not _subscriptions(s, reader.id):
        daily = lists.find_list(s) or lists.default_list(s, at)
        subscribe(s, reader, daily.id, at, settings)
    for one in _subscriptions(s, reader.id):
        one.position = _as_it_stands(s, one.list_id).last_number
    settle(s, reader, at, settings)


def resume(s: Session, reader: Subscriber, at: datetime, settings: Settings) -> None:
    """A reader who takes a leave back: whoever goes with the editions starts from now, what had gathered for a moment of their own
    comes at the next one.
    """
    held = _subscriptions(s, reader.id)
    for one in held:
        if one.next_at is None:
            one.position = _as_it_stands(s, one.list_id).last_number
    if held:
        settle(s, reader, at, settings)
    else:
        begin(s, reader, at, settings)


def stand_still(s: Session, subscriber_id: int) -> None:
    """Whoever is writing letters to this reader, who must be locked, is waited for, and nobody begins before this transaction ends."""
    for one in _subscriptions(s, subscriber_id):
        _as_it_stands(s, one.list_id)


def subscribe(
    s: Session,
    reader: Subscriber,
    list_id: int,
    at: datetime,
    settings: Settings,
    *,
    days: int = EVERY_DAY,
    at_once: bool = False,
) -> Subscription:
    """From the list's next edition on. Does nothing where the subscription is there already."""
    found = s.get(Subscription, (reader.id, list_id))
    if found is None:
        mailing = _as_it_stands(s, list_id)
        found = Subscription(
            subscriber_id=reader.id, list_id=list_id, days=days, at_once=at_once or mailing.weekdays == 0,
            position=mailing.last_number, since=at,
        )  # fmt: skip
        s.add(found)
        s.flush()
        settle(s, reader, at, settings)
    return found


def unsubscribe(s: Session, subscriber_id: int, list_id: int) -> None:
    s.execute(
        delete(Subscription).where(
            Subscription.subscriber_id == subscriber_id, Subscription.list_id == list_id
        )
    )


def settle(s: Session, reader: Subscriber, at: datetime, settings: Settings) -> None:
    """Brings ``is_particular`` and each subscription's ``next_at`` and ``position`` into line with the choices as they are now."""
    held = _subscriptions(s, reader.id)
    is_set_apart = reader.only_followed or len(held) > 1 or any(one.at_once for one in held)
    was_plain = not reader.is_particular
    reader.is_particular = reader.is_particular or is_set_apart
    for one in held:
        mailing = _as_it_stands(s, one.list_id)
        if was_plain and one.next_at is None:
            # Until this moment every edition that closed was theirs.
            one.position = mailing.last_number
        if one.next_at is not None or not _goes_along(reader, one, at):
            one.next_at = next_moment(reader, one, mailing, at, settings)
        # Else they are served as soon as an edition closes, also one that has closed a second ago.
    s.flush()


def next_moment(
    reader: Subscriber, subscription: Subscription, mailing: MailingList, after: datetime, settings: Settings
) -> datetime | None:
    """The first moment later than ``after``, and not within the reader's pause; None where they go with the list's editions."""
    if reader.state != SubscriberState.CONFIRMED:
        return None
    # What gathered in a pause that was ended early, or before "every day" was chosen, comes once more at a moment of their own.
    is_behind = subscription.position < mailing.last_number
    if _goes_along(reader, subscription, after) and not is_behind:
        return None
    rhythm = lists.rhythm(mailing, settings)
    zone = ZoneInfo(reader.timezone) if reader.timezone else rhythm.zone
    hour = rhythm.hour if reader.hour is None else reader.hour
    start = reader.paused_until - INSTANT if _is_paused(reader, after) and reader.paused_until else after
    return next_due(start, zone, hour, weekdays=subscription.days).due_at


def _goes_along(reader: Subscriber, subscription: Subscription, at: datetime) -> bool:
    """Whether they keep to the list's own hour and days, and have no pause."""
    has_own = reader.timezone or reader.hour is not None or subscription.days != EVERY_DAY
    return not has_own and not _is_paused(reader, at)


def _is_paused(reader: Subscriber, at: datetime) -> bool:
    return reader.paused_until is not None and reader.paused_until > at


def _subscriptions(s: Session, subscriber_id: int) -> Sequence[Subscription]:
    s.flush()
    mine = select(Subscription).where(Subscription.subscriber_id == subscriber_id)
    return s.scalars(mine.order_by(Subscription.list_id).with_for_update()).all()


def _as_it_stands(s: Session, list_id: int) -> MailingList:
    """No edition of the list closes before this transaction ends, and one that is just closing is waited for."""
    return s.get_one(MailingList, list_id, with_for_update={"read": True}, populate_existing=True)
