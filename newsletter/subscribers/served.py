"""What a composer must know of the readers it writes to: whether they still want it, and their choices. Called by composing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.subscribers.model import Follow, Subscriber, SubscriberState, Subscription

NOBODY_CHOSE: Mapping[tuple[str, int], int] = {}


@dataclass(frozen=True)
class Served:
    state: SubscriberState
    pictures: bool
    clicks: bool
    weights: Mapping[tuple[str, int], int]
    """(topic or author, its id) -> 2 followed, 1 more like this, -1 less."""
    lists: frozenset[int]
    """Ids of those that they get now."""


def served(s: Session, subscriber_ids: Iterable[int]) -> Mapping[int, Served]:
    """Those that are on record, in three statements."""
    ids = list(subscriber_ids)
    weights: dict[int, dict[tuple[str, int], int]] = {}
    for row in s.scalars(select(Follow).where(Follow.subscriber_id.in_(ids))):
        weights.setdefault(row.subscriber_id, {})[(row.subject, row.subject_id)] = row.weight
    lists: dict[int, set[int]] = {}
    held = select(Subscription.subscriber_id, Subscription.list_id)
    for reader_id, list_id in s.execute(held.where(Subscription.subscriber_id.in_(ids))):
        lists.setdefault(reader_id, set()).add(list_id)
    rows = s.execute(
        select(Subscriber.id, Subscriber.state, Subscriber.pictures, Subscriber.clicks).where(
            Subscriber.id.in_(ids)
        )
    )
    return {
        row.id: Served(
            SubscriberState(row.state),
            row.pictures,
            row.clicks,
            weights.get(row.id, NOBODY_CHOSE),
            frozenset(lists.get(row.id, ())),
        )  # fmt: skip
        for row in rows
    }
