"""The words of stories, as search and the shelves of related stories keep them. ``vocabulary`` writes them."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId


class SearchWord(Base):
    """A word that a story which is or was public holds; search suggests it only where it finds something."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Folded: small letters without diacritics."""
    spelt: Mapped[str] = mapped_column(String(40))
    stories: Mapped[int] = mapped_column(default=0)
    """About how many stories hold it."""


class SearchTrigram(Base):
    """Three letters in a row of a word, by which words that look alike are found."""

    __tablename__ = "search_trigram"

    trigram: Mapped[str] = mapped_column(String(3), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class PostWord(Base):
    """A word that tells a story from others; two stories that share some are related."""

    __tablename__ = "post_word"
    __table_args__ = (Index("ix_post_word_word", "word", "post_id"),)

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    weight: Mapped[float]
