"""The one row of what was chosen in the studio, and of the address that waits for its proof."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, Json, UtcDateTime

ONLY = 1


class Publication(Base):
    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chosen: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """By the names of ``Masthead``'s fields; what nobody chose is missing."""
    version: Mapped[int] = mapped_column(default=0)
    """Raised by every change, so that of two pages the older is noticed."""
    proven: Mapped[str] = mapped_column(String(254), default="")
    """The last sender address whose mail somebody here has read."""
    trial: Mapped[str] = mapped_column(String(254), default="")
    """The address that waits for its code; empty: none."""
    trial_code: Mapped[str] = mapped_column(String(64), default="")
    """A keyed hash of the code."""
    trial_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trial_tries: Mapped[int] = mapped_column(default=0)
    signup_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody followed the first steps to the sign-up form."""
    steps_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first steps were put away."""
