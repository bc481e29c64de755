"""Taking an import back: exactly the readers that it made go, with all that hangs on them.

Who has had a say of their own since (confirmed, chose, left, complained) stays as they are, so that no leaving is forgotten.
"""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from blog.db import Database
from newsletter.delivery import outbox
from newsletter.delivery.model import WAITING, Letter
from newsletter.moving import holding
from newsletter.moving.holding import CHUNK, Held
from newsletter.moving.model import RunState
from newsletter.moving.taking import source_of
from newsletter.subscribers.model import Consent, Subscriber
from newsletter.subscribers.stopping import LETTERS


def undo(db: Database, held: Held) -> int:
    """Goes on until the time is over or nobody is left. Returns how many went."""
    position, gone = held.position, 0
    while True:
        with db.transaction() as s:
            run = holding.row(s, held, position)
            if run is None:
                return gone
            made = _made(s, source_of(held.id), position)
            ids = _untouched(s, source_of(held.id), made)
            _remove(s, ids, held)
            holding.add(run, "undone", {"removed": len(ids), "kept": len(made) - len(ids)})
            run.moved_at = held.now
            if not made:
                run.state = RunState.REMOVED
                return gone
            run.position = position = made[-1]
        gone += len(ids)
        if held.is_over:
            return gone


def _made(s: Session, source: str, after: int) -> list[int]:
    of_this = (Consent.source == source, Consent.deed == "imported", Consent.subscriber_id > after)
    return list(
        s.scalars(select(Consent.subscriber_id).where(*of_this).order_by(Consent.subscriber_id).limit(CHUNK))
    )


def _untouched(s: Session, source: str, ids: list[int]) -> list[int]:
    other = aliased(Consent)
    has_other = exists().where(other.subscriber_id == Subscriber.id, other.source != source)
    mine = select(Subscriber.id).where(Subscriber.id.in_(ids), ~has_other)
    return list(s.scalars(mine.order_by(Subscriber.id).with_for_update()))


def _remove(s: Session, ids: list[int], held: Held) -> None:
    waiting = select(Letter.reader_id).where(
        Letter.kind.in_(LETTERS), Letter.reader_id.in_(ids), Letter.state.in_(WAITING)
    )
    for reader_id in s.scalars(waiting.distinct()).all():
        outbox.recall(s, LETTERS, reader_id, "the import was taken back", held.now)
    s.execute(delete(Subscriber).where(Subscriber.id.in_(ids)).execution_options(synchronize_session=False))
