"""A reader, what they said yes to, when and where, and what they chose.

States: pending -> confirmed -> left -> confirmed (undo, or a new confirmation). A confirmed reader whose address is dead becomes
bounced, one who called a mail spam complained; a new confirmation ends both. Pending readers get nothing but the confirmation.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime
from newsletter.lists.model import EVERY_DAY

SubscriberId = NewType("SubscriberId", int)


class SubscriberState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Subscriber(Base):
    __tablename__ = "subscriber"
    __table_args__ = (
        CheckConstraint(
            "state IN ('pending', 'confirmed', 'left', 'bounced', 'complained')", name="state_known"
        ),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_known"),
        Index("ix_subscriber_state", "state", "id"),
        Index("ix_subscriber_source", "source"),
        Index(
            "ix_subscriber_particular",
            "state",
            "id",
            sqlite_where=text("is_particular = 1"),
            postgresql_where=text("is_particular"),
        ),
        # The number of a reader who was erased is never given to another: their old links must fit nobody.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    """As the reader wrote it (domain normalised): where letters go."""
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    """The address case-folded: two spellings are one reader."""
    state: Mapped[str] = mapped_column(String(12), default=SubscriberState.PENDING)
    name: Mapped[str] = mapped_column(String(120), default="")
    """Only where an import brought one; the form does not ask."""
    source: Mapped[str] = mapped_column(String(200), default="")
    """The page whose form was used, a path; or ``import``, ``api``, or the address of another site's page."""
    form: Mapped[str] = mapped_column(String(60), default="")
    """Which form it was: band, page, embed, api, import or desk."""
    campaign: Mapped[str] = mapped_column(String(100), default="")
    """The tag of the link that brought them (``utm_campaign``, or ``tag`` of an embedded form)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last confirmation or notice was written to this address: at most one in 24 hours, save for one resend."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it left, bounced for good or complained."""
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it left, in the reader's or the mail server's words; empty where nobody said."""
    timezone: Mapped[str | None] = mapped_column(String(64))
    hour: Mapped[int | None]
    """The reader's own zone and hour; None means those of the list."""
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No digest leaves before this; what gathers meanwhile comes in the first one after."""
    only_followed: Mapped[bool] = mapped_column(default=False)
    """Stories that the reader does not follow are left out, not merely put behind the others."""
    pictures: Mapped[bool] = mapped_column(default=True)
    clicks: Mapped[bool] = mapped_column(default=True)
    """Whether links in this reader's mails say whose they are."""
    is_particular: Mapped[bool] = mapped_column(default=False)
    """Their share of an edition must be worked out reader by reader. Once true it stays so: what they got before may differ."""
    last_click_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """The last click that was theirs and no machine's; None too for whoever does not want theirs counted."""
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What an import or an editor noted beside: name of a field -> text."""


class Subscription(Base):
    """That a reader gets a list, and how far they have been served.

    ``position`` is the number of the last edition that was considered for this reader. For a plain one (``next_at`` None, not
    particular) it is not kept up: they get every edition as it closes.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 127", name="days_known"),
        Index("ix_subscription_next", "list_id", "next_at"),
    )

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    list_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("mailing_list.id"), primary_key=True, autoincrement=False
    )
    days: Mapped[int] = mapped_column(default=EVERY_DAY)
    """Weekdays on which the reader wants it, as bits; one bit means weekly."""
    at_once: Mapped[bool] = mapped_column(default=False)
    """Each story when it comes out; what that misses comes with the digest."""
    position: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The reader's next moment; None: whenever an edition closes."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Subject(StrEnum):
    TOPIC = "topic"
    AUTHOR = "author"


class Follow(Base):
    """What a reader follows (weight 2), said "more like this" (1) or "less like this" (-1) about."""

    __tablename__ = "follow"
    __table_args__ = (CheckConstraint("subject IN ('topic', 'author')", name="subject_known"),)

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    subject: Mapped[str] = mapped_column(String(6), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    """A topic's or an author's id. Where that is gone, the row says nothing."""
    weight: Mapped[int] = mapped_column(default=2)


class Consent(Base):
    """One line of a reader's history: what they did, when, from which page or letter. Kept as the proof of consent."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), index=True
    )
    deed: Mapped[str] = mapped_column(String(20))
    """asked, confirmed, left, returned, chose, paused, moved, imported, bounced, complained, stopped, noted."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[str] = mapped_column(String(300), default="")
    """What was chosen, the form's own words, the server's answer; never an address."""


class AddressChange(Base):
    """A reader wants their mail elsewhere: it moves when both addresses said so."""

    __tablename__ = "address_change"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    old_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Suppression(Base):
    """An address that must not be written to. Known by a keyed hash, so that an erased address leaves no trace but this."""

    __tablename__ = "suppression"
    __table_args__ = (
        CheckConstraint("reason IN ('bounced', 'complained', 'manual', 'erased')", name="reason_known"),
    )

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC-SHA256 of the case-folded address, hexadecimal."""
    address: Mapped[str | None] = mapped_column(String(254))
    """For the desk's list; None where the reader was erased."""
    reason: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    """The mail server's words, or an editor's."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
    """The name of the person who entered it; empty for what came back by mail."""


class Segment(Base):
    """A saved way of filtering readers, by its name."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    query: Mapped[dict[str, Any]] = mapped_column(Json)
    """The filter as the desk's form writes it: name of a field -> value."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
