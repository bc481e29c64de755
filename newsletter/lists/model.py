"""A mailing list and what it is about. The daily digest is one; editors may add others."""

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime

ListId = NewType("ListId", int)

EVERY_DAY = 0b1111111
"""Weekdays as bits: Monday is 1, Sunday 64."""


class Design(StrEnum):
    PICTURES = "pictures"
    """Lead picture, then rows with small ones."""
    PLAIN = "plain"
    """Words alone, like a letter."""


class Order(StrEnum):
    NEWEST = "newest"
    CLICKS = "clicks"
    """The stories most clicked in earlier mails first."""


class MailingList(Base):
    __tablename__ = "mailing_list"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays_known"),
        CheckConstraint("design IN ('pictures', 'plain')", name="design_known"),
        CheckConstraint("ranking IN ('newest', 'clicks')", name="ranking_known"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    """Part of the addresses of its editions; never changed."""
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    """One sentence for whoever wonders whether to subscribe."""
    timezone: Mapped[str | None] = mapped_column(String(64))
    send_hour: Mapped[int | None]
    """Zone and local hour of this list; None means the publication's settings."""
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    """The local days on which an edition leaves, as bits. 0: it has no editions of its own accord, each story is mailed at once."""
    cut_off: Mapped[int] = mapped_column(default=0)
    """Minutes before its hour at which an edition takes no more stories and no more changes."""
    needs_approval: Mapped[bool] = mapped_column(default=False)
    """An edition waits for an editor's approval instead of leaving by itself."""
    sender: Mapped[str] = mapped_column(String(200), default="")
    """``Name <address>``; empty means the publication's."""
    relay: Mapped[str] = mapped_column(String(40), default="")
    """The way by which its mail leaves, by name; empty, or a name that is no longer set, means the publication's own."""
    design: Mapped[str] = mapped_column(String(12), default=Design.PICTURES)
    ranking: Mapped[str] = mapped_column(String(12), default=Order.NEWEST)
    most: Mapped[int] = mapped_column(default=10)
    """So many stories are told in full in a mail, the others by their titles."""
    is_offered: Mapped[bool] = mapped_column(default=True)
    """Readers find it on the preference page and the sign-up form."""
    last_number: Mapped[int] = mapped_column(default=0)
    """The number of the edition that went out last; 0 before the first."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Posts released before this are not news to the list."""
    topics_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its topics were changed last: what they take in from before is no news either."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No edition leaves any more; the past ones stay."""


class ListTopic(Base):
    """What a list is about. A list without a row here is about everything."""

    __tablename__ = "list_topic"

    list_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("mailing_list.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
