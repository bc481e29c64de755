"""The announcement that stands over every page, and the signposts."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, UtcDateTime

ONLY = 1
"""There is one announcement at most."""


class AnnouncementBar(Base):
    __tablename__ = "announcement_bar"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(500), default="")
    """Where the words lead, or empty."""
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when it is not shown any more."""


class Signpost(Base):
    """An address without a page, and where it leads."""

    __tablename__ = "signpost"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    target: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
