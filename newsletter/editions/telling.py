"""A closed edition as one mail tells it: the stories of a share in a given order, which may come from earlier editions too.

Called by the composer of digests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.images.reading import pictures
from newsletter.editions.model import Edition, EditionPost
from newsletter.editions.reading import EditionStory, edition_story, paragraphs
from newsletter.lists.model import Design, MailingList


@dataclass(frozen=True)
class Told:
    edition_id: int
    slug: str
    local_date: date
    closed_at: datetime
    subject: str
    """The edition's, where its top story leads this mail too; else that of the story which does."""
    preheader: str
    note: tuple[str, ...]
    stories: tuple[EditionStory, ...]
    list_name: str
    list_slug: str
    sender: str
    """``Name <address>``; empty for the publication's own."""
    is_plain: bool
    """Words alone, whatever pictures there are."""
    most: int
    """So many stories in full."""


def told(s: Session, edition_id: int, post_ids: Sequence[int]) -> Told:
    edition = s.get_one(Edition, edition_id)
    mailing = s.get_one(MailingList, edition.list_id)
    found = select(EditionPost).where(
        EditionPost.list_id == mailing.id, EditionPost.post_id.in_(list(post_ids))
    )
    rows = {row.post_id: row for row in s.scalars(found)}
    seen = pictures(s, (row.image_id for row in rows.values()))
    stories = tuple(edition_story(rows[post], seen) for post in post_ids)
    return Told(
        edition_id, edition.slug, edition.local_date, edition.closed_at or edition.due_at, *_words(s, edition, stories),
        paragraphs(edition.note), stories, mailing.name, mailing.slug, mailing.sender, mailing.design == Design.PLAIN, mailing.most,
    )  # fmt: skip


def _words(s: Session, edition: Edition, stories: Sequence[EditionStory]) -> tuple[str, str]:
    """The editors' subject speaks of the edition's first story, so it goes with that one alone."""
    first = select(EditionPost.post_id).where(
        EditionPost.edition_id == edition.id, EditionPost.dropped.is_(False)
    )
    top = s.scalar(first.order_by(EditionPost.position).limit(1))
    if not stories or stories[0].post_id == top:
        return edition.subject, edition.preheader
    others = " · ".join(story.title for story in stories[1:4])
    return stories[0].title, (others or stories[0].dek)[:200]
