"""What is known of a picture. Its files lie in storage under ``key``; the sizes follow from its measures alone (``renditions.py``)."""

from datetime import datetime
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

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
    title: Mapped[str] = mapped_column(String(300), default="")
    alt: Mapped[str] = mapped_column(String(500), default="")
    decorative: Mapped[bool] = mapped_column(default=False)
    long_description: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(500), default="")
    rights: Mapped[str] = mapped_column(String(1000), default="")
    """Who holds the copyright, in the source's own words; what one may do is the licence."""
    licence: Mapped[str] = mapped_column(String(120), default="")
    source_url: Mapped[str] = mapped_column(String(2000), default="")
    instrument: Mapped[str] = mapped_column(String(300), default="")
    """The telescope or instrument."""
    objects: Mapped[str] = mapped_column(String(500), default="")
    """Names of what is shown, with commas between."""
    ra: Mapped[float | None]
    dec: Mapped[float | None]
    """Right ascension and declination in degrees."""
    unconfirmed: Mapped[list[str]] = mapped_column(Json, default=list)
    """Fields whose words came with the file and that nobody has confirmed yet; ``position`` stands for ra and dec."""
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
    likeness: Mapped[str] = mapped_column(String(16), default="")
    """What it looks like, as 64 bits in hex (``likeness.py``); empty where that says nothing."""
    imprint: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the words that were last written into the renditions."""
    zooms: Mapped[bool] = mapped_column(default=False)
    """Whether its tiles are there, for looking at it from near."""


class ImageTag(Base):
    """The staff's own words to find pictures by; readers never see them."""

    __tablename__ = "image_tag"

    image_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("image.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tag: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


class ImageFormer(Base):
    """The key of a file that another one replaced: mails and other sites may still ask for it."""

    __tablename__ = "image_former"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    image_id: Mapped[int] = mapped_column(BigId, ForeignKey("image.id", ondelete="CASCADE"), index=True)
