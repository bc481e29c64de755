"""The ledger. One Letter is one mail to one address; its state is the only truth about it.

ready -> sending -> accepted | retry | refused | skipped | uncertain;  retry -> sending;  uncertain -> sending (three times at most).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

LetterId = NewType("LetterId", int)


class LetterState(StrEnum):
    READY = "ready"
    SENDING = "sending"
    RETRY = "retry"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SKIPPED = "skipped"


WAITING = (LetterState.READY, LetterState.SENDING, LetterState.RETRY, LetterState.UNCERTAIN)
_open = text("settled_at IS NULL")
_answered_badly = text("code >= 400")
said = text("reply <> '' AND (code IS NULL OR code >= 400)")
"""What is to be told of a letter besides its state. A statement that says it in these words is answered by the index."""
_resting = text("rests > 0")
# No index looks at the columns that a claim changes (state and lease): PostgreSQL then writes a claim into the row's own page
# and into no index at all.


URGENT, EDITION, AFTER_EDITIONS = 0, 5, 6
PRIORITIES = (URGENT, EDITION, AFTER_EDITIONS)
"""Of letters that are due the lower number goes first; 0 is for what somebody waits for."""
MESSAGE = "message"
"""The kind of letter that no pause holds back: words to one person."""


class Letter(Base):
    __tablename__ = "letter"
    __table_args__ = (
        # In this order it finds a reader's letters too.
        UniqueConstraint("reader_id", "kind", "about_id"),
        CheckConstraint(
            "state IN ('ready', 'sending', 'retry', 'uncertain', 'accepted', 'refused', 'skipped')",
            name="state_known",
        ),
        Index(
            "ix_letter_waiting",
            "relay",
            "priority",
            "due_at",
            "id",
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        # Also finds those that wait, and those that came to an end last.
        Index("ix_letter_about", "kind", "about_id", "settled_at"),
        Index("ix_letter_said", "kind", "about_id", sqlite_where=said, postgresql_where=said),
        Index(
            "ix_letter_refused", "settled_at", sqlite_where=_answered_badly, postgresql_where=_answered_badly
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """Which composer writes it: digest, story, correction, confirmation, welcome, notice, address, test, message."""
    about_id: Mapped[int] = mapped_column(BigId)
    """What it is about, in the composer's own terms (an edition's id, a subscriber's id …)."""
    reader_id: Mapped[int] = mapped_column(BigId)
    """Whom it is for, in the composer's own terms. With kind and about_id unique: nobody gets the same letter twice."""
    address: Mapped[str] = mapped_column(String(254))
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Words that exist nowhere else (a password reset); erased when the letter has come to its end."""
    relay: Mapped[str] = mapped_column(String(40), default="")
    """The way by which it leaves; empty is the publication's own mail server."""
    state: Mapped[str] = mapped_column(String(10), default=LetterState.READY)
    priority: Mapped[int] = mapped_column(default=EDITION)
    """One of PRIORITIES."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before this."""
    paced: Mapped[bool] = mapped_column(default=False)
    """``due_at`` is a place that it was given in the queue of its receiving domain."""
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    """Which sender has it in its hands, while it is being sent."""
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    """How often a sender died, or the line broke, after the text went out and before an answer came."""
    code: Mapped[int | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    """The server's last words about it, or why it was skipped."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LetterCount(Base):
    """The books of what has very many letters, as they stood at a moment. Written and read by ``books`` alone."""

    __tablename__ = "letter_count"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    about_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    took_ms: Mapped[int]
    waiting: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(Json)


class Sender(Base):
    """A sender at work. When its lease has run out it is dead, and what it had in its hands is in doubt."""

    __tablename__ = "sender"

    owner: Mapped[str] = mapped_column(String(60), primary_key=True)
    relay: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)


class Pause(Base):
    """What hinders one relay, or all of them, if anything does. It says who or what, and in whose words.

    Sending stands still when a person wished it or when the server refused us five times in a row; with fewer refusals, or none (the
    server is down), the row is but a note for the desk. Read it through ``pausing.standing``.
    """

    __tablename__ = "pause"

    relay: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    """``*`` stands for every relay: a person stopped them all."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_person: Mapped[bool] = mapped_column(default=False)
    refusals: Mapped[int] = mapped_column(default=0)


class RelayPace(Base):
    """How much left by a relay whose pace is limited; read and written by ``pace`` alone."""

    __tablename__ = "relay_pace"

    relay: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The next slot that nobody has been given."""
    counts: Mapped[dict[str, list[list[int]]]] = mapped_column(Json)
    """For each window, by its seconds, pairs of a bucket's number and its count."""


class ReceivingDomain(Base):
    """How a receiving domain is served through one relay; read and written by ``domains`` alone. No row: nothing is to be minded."""

    __tablename__ = "receiving_domain"
    __table_args__ = (
        Index("ix_receiving_domain_resting", "relay", sqlite_where=_resting, postgresql_where=_resting),
    )

    relay: Mapped[str] = mapped_column(String(40), primary_key=True)
    domain: Mapped[str] = mapped_column(String(254), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The next place in its queue that nobody has been given."""
    ahead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """After a rest: when another letter may go ahead of the others."""
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rests: Mapped[int] = mapped_column(default=0)
    """How often in a row it had to rest; 0 when all is well."""
