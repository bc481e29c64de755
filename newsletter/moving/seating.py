"""A new reader from a file: their row, their choices, their lists. Called by ``taking`` inside its transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts import reading as posts
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.lists.reading import DAILY
from newsletter.moving.entries import Choices, Entry
from newsletter.moving.judging import Options, own_fields
from newsletter.subscribers import serving
from newsletter.subscribers.address import Address
from newsletter.subscribers.exporting import FOLLOWED
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription
from newsletter.subscribers.origins import IMPORT


@dataclass(frozen=True)
class Subjects:
    """What readers can follow, by slug."""

    topics: Mapping[str, int]
    authors: Mapping[str, int]


@dataclass(frozen=True)
class Seat:
    """Someone who takes a seat on the lists: who, and what the file says of them."""

    reader: Subscriber
    entry: Entry


def subjects(db: Database) -> Subjects:
    topics = {link.slug: link.id for link, _ in posts.topics(db)}
    return Subjects(topics, {author.slug: author.id for author in posts.authors(db)})


def row(entry: Entry, address: Address, options: Options, at: datetime) -> Subscriber:
    """Not confirmed by more than the file says, and never in the future."""
    chosen, state = entry.choices, entry.state
    if options.confirm_again and not entry.has_ended:
        state = SubscriberState.PENDING
    joined = _past(entry.created_at, at) or _past(entry.confirmed_at, at) or at
    confirmed = None if state == SubscriberState.PENDING else _past(entry.confirmed_at, at)
    paused = chosen.paused_until if chosen.paused_until and chosen.paused_until > at else None
    return Subscriber(
        address=address.text, address_key=address.key, state=state, name=entry.name, source=IMPORT if entry.source is None else entry.source,
        form=IMPORT if entry.form is None else entry.form, campaign=entry.campaign, created_at=joined, asked_at=joined,
        confirmed_at=confirmed or (at if state == SubscriberState.CONFIRMED else None),
        left_at=(_past(entry.left_at, at) or at) if entry.has_ended else None, reason=entry.reason,
        timezone=chosen.timezone, hour=chosen.hour, paused_until=paused, only_followed=chosen.only_followed,
        pictures=chosen.pictures, clicks=chosen.clicks, fields=own_fields(entry, options),
    )  # fmt: skip


def seat(
    s: Session, seats: Sequence[Seat], known: Subjects, options: Options, at: datetime, settings: Settings
) -> None:
    """Gives each their lists and what they follow. The rows of the readers must have their numbers."""
    daily = lists.default_list(s, at)
    open_lists = {view.slug: s.get_one(MailingList, view.id) for view in lists.every_list(s)}
    for one in seats:
        s.add_all(_follows(one, known))
        chosen = [open_lists[slug] for slug in one.entry.choices.lists if slug in open_lists]
        _subscribe(s, one, chosen or [open_lists.get(options.list_slug, daily)], at, settings)


def _subscribe(
    s: Session, one: Seat, chosen: Sequence[MailingList], at: datetime, settings: Settings
) -> None:
    reader, choices = one.reader, one.entry.choices
    is_in = reader.state == SubscriberState.CONFIRMED
    if is_in and len(chosen) == 1 and chosen[0].weekdays and _is_plain(reader, choices):
        # What "serving" would come to for somebody who goes with the list's own editions, without asking for each of thousands.
        s.add(
            Subscription(
                subscriber_id=reader.id, list_id=chosen[0].id, position=chosen[0].last_number, since=at
            )
        )
        return
    if not is_in and choices == Choices() and [one.slug for one in chosen] == [DAILY]:
        return  # Whoever confirms or comes back is given the daily list then.
    for mailing in chosen:
        days, at_once = (choices.days, choices.at_once) if mailing.slug == DAILY else (EVERY_DAY, False)
        serving.subscribe(s, reader, mailing.id, at, settings, days=days, at_once=at_once)
    if is_in:
        serving.begin(s, reader, at, settings)


def _is_plain(reader: Subscriber, choices: Choices) -> bool:
    own_time = reader.timezone or reader.hour is not None or reader.paused_until
    return not (own_time or reader.only_followed or choices.at_once) and choices.days == EVERY_DAY


def _follows(one: Seat, known: Subjects) -> list[Follow]:
    chosen, by_slug = one.entry.choices, {Subject.TOPIC: known.topics, Subject.AUTHOR: known.authors}
    # What is followed comes last, for it outweighs a taste.
    told = [*chosen.tastes, *((Subject.TOPIC, slug, FOLLOWED) for slug in chosen.topics)]
    told += [(Subject.AUTHOR, slug, FOLLOWED) for slug in chosen.authors]
    weights = {(subject, by_slug[subject].get(slug)): weight for subject, slug, weight in told}
    return [
        Follow(subscriber_id=one.reader.id, subject=subject, subject_id=found, weight=weight)
        for (subject, found), weight in weights.items()
        if found is not None
    ]


def _past(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment <= at else None
