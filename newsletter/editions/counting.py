"""Keeps the books of large editions, so that no page has to count a million letters. Called by the clock, as an errand."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import books
from newsletter.delivery.books import Kept
from newsletter.editions.compiling import KIND
from newsletter.editions.model import Edition, EditionState

LARGE = 20_000
"""Letters; fewer are counted in the blink of an eye whenever somebody asks."""
OFTEN = timedelta(seconds=5)
SHARE = 20
"""Of a processor's time, counting takes one part in so many at most, while an edition goes out."""
DAY = timedelta(days=1)
FRESH = timedelta(days=30)
"""For so long what comes late (a reader undoes leaving, another is erased) is looked for once a day."""


def count_due(db: Database, now: datetime, large: int = LARGE) -> int | None:
    """Counts the one edition whose count is due and the oldest, and keeps it. Returns its id."""
    with db.reading() as s:
        found = _due(s, now, large)
    if found is not None:
        books.keep(db, KIND, found, now)
    return found


def is_anything_due(db: Database, now: datetime, large: int = LARGE) -> bool:
    with db.reading() as s:
        return _due(s, now, large) is not None


def _due(s: Session, now: datetime, large: int) -> int | None:
    gone = select(Edition.id, Edition.state, Edition.closed_at).where(
        Edition.recipients >= large, Edition.state.in_([EditionState.SENDING, EditionState.SENT])
    )
    kept = books.kept(s, KIND)
    for row in s.execute(gone.order_by(Edition.id.desc())):
        is_fresh = row.closed_at is not None and now - row.closed_at < FRESH
        if _is_due(kept.get(row.id), row.state == EditionState.SENDING, is_fresh, now):
            return int(row.id)
    return None


def _is_due(kept: Kept | None, is_going: bool, is_fresh: bool, now: datetime) -> bool:
    if kept is None or kept.counted_at > now:
        return True
    age = now - kept.counted_at
    if is_going or kept.waiting:
        return age >= max(OFTEN, SHARE * kept.took)
    return is_fresh and age >= DAY
