"""An import of readers: the file, what the check found, and how far it has come.

checking -> ready -> running -> done; running <-> stopped or failed; from any of the last three: removing -> removed.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

RunId = NewType("RunId", int)


class RunState(StrEnum):
    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    REMOVING = "removing"
    REMOVED = "removed"


BUSY = (RunState.CHECKING, RunState.RUNNING, RunState.REMOVING)
"""States in which the clock has something to do."""


class ImportRun(Base):
    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(
            "state IN ('checking', 'ready', 'running', 'done', 'stopped', 'failed', 'removing', 'removed')",
            name="state_known",
        ),
        Index("ix_import_run_state", "state", "id"),
        # The history of a reader names the import that brought them: its number is never given to another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20), default="")
    """The name of the format, known by its columns."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """A zip that we made of the tables, in UTF-8. Gone seven days after the import came to its end."""
    state: Mapped[str] = mapped_column(String(10), default=RunState.CHECKING)
    total: Mapped[int] = mapped_column(default=0)
    """Lines with something on them; an estimate until they were checked."""
    position: Mapped[int] = mapped_column(BigId, default=0)
    """The last line that was checked or taken in; while taking back, the id of the last reader that was looked at."""
    report: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What the check found (``counts``, ``rejected``, ``extras``, ``strangers``) and what was done (``done``, ``fault``)."""
    options: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it last came forward."""
    busy_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A process works on it; the others leave it alone until then."""
