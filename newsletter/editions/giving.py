"""Letters about a special edition, which goes to everybody as it closes, but brings nobody what they had before. Called by compiling."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, insert, or_, select
from sqlalchemy.orm import Session

from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.editions.model import Edition, EditionPost, EditionShare
from newsletter.editions.sharing import DIGEST, STORY, received
from newsletter.subscribers.model import Subscriber

PART = 500
"""Readers in one statement."""


def give(
    s: Session, edition: Edition, posts: Sequence[int], readers: Select[int, str], at: datetime, relay: str
) -> int:
    """Returns how many letters were written. Whoever had every story, at once or with another list, gets none unless it has a note."""
    if not s.scalar(select(_were_told(edition.list_id, posts))):
        return outbox.put_all(s, DIGEST, edition.id, readers, at, relay=relay)
    partly: list[int] = []
    for some in parts(s.scalars(_particular(readers)).all()):
        had = received(s, some, posts)
        rest = {id_: [post for post in posts if post not in told] for id_, told in had.items()}
        if rest:
            rows = [
                {"edition_id": edition.id, "subscriber_id": id_, "posts": left} for id_, left in rest.items()
            ]
            s.execute(insert(EditionShare), rows)
        partly += [id_ for id_, left in rest.items() if left or edition.note]
    has_share = exists().where(
        EditionShare.edition_id == edition.id, EditionShare.subscriber_id == Subscriber.id
    )
    written = outbox.put_all(s, DIGEST, edition.id, readers.where(~has_share), at, relay=relay)
    for some in parts(partly):
        written += outbox.put_all(
            s, DIGEST, edition.id, readers.where(Subscriber.id.in_(some)), at, relay=relay
        )
    return written


def parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Some at a time, since a statement takes a limited count of parameters."""
    for start in range(0, len(ids), PART):
        yield ids[start : start + PART]


def _were_told(list_id: int, posts: Sequence[int]) -> ColumnElement[bool]:
    """Whether any mail but this list's digests brought one of the posts."""
    elsewhere = (EditionPost.post_id.in_(posts), EditionPost.list_id != list_id, EditionPost.title != "")
    return or_(exists().where(Letter.kind == STORY, Letter.about_id.in_(posts)), exists().where(*elsewhere))


def _particular(readers: Select[int, str]) -> Select[int]:
    """Nobody else had mail but the digests of one list."""
    return readers.where(Subscriber.is_particular).with_only_columns(Subscriber.id).order_by(Subscriber.id)
