"""The mailing lists; so far the one daily list, made when it is first needed. Called by the other files of this room."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.settings import Settings
from newsletter.editions.model import MailingList

DAILY = "daily"


@dataclass(frozen=True)
class Rhythm:
    """When a list's editions leave: each local day at this hour."""

    zone: ZoneInfo
    hour: int


def default_list(s: Session, at: datetime) -> MailingList:
    """The daily list, locked until the transaction ends, so that one process at a time works on its open edition."""
    found = s.scalar(_daily.with_for_update())
    if found:
        return found
    try:
        with s.begin_nested():
            s.add(MailingList(slug=DAILY, name="Daily digest", created_at=at))
    except IntegrityError:
        pass  # Another process was a moment faster; its row is the one.
    return s.scalars(_daily.with_for_update()).one()


def find_list(s: Session) -> MailingList | None:
    """The daily list as it stands, without a lock; None before its first use."""
    return s.scalar(_daily)


def rhythm(mailing: MailingList | None, settings: Settings) -> Rhythm:
    if mailing is None:
        return Rhythm(settings.zone, settings.send_hour)
    zone = ZoneInfo(mailing.timezone) if mailing.timezone else settings.zone
    return Rhythm(zone, settings.send_hour if mailing.send_hour is None else mailing.send_hour)


_daily = select(MailingList).where(MailingList.slug == DAILY)
