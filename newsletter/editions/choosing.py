"""Which stories stand in an open edition, and in which order. Called by compiling, which fixes them, and arranging, which shows them.

A story is a candidate for as long as no other edition of the list carries it, never because of a span of time: so a late commit, a
scheduled post or a clock that was set back loses nothing and repeats nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.posts.reading import digest_stories
from blog.posts.views import DigestStory
from newsletter.editions.model import Edition, EditionPost, MailingList

FIRST_DAY = timedelta(days=1)
"""A new list tells what was released up to a day before it began, so that its first edition is not empty."""


@dataclass(frozen=True)
class Place:
    story: DigestStory
    row: EditionPost | None
    """What an editor arranged; None for a story that nobody touched."""

    @property
    def title(self) -> str:
        return (self.row and self.row.retitled) or self.story.title

    @property
    def pinned(self) -> bool:
        return bool(self.row and self.row.pinned)

    @property
    def dropped(self) -> bool:
        return bool(self.row and self.row.dropped)


def places(s: Session, mailing: MailingList, edition: Edition, until: datetime) -> tuple[Place, ...]:
    """Every candidate released by ``until``, the dropped ones too: pinned first, then those set by hand, then newest first."""
    carried = select(EditionPost.post_id).where(
        EditionPost.list_id == mailing.id, EditionPost.edition_id != edition.id
    )
    rows = {row.post_id: row for row in arranged_rows(s, edition.id)}
    stories = digest_stories(s, mailing.created_at - FIRST_DAY, until, carried)
    return tuple(sorted((Place(story, rows.get(story.id)) for story in stories), key=_rank))


def arranged_rows(s: Session, edition_id: int) -> Sequence[EditionPost]:
    return s.scalars(
        select(EditionPost).where(EditionPost.edition_id == edition_id).order_by(EditionPost.position)
    ).all()


def _rank(place: Place) -> tuple[bool, bool, int, float, int]:
    position = place.row.position if place.row else 0
    return not place.pinned, position == 0, position, -place.story.released_at.timestamp(), -place.story.id
