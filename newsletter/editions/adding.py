"""Stories that a list would not take by itself, taken into an open edition by an editor: older ones, of other topics, kept out of the digest.

Called by the composer. A list never carries a story twice, so what went out with it before is not offered.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.offering import offered
from blog.posts.reading import digest_story
from blog.refusals import Conflict, NotFound
from newsletter.editions.coming import Coming, standing
from newsletter.editions.handling import to_change
from newsletter.editions.model import Edition, EditionKind, EditionPost, EditionState

MOST = 6


@dataclass(frozen=True)
class Offer:
    post_id: int
    title: str
    path: str
    topic: str
    released_at: datetime
    picture: Picture | None


def offers(db: Database, coming: Coming, words: str) -> tuple[Offer, ...]:
    """Up to six public stories with these words in title or dek, newest first, that could be added; the newest where there are no words."""
    there = [story.post_id for story in (*coming.stories, *coming.dropped)]
    with db.reading() as s:
        found = offered(s, words, _carried(coming.list_id), there, MOST)
        shown = pictures(s, (story.image_id for story in found))
        return tuple(
            Offer(story.id, story.title, story.path, story.topic, story.released_at, shown.get(story.image_id or 0))
            for story in found
        )  # fmt: skip


def add(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Does nothing where it is there already. Raises Conflict for a story that went out with the list, NotFound for one not public."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        if post_id not in digest_story(s, [post_id]):
            raise NotFound("That story is not public.")
        if s.scalar(_carried(mailing.id).where(EditionPost.post_id == post_id)):
            raise Conflict("That story went out with this list before; nobody gets it twice.")
        if post_id in {p.story.id for p in standing(s, mailing, edition, at) if not p.dropped}:
            return
        row = _row(s, edition, post_id)
        row.added, row.dropped, row.pinned = True, False, False
        row.position = _next_position(s, edition) if edition.kind == EditionKind.SPECIAL else 0


def _carried(list_id: int) -> Select[int]:
    """Posts that went out with the list."""
    went_out = or_(Edition.state == EditionState.SENDING, Edition.state == EditionState.SENT)
    rows = select(EditionPost.post_id).join(Edition, Edition.id == EditionPost.edition_id)
    return rows.where(EditionPost.list_id == list_id, EditionPost.dropped.is_(False), went_out)


def _row(s: Session, edition: Edition, post_id: int) -> EditionPost:
    """Its place in the list: taken over from another edition that has not left, or that left without it."""
    mine = select(EditionPost).where(EditionPost.list_id == edition.list_id, EditionPost.post_id == post_id)
    row = s.scalar(mine)
    if row is None:
        row = EditionPost(list_id=edition.list_id, post_id=post_id)
        s.add(row)
    row.edition_id = edition.id
    return row


def _next_position(s: Session, edition: Edition) -> int:
    last = s.scalar(select(func.max(EditionPost.position)).where(EditionPost.edition_id == edition.id))
    return (last or 0) + 1
