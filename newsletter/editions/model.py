"""Lists, their editions and which posts each edition carried.

Edition states: open -> sending -> sent, or open -> skipped (nothing new that day). One list has at most one open edition.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime

ListId = NewType("ListId", int)
EditionId = NewType("EditionId", int)


class EditionState(StrEnum):
    OPEN = "open"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"


class MailingList(Base):
    __tablename__ = "mailing_list"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str | None] = mapped_column(String(64))
    send_hour: Mapped[int | None]
    """Zone and local hour of this list; None means the publication's settings."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Posts released before this are not news to the list."""


class Edition(Base):
    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("list_id", "local_date"),
        CheckConstraint("state IN ('open', 'sending', 'sent', 'skipped')", name="state_known"),
        Index(
            "uq_edition_one_open",
            "list_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    list_id: Mapped[int] = mapped_column(BigId, ForeignKey("mailing_list.id"))
    local_date: Mapped[date] = mapped_column(Date)
    """The day it bears, in the list's zone."""
    state: Mapped[str] = mapped_column(String(10), default=EditionState.OPEN)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(String(200), default="")
    """What an editor wrote; empty means: the top story's title. Fixed at closing."""
    preheader: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    """A few words of the editor's above the stories; plain text."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recipients: Mapped[int] = mapped_column(default=0)
    """How many letters its closing wrote."""


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
    title: Mapped[str] = mapped_column(String(200), default="")
    dek: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(120), default="")
    topic: Mapped[str] = mapped_column(String(80), default="")
    byline: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int] = mapped_column(default=1)
    image_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("image.id", ondelete="SET NULL"))
    """From title to image: what the letters say, fixed at closing, so that all readers get the same words."""
