"""The mailing lists as they stand, and when each one's editions leave. The daily list is made when it is first needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.delivery import relays
from newsletter.lists.model import EVERY_DAY, Design, ListId, ListTopic, MailingList, Order

DAILY = "daily"
_GIVING = 0x50494E45
"""Any number, the same in every process: PostgreSQL's advisory lock of ``take_turns``."""


@dataclass(frozen=True)
class Rhythm:
    """When a list's editions leave: at this hour, on its days."""

    zone: ZoneInfo
    hour: int


@dataclass(frozen=True)
class ListView:
    id: ListId
    slug: str
    name: str
    description: str
    weekdays: int
    """Bits, Monday first."""
    is_offered: bool
    topic_ids: tuple[int, ...]
    """Empty: about everything."""

    @property
    def at_once(self) -> bool:
        """Every story is mailed when it comes out; there are no editions."""
        return self.weekdays == 0


def every_list(s: Session) -> tuple[ListView, ...]:
    """Those that are not retired, the daily one first, the others by name."""
    rows = s.scalars(_living()).all()
    topics = topics_of(s, [row.id for row in rows])
    views = [_view(row, topics.get(row.id, ())) for row in rows]
    return tuple(sorted(views, key=lambda view: (view.slug != DAILY, view.name.casefold())))


def living(s: Session) -> Sequence[int]:
    """Ids of the lists that are not retired."""
    return s.scalars(
        select(MailingList.id).where(MailingList.retired_at.is_(None)).order_by(MailingList.id)
    ).all()


def topics_of(s: Session, list_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Lists that are about everything are left out."""
    found: dict[int, tuple[int, ...]] = {}
    rows = select(ListTopic.list_id, ListTopic.topic_id).where(ListTopic.list_id.in_(list_ids))
    for list_id, topic_id in s.execute(rows.order_by(ListTopic.list_id, ListTopic.topic_id)):
        found[list_id] = (*found.get(list_id, ()), topic_id)
    return found


def default_list(s: Session, at: datetime) -> MailingList:
    """The daily list, locked until the transaction ends, so that one process at a time works on its open edition."""
    found = s.scalar(_by_slug(DAILY).with_for_update())
    if found:
        return found
    try:
        with s.begin_nested():
            s.add(
                MailingList(
                    slug=DAILY, name="Daily digest", description="What is new, each morning.", created_at=at
                )
            )
    except IntegrityError:
        pass  # Another process was a moment faster; its row is the one.
    return s.scalars(_by_slug(DAILY).with_for_update()).one()


def to_be(at: datetime) -> MailingList:
    """The daily list before its first use, in no database: for looking ahead."""
    return MailingList(
        id=0, slug=DAILY, name="Daily digest", weekdays=EVERY_DAY, cut_off=0, needs_approval=False, sender="", relay="", most=10,
        design=Design.PICTURES, ranking=Order.NEWEST, last_number=0, created_at=at,
    )  # fmt: skip


def take_turns(s: Session) -> None:
    """Whoever gives readers stories does so one at a time, across all lists, until the transaction ends: what one list is just
    giving somebody, another must not give them again. To be called before ``hold``. SQLite has one writer as it is.
    """
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _GIVING})


def hold(s: Session, list_id: int) -> MailingList:
    """The list, locked until the transaction ends."""
    return s.scalars(select(MailingList).where(MailingList.id == list_id).with_for_update()).one()


def find_list(s: Session, slug: str = DAILY) -> MailingList | None:
    """The list as it stands, without a lock; None before the daily one's first use."""
    return s.scalar(_by_slug(slug))


def rhythm(mailing: MailingList | None, settings: Settings) -> Rhythm:
    if mailing is None:
        return Rhythm(settings.zone, settings.send_hour)
    zone = ZoneInfo(mailing.timezone) if mailing.timezone else settings.zone
    return Rhythm(zone, settings.send_hour if mailing.send_hour is None else mailing.send_hour)


def relay_of(mailing: MailingList | None, settings: Settings) -> str:
    """By which its mail leaves: the one that was chosen, or the publication's own where that is no longer set."""
    return relays.standing_in(mailing.relay, settings) if mailing else relays.OWN


def _living() -> Select[MailingList]:
    return select(MailingList).where(MailingList.retired_at.is_(None))


def _by_slug(slug: str) -> Select[MailingList]:
    return select(MailingList).where(MailingList.slug == slug)


def _view(row: MailingList, topic_ids: tuple[int, ...]) -> ListView:
    return ListView(
        ListId(row.id), row.slug, row.name, row.description, row.weekdays, row.is_offered, topic_ids
    )
