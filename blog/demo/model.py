"""What the demonstration brought, so that taking it away takes exactly that."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId


class DemoItem(Base):
    __tablename__ = "demo_item"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """post, picture, author or topic."""
    key: Mapped[str] = mapped_column(String(120))
    """Its name in the demonstration's own files."""
    ref_id: Mapped[int] = mapped_column(BigId)
