"""Editions, which posts each carried, and what went out beside them.

Edition states: open -> sending -> sent, or open -> skipped (nothing new that day). One list has at most one open regular edition.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

EditionId = NewType("EditionId", int)


class EditionState(StrEnum):
    OPEN = "open"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"


class EditionKind(StrEnum):
    REGULAR = "regular"
    """One for each list and local date, by the timetable."""
    SPECIAL = "special"
    """Outside the timetable, made by an editor; leaves at once for everybody on the list."""


def _one(name: str, where: str, *columns: str) -> Index:
    """At most one row of ``columns`` among those that ``where`` describes."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Edition(Base):
    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("list_id", "slug", name="uq_edition_slug"),
        UniqueConstraint("list_id", "number", name="uq_edition_number"),
        CheckConstraint("state IN ('open', 'sending', 'sent', 'skipped')", name="state_known"),
        CheckConstraint("kind IN ('regular', 'special')", name="kind_known"),
        _one("uq_edition_day", "kind = 'regular'", "list_id", "local_date"),
        _one("uq_edition_one_open", "kind = 'regular' AND state = 'open'", "list_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    list_id: Mapped[int] = mapped_column(BigId, ForeignKey("mailing_list.id"))
    local_date: Mapped[date] = mapped_column(Date)
    """The day it bears, in the list's zone."""
    kind: Mapped[str] = mapped_column(String(8), default=EditionKind.REGULAR)
    slug: Mapped[str] = mapped_column(String(40))
    """The end of its address: the date, with a number behind it for a special one. Follows the date while it is open."""
    number: Mapped[int | None]
    """The how manieth that went out of its list, from 1; given at closing. Readers' positions count in it."""
    state: Mapped[str] = mapped_column(String(10), default=EditionState.OPEN)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(String(200), default="")
    """What an editor wrote; empty means: the top story's title. Fixed at closing."""
    preheader: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    """A few words of the editor's above the stories; plain text."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """An editor holds it back: its hour passes, its stories stay."""
    held_by: Mapped[str] = mapped_column(String(120), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """An editor stopped it while it went out: nobody gets it any more, whose moment is still to come neither."""
    recipients: Mapped[int] = mapped_column(default=0)
    """How many letters were written about it."""


class EditionPost(Base):
    """A post's place in an edition. While it is open only what an editor arranged stands here; closing writes the rest.

    The unique pair (list, post) is what makes every post appear once: whoever has a row is never a candidate again.
    """

    __tablename__ = "edition_post"
    __table_args__ = (
        UniqueConstraint("list_id", "post_id"),
        Index("ix_edition_post_edition_position", "edition_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    edition_id: Mapped[int] = mapped_column(BigId, ForeignKey("edition.id", ondelete="CASCADE"))
    list_id: Mapped[int] = mapped_column(BigId, ForeignKey("mailing_list.id"))
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    pinned: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[bool] = mapped_column(default=False)
    """An editor left it out: it is in no edition of this list, unless put back before this one closes."""
    retitled: Mapped[str] = mapped_column(String(200), default="")
    chosen_image_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("image.id", ondelete="SET NULL"))
    """Another picture than the story's own, for the mail only."""
    added: Mapped[bool] = mapped_column(default=False)
    """An editor took it in: this edition carries it though the list would not take it by itself."""
    clicks: Mapped[int] = mapped_column(default=0)
    """How often people, not programs, clicked on it in this edition."""
    title: Mapped[str] = mapped_column(String(200), default="")
    dek: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(120), default="")
    topic: Mapped[str] = mapped_column(String(80), default="")
    byline: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int] = mapped_column(default=1)
    image_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("image.id", ondelete="SET NULL"))
    """From title to image: what the letters say, fixed at closing, so that all readers get the same words."""


class EditionShare(Base):
    """What one reader gets of an edition and of earlier ones, where that is not simply all of this edition's stories."""

    __tablename__ = "edition_share"

    edition_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    subscriber_id: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("subscriber.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    posts: Mapped[list[int]] = mapped_column(Json)
    """Ids of posts in the editors' order; who follows what is weighed when the mail is written."""


class Announcement(Base):
    """A story that was mailed at once to those readers of a list who wish it so; whoever wished it later gets it by the digest."""

    __tablename__ = "announcement"

    list_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("mailing_list.id"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    letters: Mapped[int] = mapped_column(default=0)


class Correction(Base):
    """A mail to exactly those readers whose edition carried a story."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    edition_id: Mapped[int] = mapped_column(BigId, ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("post.id", ondelete="SET NULL"))
    """None where it is about the whole edition."""
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    """Plain text; blank lines part paragraphs."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
    recipients: Mapped[int] = mapped_column(default=0)
