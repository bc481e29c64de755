"""What a reader may know of an author."""

from datetime import datetime
from typing import NewType

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

AuthorId = NewType("AuthorId", int)


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    biography: Mapped[str] = mapped_column(Text, default="")
    """Plain text; blank lines part paragraphs."""
    place: Mapped[str] = mapped_column(String(120), default="")
    links: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    """``[{"label": …, "url": …}]`` in the order shown."""
    image_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("image.id", ondelete="SET NULL"))
    account_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("account.id", ondelete="SET NULL"), unique=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
