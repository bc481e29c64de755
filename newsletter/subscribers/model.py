"""A reader of a list, and what they said yes to, when and where.

States: pending -> confirmed -> left -> confirmed (undo, or a new confirmation). Pending readers get nothing but the confirmation.
"""

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime

SubscriberId = NewType("SubscriberId", int)


class SubscriberState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"


class Subscriber(Base):
    __tablename__ = "subscriber"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'confirmed', 'left')", name="state_known"),
        Index("ix_subscriber_state", "state", "id"),
        # The number of a reader who was erased is never given to another: their old links must fit nobody.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    """As the reader wrote it (domain normalised): where letters go."""
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    """The address case-folded: two spellings are one reader."""
    state: Mapped[str] = mapped_column(String(12), default=SubscriberState.PENDING)
    source: Mapped[str] = mapped_column(String(200), default="")
    """The page whose form was used, a path."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last confirmation or notice was written to this address: at most one in 24 hours, save for one resend."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """One line of a reader's history: what they did, when, from which page or letter. Kept as the proof of consent."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), index=True
    )
    deed: Mapped[str] = mapped_column(String(20))
    """asked, confirmed, left, returned."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(200), default="")
