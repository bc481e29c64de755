"""The last examinations, as they were found: what a page shows without asking the world again."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime


class Examination(Base):
    __tablename__ = "diagnosis"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    domain: Mapped[str] = mapped_column(String(255))
    result: Mapped[dict[str, Any]] = mapped_column(Json)
    """A Diagnosis, written and read by ``keeping``."""
