"""What the studio keeps about a post beside its words: where its review stands, and who did what. None of it is ever public."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime


class ReviewState(StrEnum):
    SUBMITTED = "submitted"
    CHANGES = "changes asked"
    APPROVED = "approved"


class Review(Base):
    """Where the review of a post stands; no row means that nobody has submitted it since it was last published."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'changes asked', 'approved')", name="state_known"),
    )

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    """The manuscript's when the state was set; a newer one has changed since."""
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    set_by: Mapped[str] = mapped_column(String(120))
    """Name of who set the state."""
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Deed(Base):
    """One line of the activity log. It outlives its post and its account: both names are kept as they were."""

    __tablename__ = "deed"
    __table_args__ = (Index("ix_deed_post_id", "post_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("post.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120), default="")
    """Empty where the clock did it."""
    kind: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Waiver(Base):
    """Somebody with the right publishes this version over what a check finds. Gone once it is public, or off the schedule."""

    __tablename__ = "waiver"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]


class Plan(Base):
    """What the clock will do with a post that is, or will be, public."""

    __tablename__ = "plan"
    __table_args__ = (
        Index("ix_plan_change_at", "change_at"),
        Index("ix_plan_withdraw_at", "withdraw_at"),
    )

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    change_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the manuscript, as it stands then, takes the place of the words that are public."""
    withdraw_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Before(Base):
    """How a post stood before somebody published it: what an undo brings back, for a few seconds."""

    __tablename__ = "before"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str] = mapped_column(String(100))
    wish: Mapped[str] = mapped_column(String(100))
    """The manuscript's slug."""
    path: Mapped[str | None] = mapped_column(String(120))
    published_version: Mapped[int]
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """The manuscript's that was then published: while another is public, there is nothing to undo."""
    change_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """As the plan had it."""
    waived: Mapped[int | None]
    """The version that somebody had waived the checks for."""
    review: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The columns of the review that the publication ended."""
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PreviewLink(Base):
    """Somebody without an account may read the post as it stands, until the link ends or is taken back. Its secret is a
    signature over the number, so whoever has only this table has no link."""

    __tablename__ = "preview_link"
    __table_args__ = (Index("ix_preview_link_post_id", "post_id", "ends_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"))
    made_by: Mapped[str] = mapped_column(String(120))
    """The name of whoever made it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Taking it back ends it early."""


class OutsideLink(Base):
    """How an address of another site answered when it was last looked at, for as long as a text that somebody works on leads there."""

    __tablename__ = "outside_link"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the address: some are longer than an index takes."""
    address: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(String(8))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Comment(Base):
    """What somebody says of one block of a manuscript, or in answer to that."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_post_id", "post_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"))
    under_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    """The comment that it answers. Where there is one, the block and what is settled are that one's."""
    block: Mapped[int] = mapped_column(default=0)
    """The how-manieth block of the body, counted from 1; 0 where the block is gone."""
    quote: Mapped[str] = mapped_column(Text, default="")
    """The block's words as they were."""
    anchor: Mapped[str] = mapped_column(Text, default="")
    """As they were when the block was last seen: by them it is found again."""
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(String(120), default="")


class Inspection(Base):
    """What a browser found wrong with the page that a manuscript makes, when somebody looked at its preview."""

    __tablename__ = "inspection"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    scheme: Mapped[str] = mapped_column(String(5), primary_key=True)
    """``light`` or ``dark``: colours differ."""
    version: Mapped[int]
    """The manuscript's; of an older one nothing is said."""
    faults: Mapped[list[str]] = mapped_column(Json)
