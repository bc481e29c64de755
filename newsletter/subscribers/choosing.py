"""A reader changes what they get: days, hour, lists, what they follow, pauses. Called by the preference page and the leaving page.

Each verb settles the reader's moments and adds a line to their history in the same transaction.
"""

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog import zones
from blog.db import Database
from blog.language.saying import said
from blog.posts import reading as posts
from blog.refusals import Gone, Invalid, NotFound
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.subscribers import choices, serving, stopping
from newsletter.subscribers.choices import FOLLOWED, Choices
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription

PAGE = "preferences"
"""Where a deed of the history was done."""
SUNDAY = 0b1000000
PAUSES = (1, 2, 4)
"""Weeks that one button pauses for."""
LONGEST_PAUSE = timedelta(days=366)
NO_LIST = "Tick at least one. To stop everything, unsubscribe below."
NO_DAY = "Tick at least one weekday."
NO_FOLLOW = (
    'Follow a topic or an author first, or untick "Only what I follow": otherwise nothing would ever come.'
)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def choose(db: Database, subscriber_id: int, wanted: Choices, at: datetime, settings: Settings) -> bool:
    """Whether anything changed. What is not told of on the page (a list that retired, a topic without stories) stays as it is.

    Raises Invalid with sentences by field, and Gone for somebody who is not on the list.
    """
    known = _known(db)
    with db.transaction() as s:
        reader = hold(s, subscriber_id)
        before = choices.chosen(s, reader)
        _check(s, wanted, before)
        reader.timezone, reader.hour = wanted.timezone or None, wanted.hour
        reader.only_followed, reader.pictures, reader.clicks = (
            wanted.only_followed, wanted.pictures, wanted.clicks,
        )  # fmt: skip
        _follow(s, reader.id, wanted, known)
        _subscribe(s, reader, wanted, before, at, settings)
        serving.settle(s, reader, at, settings)
        told = _told(before, choices.chosen(s, reader))
        if told:
            stopping.note(s, reader.id, "chose", at, PAGE, told)
        return bool(told)


def pause(db: Database, subscriber_id: int, until: date, at: datetime, settings: Settings) -> None:
    """Nothing leaves before the reader's own ``until`` begins. Raises Invalid for a day that is not within the coming year."""
    with db.transaction() as s:
        reader = hold(s, subscriber_id)
        zone = _zone(s, reader, settings)
        ends = datetime.combine(until, time(), zone).astimezone(UTC)
        if until <= at.astimezone(zone).date() or ends - at > LONGEST_PAUSE:
            raise _refused("until", "Choose a day from tomorrow on, within a year.")
        reader.paused_until = ends
        serving.settle(s, reader, at, settings)
        stopping.note(s, reader.id, "paused", at, PAGE, f"until {until.isoformat()}")


def pause_weeks(db: Database, subscriber_id: int, weeks: int, at: datetime, settings: Settings) -> None:
    if weeks not in PAUSES:
        raise _refused("until", "Choose 1, 2 or 4 weeks.")
    with db.reading() as s:
        reader = s.get(Subscriber, subscriber_id) or _unknown()
        today = at.astimezone(_zone(s, reader, settings)).date()
    pause(db, subscriber_id, today + timedelta(weeks=weeks), at, settings)


def resume(db: Database, subscriber_id: int, at: datetime, settings: Settings) -> None:
    """Ends a pause; without one it does nothing."""
    with db.transaction() as s:
        reader = hold(s, subscriber_id)
        if reader.paused_until is None:
            return
        reader.paused_until = None
        serving.settle(s, reader, at, settings)
        stopping.note(s, reader.id, "chose", at, PAGE, "ended the pause")


def go_weekly(db: Database, subscriber_id: int, at: datetime, settings: Settings, source: str = PAGE) -> None:
    """The daily digest on Sundays alone. Twice is once."""
    with db.transaction() as s:
        reader = hold(s, subscriber_id)
        daily = lists.find_list(s)
        own = s.get(Subscription, (reader.id, daily.id)) if daily else None
        if own is None:
            raise Invalid(said("You don't get the daily digest, so it can't come weekly."))
        if (own.days, own.at_once) != (SUNDAY, False):
            own.days, own.at_once = SUNDAY, False
            serving.settle(s, reader, at, settings)
            stopping.note(s, reader.id, "chose", at, source, "days: Sun")


def stop_list(
    db: Database, subscriber_id: int, list_id: int, at: datetime, settings: Settings, source: str = PAGE
) -> str:
    """Returns the list's name. Twice is once. Raises Invalid where it is all that the reader gets."""
    with db.transaction() as s:
        reader = hold(s, subscriber_id)
        view = next((one for one in lists.every_list(s) if one.id == list_id), None)
        if view is None:
            raise NotFound(said("There is no such list any more."))
        held = {one.list_id for one in choices.subscriptions(s, reader.id)}
        if held == {list_id}:
            raise Invalid(said("That is all you get. To stop it, unsubscribe."))
        if list_id in held:
            serving.unsubscribe(s, reader.id, list_id)
            serving.settle(s, reader, at, settings)
            stopping.note(s, reader.id, "chose", at, source, f"stopped the list {view.slug}")
        return view.name


def say_why(db: Database, subscriber_id: int, reason: str, at: datetime) -> None:
    """Why somebody left, said afterwards and of their own accord; does nothing for whoever has come back meanwhile."""
    words = stopping.plain(reason, 300)
    with db.transaction() as s:
        reader = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
        if words and reader.state == SubscriberState.LEFT and reader.reason != words:
            reader.reason = words
            stopping.note(s, reader.id, "noted", at, "unsubscribe", words)


def hold(s: Session, subscriber_id: int) -> Subscriber:
    """The reader, locked until the transaction ends. Raises NotFound, and Gone where they get nothing that could be chosen."""
    reader = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
    if reader.state != SubscriberState.CONFIRMED:
        raise Gone(said("This address gets no mail from us just now, so there is nothing to choose."))
    return reader


def _known(db: Database) -> set[tuple[str, int]]:
    """What the page offers to follow."""
    topics = {(str(Subject.TOPIC), int(topic.id)) for topic, _ in posts.topics(db)}
    return topics | {(str(Subject.AUTHOR), int(author.id)) for author in posts.authors(db)}


def _check(s: Session, wanted: Choices, before: Choices) -> None:
    offered = {one.id for one in lists.every_list(s) if one.is_offered}
    faults = {
        "lists": NO_LIST if not wanted.lists & (offered | before.lists) else "",
        "days": NO_DAY if not 1 <= wanted.days <= 127 else "",
        "timezone": "We don't know that time zone."
        if wanted.timezone and wanted.timezone not in zones.names()
        else "",
        "hour": "Choose an hour from 0 to 23."
        if wanted.hour is not None and not 0 <= wanted.hour <= 23
        else "",
        "only_followed": NO_FOLLOW if wanted.only_followed and not (wanted.topics | wanted.authors) else "",
    }
    told = {name: [sentence] for name, sentence in faults.items() if sentence}
    if told:
        raise Invalid(said("Nothing was saved yet. See below."), told)


def _follow(s: Session, subscriber_id: int, wanted: Choices, known: set[tuple[str, int]]) -> None:
    followed = {(str(Subject.TOPIC), number) for number in wanted.topics}
    followed |= {(str(Subject.AUTHOR), number) for number in wanted.authors}
    standing = {
        (row.subject, row.subject_id): row
        for row in s.scalars(select(Follow).where(Follow.subscriber_id == subscriber_id))
    }
    for key, row in standing.items():
        is_dropped = row.weight == FOLLOWED and key in known - followed
        if is_dropped or (row.weight != FOLLOWED and key not in wanted.tastes):
            s.delete(row)
    s.flush()
    for subject, number in followed & known:
        s.merge(Follow(subscriber_id=subscriber_id, subject=subject, subject_id=number, weight=FOLLOWED))
    s.flush()


def _subscribe(
    s: Session, reader: Subscriber, wanted: Choices, before: Choices, at: datetime, settings: Settings
) -> None:
    offered = {int(one.id) for one in lists.every_list(s) if one.is_offered}
    for list_id in sorted((wanted.lists - before.lists) & offered):
        serving.subscribe(s, reader, list_id, at, settings)
    for list_id in sorted(before.lists - wanted.lists):
        serving.unsubscribe(s, reader.id, list_id)
    daily = lists.find_list(s)
    own = s.get(Subscription, (reader.id, daily.id)) if daily else None
    if own:
        own.days, own.at_once = wanted.days, wanted.at_once


def _zone(s: Session, reader: Subscriber, settings: Settings) -> ZoneInfo:
    return ZoneInfo(reader.timezone) if reader.timezone else lists.rhythm(lists.find_list(s), settings).zone


def _told(before: Choices, after: Choices) -> str:
    """``days: Sun; hour: 18``: what is different now, for the history."""
    pairs = [
        (field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(Choices)
    ]
    return "; ".join(
        f"{name.replace('_', ' ')}: {_word(name, new)}" for name, old, new in pairs if old != new
    )


def _word(name: str, value: object) -> str:
    if name == "days":
        return day_words(int(str(value)))
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(_item, value))) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "as usual" if value is None or value == "" else str(value)


def day_words(days: int) -> str:
    return " ".join(name for bit, name in enumerate(DAYS) if days >> bit & 1)


def _item(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: [sentence]})


def _unknown() -> Subscriber:
    raise NotFound(said("That address is not on the list any more."))
