"""What is known of a picture. Its files lie in storage under ``key``; the sizes follow from its width alone (``renditions.py``)."""

from datetime import datetime
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, UtcDateTime

ImageId = NewType("ImageId", int)


class Image(Base):
    __tablename__ = "image"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_size"),
        CheckConstraint("focal_x BETWEEN 0 AND 100 AND focal_y BETWEEN 0 AND 100", name="focal_inside"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the original's bytes, in hex: the same file taken in twice is the same picture."""
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(60))
    bytes: Mapped[int] = mapped_column(BigId)
    width: Mapped[int]
    height: Mapped[int]
    """Upright, after the camera's orientation is applied, in pixels."""
    alt: Mapped[str] = mapped_column(String(500), default="")
    decorative: Mapped[bool] = mapped_column(default=False)
    long_description: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(500), default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    source_url: Mapped[str] = mapped_column(String(2000), default="")
    focal_x: Mapped[int] = mapped_column(default=50)
    focal_y: Mapped[int] = mapped_column(default=50)
    """Percent from the left and from the top."""
    colour: Mapped[str] = mapped_column(String(7), default="#0b0e1a")
    placeholder: Mapped[str] = mapped_column(Text, default="")
    """A 16-pixel WebP as a data URI."""
    uploaded_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rendered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last rendition was written; until then a quick JPEG stands in for the missing ones."""
