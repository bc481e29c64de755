"""Standing pages: About, Imprint and their like. Each is a post that never becomes a story, and a row here says so."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog.db import Base, BigId


class StandingPage(Base):
    """Its post's state stays ``draft``, so no list, feed, search or digest of stories ever holds it."""

    __tablename__ = "standing_page"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    """Its address is this, behind the host's slash."""
    place: Mapped[str] = mapped_column(String(8), default="")
    """Where it is linked: ``menu``, ``footer`` or nowhere."""
    stands: Mapped[bool] = mapped_column(default=False)
    """Whether readers see it."""


class FormerPage(Base):
    """An address that a standing page once had."""

    __tablename__ = "former_page"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"), index=True)


def is_page(s: Session, post_id: int) -> bool:
    return s.get(StandingPage, post_id) is not None
