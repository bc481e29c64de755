"""Adding, changing and retiring mailing lists, and what the rules for their words are. Called by the desk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blog import zones
from blog.db import Database
from blog.links import slugify
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.delivery.relays import NAME
from newsletter.lists.model import EVERY_DAY, Design, ListId, ListTopic, MailingList, Order
from newsletter.lists.planning import Due, next_due
from newsletter.lists.reading import DAILY, default_list, hold, rhythm, topics_of
from newsletter.lists.wording import line

LONGEST = {"name": 120, "description": 300, "sender": 200}
RESERVED = frozenset({DAILY, "archive", "editions", "feed", "lists", "month", "page", "search"})
"""Words that stand, or might, where a list's slug does in an address."""
DAY_LONG, MOST = 12 * 60, 50


@dataclass(frozen=True)
class ListWords:
    """What an editor says about a list."""

    name: str
    description: str = ""
    weekdays: int = EVERY_DAY
    """Bits, Monday first; 0: each story is mailed at once."""
    hour: int | None = None
    zone: str = ""
    """None and empty mean the publication's."""
    cut_off: int = 0
    """Minutes."""
    topic_ids: tuple[int, ...] = ()
    sender: str = ""
    design: str = Design.PICTURES
    ranking: str = Order.NEWEST
    most: int = 10
    needs_approval: bool = False
    is_offered: bool = True
    relay: str = ""
    """Empty: the publication's own."""


@dataclass(frozen=True)
class Kept:
    """A list as the desk sees it."""

    id: ListId
    slug: str
    words: ListWords
    next: Due | None
    """The next departure by the timetable; None where each story leaves at once, or the list is retired."""
    zone: str
    retired_at: datetime | None

    @property
    def is_daily(self) -> bool:
        return self.slug == DAILY


def listing(db: Database, now: datetime, settings: Settings) -> tuple[Kept, ...]:
    """The daily one first, the others by name, the retired ones last."""
    with db.reading() as s:
        rows = s.scalars(select(MailingList)).all()
        topics = topics_of(s, [row.id for row in rows])
        seen = [_kept(row, topics.get(row.id, ()), now, settings) for row in rows]
    return tuple(
        sorted(
            seen,
            key=lambda one: (one.retired_at is not None, not one.is_daily, one.words.name.casefold(), one.id),
        )
    )


def get(db: Database, list_id: int, now: datetime, settings: Settings) -> Kept:
    """Raises NotFound."""
    with db.reading() as s:
        row = s.get(MailingList, list_id)
        if row is None:
            raise NotFound("There is no such list.")
        return _kept(row, topics_of(s, [row.id]).get(row.id, ()), now, settings)


def add(db: Database, words: ListWords, at: datetime) -> ListId:
    """Raises Invalid with a sentence for each field that cannot be taken. Nobody gets it until they choose it."""
    with db.transaction() as s:
        # The daily list stands for all of them: whoever holds it adds lists one at a time.
        default_list(s, at)
        words = _checked(s, _tidy(words), None)
        row = MailingList(slug=_slug(s, words.name), created_at=at, **_columns(words))
        s.add(row)
        s.flush()
        _set_topics(s, row.id, words.topic_ids)
        return ListId(row.id)


def change(db: Database, list_id: int, words: ListWords, at: datetime) -> None:
    """Its slug stays. The open edition follows the new day and hour at the next tick. Raises Invalid, NotFound, Conflict."""
    with db.transaction() as s:
        row = _living(s, list_id)
        words = _checked(s, _tidy(words), row)
        for column, value in _columns(words).items():
            setattr(row, column, value)
        if set(words.topic_ids) != set(topics_of(s, [row.id]).get(row.id, ())):
            row.topics_at = at
        _set_topics(s, row.id, words.topic_ids)


def retire(db: Database, list_id: int, at: datetime) -> None:
    """No edition of it leaves any more; what went out stays. Raises Conflict for the daily list, NotFound."""
    with db.transaction() as s:
        row = _living(s, list_id)
        if row.slug == DAILY:
            raise Conflict("The daily digest cannot be retired: every reader starts with it.")
        row.retired_at = at


def _kept(row: MailingList, topic_ids: tuple[int, ...], now: datetime, settings: Settings) -> Kept:
    words = ListWords(
        row.name, row.description, row.weekdays, row.send_hour, row.timezone or "", row.cut_off, topic_ids, row.sender, row.design,
        row.ranking, row.most, row.needs_approval, row.is_offered, row.relay,
    )  # fmt: skip
    beat = rhythm(row, settings)
    leaves = row.weekdays and row.retired_at is None
    due = next_due(now, beat.zone, beat.hour, weekdays=row.weekdays) if leaves else None
    return Kept(ListId(row.id), row.slug, words, due, beat.zone.key, row.retired_at)


def _living(s: Session, list_id: int) -> MailingList:
    if s.get(MailingList, list_id) is None:
        raise NotFound("There is no such list.")
    row = hold(s, list_id)
    if row.retired_at:
        raise Conflict("That list is retired and can no longer be changed.")
    return row


def _tidy(words: ListWords) -> ListWords:
    return replace(
        words, name=line(words.name), description=line(words.description), sender=words.sender.strip()
    )


def _checked(s: Session, words: ListWords, row: MailingList | None) -> ListWords:
    """The words as they are kept. ``row`` is the list that they are for, None for a new one."""
    faults: dict[str, Sequence[str]] = {
        field: (sentence,)
        for field, sentence in (
            ("name", _name_fault(s, words.name, row)),
            ("description", _length_fault("description", words.description)),
            ("days", _days_fault(words.weekdays, row)),
            ("hour", "" if words.hour is None or 0 <= words.hour <= 23 else "An hour lies between 0 and 23."),
            ("zone", _zone_fault(words.zone)),
            ("cut_off", "" if 0 <= words.cut_off <= DAY_LONG else f"Give 0 to {DAY_LONG} minutes."),
            ("sender", _sender_fault(words.sender)),
            ("relay", "" if not words.relay or NAME.fullmatch(words.relay) else "Choose one of the relays."),
            ("design", "" if words.design in set(Design) else "Choose one of the designs."),
            ("ranking", "" if words.ranking in set(Order) else "Choose one of the orders."),
            ("most", "" if 1 <= words.most <= MOST else f"Give a number from 1 to {MOST}."),
        )
        if sentence
    }
    if faults:
        raise Invalid("Some of this needs another look. See the marked fields.", faults)
    return words


def _name_fault(s: Session, name: str, row: MailingList | None) -> str:
    if not name:
        return "Give the list a name; readers see it when they choose."
    same = select(MailingList.id).where(
        func.lower(MailingList.name) == name.lower(), MailingList.retired_at.is_(None)
    )
    if s.scalars(same.where(MailingList.id != (row.id if row else 0))).first():
        return "Another list has this name."
    return _length_fault("name", name)


def _length_fault(field: str, words: str) -> str:
    longest = LONGEST[field]
    return "" if len(words) <= longest else f"It has {len(words)} characters; {longest} fit."


def _days_fault(weekdays: int, row: MailingList | None) -> str:
    if not 0 <= weekdays <= EVERY_DAY:
        return "Choose among the seven days."
    if row and row.slug == DAILY and not weekdays:
        return "The daily digest needs at least one day."
    if row and bool(row.weekdays) != bool(weekdays):
        return "A list with days stays one, and so does one that mails each story at once. Add another list for that."
    return ""


def _zone_fault(zone: str) -> str:
    if not zone or zone in zones.names():
        return ""
    near = zones.find_near(zone)
    return f"We don't know the time zone “{zone[:60]}”." + (f" Did you mean {near}?" if near else "")


def _sender_fault(sender: str) -> str:
    if not sender:
        return ""
    if any(character in sender for character in "\r\n\x00"):
        return "Give one line."
    _, bracket, rest = sender.rpartition("<")
    local, _, domain = (rest.strip("> ") if bracket else sender.strip()).rpartition("@")
    if not re.fullmatch(r"[!-;=?A-~]+", local) or not re.fullmatch(r"[!-;=?A-~]+", domain):
        return "Give an address like Perijove <digest@example.org>: a name if you like, then name@domain."
    return _length_fault("sender", sender)


def _slug(s: Session, name: str) -> str:
    wanted = slugify(name, 50) or "list"
    if wanted in RESERVED or wanted[0].isdigit():
        wanted = f"list-{wanted}"
    taken = set(s.scalars(select(MailingList.slug).where(MailingList.slug.startswith(wanted))))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _columns(words: ListWords) -> dict[str, object]:
    return {
        "name": words.name, "description": words.description, "weekdays": words.weekdays,
        "send_hour": words.hour, "timezone": words.zone or None, "cut_off": words.cut_off, "sender": words.sender,
        "design": words.design, "ranking": words.ranking, "most": words.most, "needs_approval": words.needs_approval,
        "is_offered": words.is_offered, "relay": words.relay,
    }  # fmt: skip


def _set_topics(s: Session, list_id: int, topic_ids: Sequence[int]) -> None:
    s.execute(delete(ListTopic).where(ListTopic.list_id == list_id))
    s.add_all(ListTopic(list_id=list_id, topic_id=topic_id) for topic_id in sorted(set(topic_ids)))
