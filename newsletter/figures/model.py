"""Clicks on stories, and opens where the publication counts them.

``Click`` knows a reader's first click on a story, so that nobody is counted twice; ``ClickCount`` keeps the sums, which stay when a
reader is erased and are all that is kept of readers who do not want their clicks to say whose they are.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime
from newsletter.subscribers.model import Consent


class Click(Base):
    """One reader's clicks on one story of one letter; those of machines stand in a row of their own."""

    __tablename__ = "click"
    __table_args__ = (
        UniqueConstraint(
            "kind", "edition_id", "subscriber_id", "post_id", "is_machine", name="uq_click_once"
        ),
        Index("ix_click_subscriber", "subscriber_id", "at"),
        Index("ix_click_post", "post_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """The kind of letter: digest or story."""
    edition_id: Mapped[int] = mapped_column(BigId)
    """0 where the letter was a story sent at once."""
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"))
    slot: Mapped[int]
    """The story's place in that letter, from 1."""
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscriber.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The first."""
    times: Mapped[int] = mapped_column(default=1)
    is_machine: Mapped[bool] = mapped_column(default=False)
    why_machine: Mapped[str] = mapped_column(String(20), default="")
    """scanner, early, quick or burst; empty for people."""


class ClickCount(Base):
    """The sums of a story's clicks from one place of one edition."""

    __tablename__ = "click_count"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    edition_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_machine: Mapped[bool] = mapped_column(primary_key=True)
    readers: Mapped[int] = mapped_column(default=0)
    """Different readers."""
    nameless: Mapped[int] = mapped_column(default=0)
    """Clicks that say of nobody whose they are; the same person twice counts twice."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """The first click."""


class OpenEstimate(Base):
    """How many readers' mail programs fetched the picture of an edition on one UTC day."""

    __tablename__ = "open_estimate"

    edition_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int]


# Whom an edition cost is asked by the letter that they left from, which only this room does.
Index("ix_consent_source", Consent.source, Consent.deed)
