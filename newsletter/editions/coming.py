"""Editions that have not left yet, as the desk sees them: what each would carry now, to how many, and whether it leaves by itself.

Looking changes nothing. Called by the composer, the panels and the rehearsal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.offering import pictures_by_post
from blog.refusals import NotFound
from blog.settings import Settings
from newsletter.editions.choosing import Place, places
from newsletter.editions.compiling import default_preheader
from newsletter.editions.handling import is_fixed
from newsletter.editions.model import Edition, EditionId, EditionKind, EditionState
from newsletter.editions.opening import cut_off_at, due_for, find_open
from newsletter.lists import reading as lists
from newsletter.lists.model import EVERY_DAY, Design, ListId, MailingList, Order
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription


@dataclass(frozen=True)
class Which:
    """Which open edition is meant: a list's next one, or the special one of that id."""

    slug: str = lists.DAILY
    edition_id: int = 0


class Standing(StrEnum):
    """What an open edition waits for."""

    ITSELF = "itself"
    """Nothing: it leaves at its hour."""
    WAITING = "waiting"
    """An approval, for its list asks for one."""
    APPROVED = "approved"
    HELD = "held"
    SPECIAL = "special"
    """An editor's "Send now"; it has no hour."""


@dataclass(frozen=True)
class ComingStory:
    post_id: int
    title: str
    """As the edition will print it."""
    own_title: str
    dek: str
    path: str
    topic: str
    byline: str
    minutes: int
    released_at: datetime
    picture: Picture | None
    """As the mail will show it."""
    pinned: bool
    dropped: bool
    retitled: bool
    can_rise: bool
    can_sink: bool
    added: bool
    """An editor took it in; left out, it goes back to where it was."""
    choices: tuple[Picture, ...]
    """The pictures of the story, where there is a choice."""


@dataclass(frozen=True)
class Coming:
    edition_id: EditionId
    """0 until the clock has opened the first edition; until then it can be looked at, not arranged."""
    local_date: date
    due_at: datetime
    timezone: str
    subject: str
    """What the editor wrote; empty means ``likely_subject``. The same for the preheader."""
    preheader: str
    note: str
    likely_subject: str
    likely_preheader: str
    stories: tuple[ComingStory, ...]
    dropped: tuple[ComingStory, ...]
    readers: int
    """Confirmed readers of the list now."""
    list_id: ListId
    list_slug: str
    list_name: str
    design: str
    most: int
    standing: Standing
    by: str
    """Who approved it, or holds it."""
    cut_off_at: datetime
    """Until then it takes stories and changes; the same as ``due_at`` where the list has no earlier one."""
    is_fixed: bool
    """Past its cut-off: only Stop and Send now are left."""

    @property
    def which(self) -> Which:
        return Which(self.list_slug, self.edition_id if self.is_special else 0)

    @property
    def is_special(self) -> bool:
        return self.standing == Standing.SPECIAL

    @property
    def may_leave(self) -> bool:
        """Whether it goes out without anybody doing anything."""
        return self.standing in (Standing.ITSELF, Standing.APPROVED)


def coming(db: Database, now: datetime, settings: Settings, which: Which | None = None) -> Coming:
    """That edition, as it would be at ``now``; without ``which`` the daily list's next one. Raises NotFound."""
    with db.reading() as s:
        return _coming(s, which or Which(), now, settings)


def every_coming(db: Database, now: datetime, settings: Settings) -> tuple[Coming, ...]:
    """The next edition of each list that has a timetable, the daily one first, then the special ones that are open."""
    with db.reading() as s:
        known = lists.every_list(s)
        slugs = [known_list.slug for known_list in known if not known_list.at_once] or [lists.DAILY]
        regular = [_coming(s, Which(slug), now, settings) for slug in slugs]
        special = [_coming(s, Which(edition_id=id_), now, settings) for id_ in _open_specials(s)]
    return (*regular, *special)


def which_of(db: Database, edition_id: int) -> Which:
    """How an edition is asked for, whatever became of it; the daily list's next one where there is no such edition."""
    rows = select(MailingList.slug, Edition.kind, Edition.state).join(
        Edition, Edition.list_id == MailingList.id
    )
    with db.reading() as s:
        row = s.execute(rows.where(Edition.id == edition_id)).first()
    if row is None:
        return Which()
    is_special = row.kind == EditionKind.SPECIAL and row.state == EditionState.OPEN
    return Which(row.slug, edition_id if is_special else 0)


def readers_of(db: Database) -> Mapping[int, int]:
    """Confirmed readers of every list, by its id."""
    with db.reading() as s:
        counted = _confirmed().with_only_columns(Subscription.list_id, func.count().label("readers"))
        return {row.list_id: row.readers for row in s.execute(counted.group_by(Subscription.list_id))}


def standing(s: Session, mailing: MailingList, edition: Edition, at: datetime) -> tuple[Place, ...]:
    """The stories that it would carry if nothing came between: what is published after the cut-off is for the next one."""
    if edition.kind == EditionKind.SPECIAL:
        return places(s, mailing, edition, at)
    return places(s, mailing, edition, min(at, cut_off_at(mailing, edition)))


def _open_specials(s: Session) -> list[int]:
    open_ones = select(Edition.id).where(
        Edition.kind == EditionKind.SPECIAL, Edition.state == EditionState.OPEN
    )
    living = Edition.list_id.in_(lists.living(s))
    return list(s.scalars(open_ones.where(living).order_by(Edition.id)))


def _coming(s: Session, which: Which, now: datetime, settings: Settings) -> Coming:
    mailing, edition = _found(s, which, now, settings)
    chosen = standing(s, mailing, edition, now)
    shown = [place for place in chosen if not place.dropped]
    likely = (shown[0].title, default_preheader(shown)) if shown else ("", "")
    seen = _seen(s, chosen)
    count = s.scalar(_confirmed().where(Subscription.list_id == mailing.id).with_only_columns(func.count()))
    state, by = _state(mailing, edition)
    return Coming(
        EditionId(edition.id), edition.local_date, edition.due_at, lists.rhythm(mailing, settings).zone.key, edition.subject,
        edition.preheader, edition.note, *likely, tuple(v for v in seen if not v.dropped), tuple(v for v in seen if v.dropped),
        count or 0, ListId(mailing.id), mailing.slug, mailing.name, mailing.design, mailing.most, state, by,
        cut_off_at(mailing, edition), is_fixed(mailing, edition, now),
    )  # fmt: skip


def _found(s: Session, which: Which, now: datetime, settings: Settings) -> tuple[MailingList, Edition]:
    """The list and the edition, which are not to be written: a regular one's day is that on which it would leave as things are."""
    if which.edition_id:
        return _special(s, which.edition_id)
    mailing = lists.find_list(s, which.slug) or (_unmade(now) if which.slug == lists.DAILY else None)
    if mailing is None or mailing.retired_at or not mailing.weekdays:
        raise NotFound("There is no such list, or it has no editions.")
    edition = find_open(s, mailing.id) or _unopened(mailing.id)
    due = due_for(s, mailing, now, settings)
    # Kept by nobody: what is done in a reading session is forgotten.
    edition.local_date, edition.due_at = due.local_date, due.due_at
    return mailing, edition


def _special(s: Session, edition_id: int) -> tuple[MailingList, Edition]:
    edition = s.get(Edition, edition_id)
    if edition is None or edition.kind != EditionKind.SPECIAL or edition.state != EditionState.OPEN:
        raise NotFound("There is no such special edition, or it has left.")
    return s.get_one(MailingList, edition.list_id), edition


def _unmade(now: datetime) -> MailingList:
    """The daily list before its first use."""
    return MailingList(
        id=0, slug=lists.DAILY, name="Daily digest", created_at=now, weekdays=EVERY_DAY, cut_off=0, needs_approval=False,
        design=Design.PICTURES, ranking=Order.NEWEST, most=10,
    )  # fmt: skip


def _unopened(list_id: int) -> Edition:
    return Edition(
        id=0, list_id=list_id, kind=EditionKind.REGULAR, subject="", preheader="", note="", approved_by="", held_by=""
    )  # fmt: skip


def _state(mailing: MailingList, edition: Edition) -> tuple[Standing, str]:
    if edition.kind == EditionKind.SPECIAL:
        return Standing.SPECIAL, ""
    if edition.held_at:
        return Standing.HELD, edition.held_by
    if edition.approved_at:
        return Standing.APPROVED, edition.approved_by
    return (Standing.WAITING if mailing.needs_approval else Standing.ITSELF), ""


def _seen(s: Session, chosen: tuple[Place, ...]) -> list[ComingStory]:
    shown = pictures(s, (place.image_id for place in chosen))
    kept = [place for place in chosen if not place.dropped]
    seen = [_story(place, shown.get(place.image_id or 0), kept) for place in chosen]
    choices = pictures_by_post(s, (story.post_id for story in seen))
    return [replace(story, choices=_choices(choices.get(story.post_id, ()))) for story in seen]


def _choices(of_story: tuple[Picture, ...]) -> tuple[Picture, ...]:
    return of_story if len(of_story) > 1 else ()


def _story(place: Place, picture: Picture | None, kept: list[Place]) -> ComingStory:
    group = [other for other in kept if other.pinned == place.pinned]
    story = place.story
    return ComingStory(
        story.id, place.title, story.title, story.dek, story.path, story.topic, story.byline, story.minutes, story.released_at,
        picture, place.pinned, place.dropped, place.title != story.title,
        place in group and place != group[0], place in group and place != group[-1], place.added, (),
    )  # fmt: skip


def _confirmed() -> Select[int]:
    return (
        select(Subscription.subscriber_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscriber.state == SubscriberState.CONFIRMED)
    )
