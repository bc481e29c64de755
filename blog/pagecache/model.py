"""One row, one number: how often anything public has changed."""

from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId


class ContentGeneration(Base):
    __tablename__ = "content_generation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigId)
