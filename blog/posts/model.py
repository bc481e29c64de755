"""A post's two halves. ``Post`` is what the public sees; ``Manuscript`` is the working copy, always ahead of or equal to it.

States: draft -> (scheduled ->) published -> withdrawn -> published. A published post may have a newer manuscript (pending changes).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, BigId, Json, UtcDateTime

PostId = NewType("PostId", int)
TopicId = NewType("TopicId", int)


class PostState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Post(Base):
    """The public half. Its text columns are empty until the first publication and hold the last published text ever after."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'scheduled', 'published', 'withdrawn')", name="state_known"),
        Index("ix_post_state_published", "state", "published_at"),
        Index("ix_post_state_publish_at", "state", "publish_at"),
        Index("ix_post_state_released_at", "state", "released_at"),
        Index(
            "ix_post_featured",
            "published_at",
            sqlite_where=text("featured = 1"),
            postgresql_where=text("featured"),
        ),
        Index("ix_post_released_at", "released_at"),
        Index("ix_post_updated_at", "updated_at"),
        Index("ix_post_withdrawn_at", "withdrawn_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=PostState.DRAFT)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    path: Mapped[str | None] = mapped_column(String(120), unique=True)
    """The public address, set at first publication (links.post_path); a changed slug leaves a Redirect behind."""
    title: Mapped[str] = mapped_column(String(200), default="")
    dek: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[dict[str, Any] | None] = mapped_column(Json)
    body_html: Mapped[str] = mapped_column(Text, default="")
    body_text: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    """Plain text for mails and feeds where the dek is empty: the first sentences, at most 300 characters."""
    mail_words: Mapped[str] = mapped_column(Text, default="")
    """What mails say in the place of the dek: the mail-only parts of the body, at most 500 characters."""
    promotion_ends: Mapped[date | None] = mapped_column(Date, index=True)
    """The nearest last day among the promotions that ``body_html`` still shows."""
    words: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=1)
    lead_image_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("image.id"))
    search_title: Mapped[str] = mapped_column(String(200), default="")
    search_description: Mapped[str] = mapped_column(String(300), default="")
    social_title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    social_description: Mapped[str] = mapped_column(String(300), default="", server_default="")
    canonical_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """Where the story stood first, if that is not here: search engines are sent there."""
    in_digest: Mapped[bool] = mapped_column(default=True)
    featured: Mapped[bool] = mapped_column(default=False)
    """It leads the home page; of several public ones the newest does."""
    pinned_until: Mapped[date | None] = mapped_column(Date, index=True)
    """The last day on which it stands on top of its topics' pages; empty once that is over. ``featuring`` sets both."""
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a scheduled post goes live."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The date readers see; may be set back by hand or by an import."""
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it first really became public; the digest goes by this."""
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When published text last changed after the first publication."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    """What the story rests on, as ``sources.told`` has it."""
    notes: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list, server_default="[]")
    """The corrections and updates that stand, oldest first, as ``noting`` derives them from the PostNote rows."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))


class ManuscriptText:
    """The editable fields that a manuscript and each of its revisions share."""

    title: Mapped[str] = mapped_column(String(200), default="")
    dek: Mapped[str] = mapped_column(String(500), default="")
    slug: Mapped[str] = mapped_column(String(100), default="")
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    lead_image: Mapped[int | None] = mapped_column(BigId)
    author_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    topic_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    in_digest: Mapped[bool] = mapped_column(default=True)
    search_title: Mapped[str] = mapped_column(String(200), default="")
    search_description: Mapped[str] = mapped_column(String(300), default="")
    social_title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    social_description: Mapped[str] = mapped_column(String(300), default="", server_default="")
    canonical_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")


class Manuscript(Base, ManuscriptText):
    """The working copy. ``version`` grows by one at each save; a save that names another version is a Conflict."""

    __tablename__ = "manuscript"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(default=1)
    published_version: Mapped[int] = mapped_column(default=0)
    """The version that the public sees; 0 before the first publication."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    sitting: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """The open page that saved it last: a name that each page makes up for itself."""


class RevisionKind(StrEnum):
    KEPT = "kept"
    PUBLISHED = "published"
    ASIDE = "aside"
    """It never stood in the manuscript: words set aside so that somebody else's could stay."""


class Revision(Base, ManuscriptText):
    """A manuscript as it once stood, or as somebody would have had it. ``remembering`` says when one is kept."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12), default=RevisionKind.KEPT, server_default=RevisionKind.KEPT)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it went into the history; empty on rows older than that column."""
    words: Mapped[int | None]
    """How many its body has; empty on rows older than that column."""


class NoteKind(StrEnum):
    CORRECTION = "correction"
    """Something was wrong."""
    UPDATE = "update"
    """Something is new."""


class PostNote(Base):
    """What an editor tells readers of a change to a public story. A note is never taken back: another wording replaces it."""

    __tablename__ = "post_note"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id", ondelete="SET NULL"))
    replaces_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("post_note.id", ondelete="CASCADE"), unique=True
    )
    """The wording before this one."""


class Presence(Base):
    """A page that has the post open in its editor. It tells of itself every few seconds, or counts as closed."""

    __tablename__ = "presence"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sitting: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PostAuthor(Base):
    __tablename__ = "post_author"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    author_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("author.id"), primary_key=True, index=True, autoincrement=False
    )
    position: Mapped[int]


class Topic(Base):
    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("topic.id", ondelete="SET NULL"), index=True
    )
    """The topic that this one stands under; that one stands under none."""


class TopicPick(Base):
    """A story that a topic's page begins with."""

    __tablename__ = "topic_pick"

    topic_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
    position: Mapped[int]


class PostTopic(Base):
    __tablename__ = "post_topic"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("topic.id"), primary_key=True, index=True, autoincrement=False
    )
    position: Mapped[int]


class PostImage(Base):
    """A picture that the published post shows; position 0 is the lead."""

    __tablename__ = "post_image"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    image_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("image.id"), primary_key=True, index=True, autoincrement=False
    )
    position: Mapped[int]


class PostReference(Base):
    """The published post's "Read more" points at another post: when that one changes, this one is derived again."""

    __tablename__ = "post_reference"

    post_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    target_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )


class Redirect(Base):
    """An address that a post once had."""

    __tablename__ = "redirect"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("post.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
