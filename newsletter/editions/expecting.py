"""When a reader's next mail leaves, if there is news until then. Called by every mail and page that says so, so that all say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import Said, said
from blog.settings import Settings
from newsletter.editions.opening import due_for
from newsletter.lists import reading as lists
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.lists.planning import next_due
from newsletter.subscribers import serving
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription

Moments = Mapping[int, datetime | None]
"""Of each list that a reader has; None where each story comes when it is out."""


@dataclass(frozen=True)
class _Moment:
    at: datetime | None
    zone: ZoneInfo


def moments(db: Database, reader_id: int, at: datetime, settings: Settings) -> Moments:
    with db.reading() as s:
        return {list_id: one.at for list_id, one in _moments(s, reader_id, at, settings).items()}


def next_time(s: Session, reader_id: int, at: datetime, settings: Settings) -> str:
    """``tomorrow at 07:00 (Lagos time)``; empty for somebody who gets each story when it is out and nothing else.

    Who has no list yet hears of the daily one.
    """
    found = list(_moments(s, reader_id, at, settings).values())
    if not found:
        daily = lists.find_list(s)
        found = [_Moment(_closing(s, daily, at, settings), lists.rhythm(daily, settings).zone)]
    timed = [(one.at, one.zone) for one in found if one.at]
    if not timed:
        return ""
    first, zone = min(timed, key=lambda one: one[0])
    return time_words(first, at, zone)


def time_words(moment: datetime, at: datetime, zone: ZoneInfo) -> Said:
    """``tomorrow at 07:00 (Lagos time)``."""
    local, today = moment.astimezone(zone), at.astimezone(zone).date()
    day = {0: said("today"), 1: said("tomorrow")}.get((local.date() - today).days)
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return said(
        "%(day)s at %(hour)s (%(place)s)",
        day=day or said("on %(day)s", day=local.date()),
        hour=f"{local:%H:%M}",
        place=place if place == "UTC" else said("%(place)s time", place=place),
    )


def _moments(s: Session, reader_id: int, at: datetime, settings: Settings) -> dict[int, _Moment]:
    rows = select(Subscriber, Subscription, MailingList).join_from(Subscriber, Subscription).join(MailingList)
    mine = rows.where(Subscriber.id == reader_id, MailingList.retired_at.is_(None)).order_by(MailingList.id)
    return {
        mailing.id: _Moment(_moment(s, reader, one, mailing, at, settings), _zone(reader, mailing, settings))
        for reader, one, mailing in s.execute(mine)
    }


def _moment(
    s: Session, reader: Subscriber, one: Subscription, mailing: MailingList, at: datetime, settings: Settings
) -> datetime | None:
    """A moment before the list's next edition closes brings only what gathered until now; so it counts if something did."""
    if mailing.weekdays == 0 or one.at_once:
        return None
    if one.next_at and (one.next_at <= at or one.position < mailing.last_number):
        return max(one.next_at, at)
    closing = _closing(s, mailing, at, settings)
    # A moment that is the list's own hour brings the edition that closes then.
    return serving.next_moment(reader, one, mailing, closing - timedelta(seconds=1), settings) or closing


def _closing(s: Session, mailing: MailingList | None, at: datetime, settings: Settings) -> datetime:
    """Of the list's next edition; one whose hour has struck is thought to have left."""
    rhythm = lists.rhythm(mailing, settings)
    weekdays = mailing.weekdays if mailing and mailing.weekdays else EVERY_DAY
    due = due_for(s, mailing, at, settings) if mailing and mailing.weekdays else None
    if due is None or due.due_at <= at:
        due = next_due(at, rhythm.zone, rhythm.hour, weekdays=weekdays)
    return due.due_at


def _zone(reader: Subscriber, mailing: MailingList, settings: Settings) -> ZoneInfo:
    """Until they confirm, what counts is when the edition closes."""
    is_own = reader.timezone and reader.state == SubscriberState.CONFIRMED
    return ZoneInfo(reader.timezone) if reader.timezone and is_own else lists.rhythm(mailing, settings).zone
