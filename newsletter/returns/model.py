"""What came back. One row for each report that was found to be about a letter or a reader of ours.

Kinds: hard (the address is dead), soft (it takes nothing for now), block (its server wants nothing of ours), complaint.
"""

from datetime import datetime
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime

ReturnId = NewType("ReturnId", int)


class Returned(Base):
    __tablename__ = "returned"
    __table_args__ = (
        CheckConstraint("kind IN ('hard', 'soft', 'block', 'complaint')", name="kind_known"),
        Index("ix_returned_kind", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    letter_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("letter.id", ondelete="SET NULL"), index=True
    )
    """None where a provider named the address and not the letter."""
    subscriber_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("subscriber.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(12), default="")
    """``5.1.1``, or three digits where the server gave no more."""
    words: Mapped[str] = mapped_column(String(300), default="")
    """The server's own, without any address."""
    counts: Mapped[bool] = mapped_column(default=True)
    """False for a warning that the letter is late, and for what says nothing against the address."""
    stopped: Mapped[bool] = mapped_column(default=False)
    """It was this report that ended the reader's mail or, for a block, paused sending."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    via: Mapped[str] = mapped_column(String(10))
    """imap, listener, ses, mailgun, postmark, sendgrid, generic or smtp."""
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The same report is the same key, however often and by whatever way it comes."""
