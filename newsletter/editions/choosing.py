"""Which stories stand in an open edition, and in which order. Called by compiling, which fixes them, and arranging, which shows them.

A story is a candidate for as long as no other edition of the list carries it, never because of a span of time: so a late commit, a
scheduled post or a clock that was set back loses nothing and repeats nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.posts.reading import digest_stories, digest_story, subjects
from blog.posts.views import DigestStory
from newsletter.editions.model import Edition, EditionKind, EditionPost
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList, Order

FIRST_DAY = timedelta(days=1)
"""A new list tells what was released up to a day before it began, so that its first edition is not empty."""

LAST_DAYS = timedelta(days=8)
"""A list whose topics were changed tells what was released up to so long before, and not the years that they take in now."""


@dataclass(frozen=True)
class Place:
    story: DigestStory
    row: EditionPost | None
    """What an editor arranged; None for a story that nobody touched."""
    clicks: int = 0
    """In earlier mails of any list; counted only where the list ranks by them."""

    @property
    def title(self) -> str:
        return (self.row and self.row.retitled) or self.story.title

    @property
    def image_id(self) -> int | None:
        return (self.row and self.row.chosen_image_id) or self.story.image_id

    @property
    def pinned(self) -> bool:
        return bool(self.row and self.row.pinned)

    @property
    def dropped(self) -> bool:
        return bool(self.row and self.row.dropped)

    @property
    def added(self) -> bool:
        return bool(self.row and self.row.added)


def places(s: Session, mailing: MailingList, edition: Edition, until: datetime) -> tuple[Place, ...]:
    """Every story released by ``until`` that the list takes or an editor added, the dropped ones too: pinned first, then those
    set by hand, then in the list's own order. A special edition holds only what was added.
    """
    rows = {row.post_id: row for row in arranged_rows(s, edition.id)}
    stories = {} if edition.kind == EditionKind.SPECIAL else candidates(s, mailing, edition.id, until)
    stories |= digest_story(s, [row.post_id for row in rows.values() if row.added])
    clicks = _clicks(s, stories) if mailing.ranking == Order.CLICKS else {}
    chosen = (Place(story, rows.get(id_), clicks.get(id_, 0)) for id_, story in stories.items())
    return tuple(sorted(chosen, key=_rank))


def candidates(s: Session, mailing: MailingList, edition_id: int, until: datetime) -> dict[int, DigestStory]:
    """What the list would take by itself, by id."""
    carried = select(EditionPost.post_id).where(
        EditionPost.list_id == mailing.id, EditionPost.edition_id != edition_id
    )
    since = mailing.created_at - FIRST_DAY
    if mailing.topics_at:
        since = max(since, mailing.topics_at - LAST_DAYS)
    stories = digest_stories(s, since, until, carried)
    return {story.id: story for story in about(s, mailing, stories)}


def about(s: Session, mailing: MailingList, stories: Sequence[DigestStory]) -> Sequence[DigestStory]:
    """Those of the list's topics; all where it has none."""
    wanted = set(lists.topics_of(s, [mailing.id]).get(mailing.id, ()))
    if not wanted:
        return stories
    found = subjects(s, [story.id for story in stories])
    return [story for story in stories if wanted & {topic.id for topic in found[story.id].topics}]


def arranged_rows(s: Session, edition_id: int) -> Sequence[EditionPost]:
    return s.scalars(
        select(EditionPost).where(EditionPost.edition_id == edition_id).order_by(EditionPost.position)
    ).all()


def _clicks(s: Session, stories: Mapping[int, DigestStory]) -> dict[int, int]:
    counted = select(EditionPost.post_id, func.sum(EditionPost.clicks)).where(
        EditionPost.post_id.in_(stories)
    )
    return {post_id: int(total) for post_id, total in s.execute(counted.group_by(EditionPost.post_id))}


def _rank(place: Place) -> tuple[bool, bool, int, int, float, int]:
    position = place.row.position if place.row else 0
    newest_first = (-place.story.released_at.timestamp(), -place.story.id)
    return not place.pinned, position == 0, position, -place.clicks, *newest_first
