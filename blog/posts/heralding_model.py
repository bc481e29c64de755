"""What whoever listens outside was told. Written and read by ``heralding`` alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, Json, UtcDateTime


class Heralded(Base):
    """Until when somebody outside was told of changed stories: ``websub`` or ``indexnow``."""

    __tablename__ = "heralded"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[list[list[Any]]] = mapped_column(Json, default=list, server_default="[]")
    """Number and moment of what was told lately: rows may be committed some time after the moment that they bear."""
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often in a row nobody heard."""
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Not before then: somebody is telling now, or nobody heard."""
