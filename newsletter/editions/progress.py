"""How an edition's letters are getting on, for the desk's progress page: counts from the ledger, and what follows from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from blog.db import Database
from newsletter.delivery.books import Balance, balance
from newsletter.editions.compiling import KIND
from newsletter.editions.model import EditionId, EditionState
from newsletter.editions.reading import EditionView, edition_view

QUIET = timedelta(seconds=60)
"""Letters waiting and none settled or written for this long is called stalled."""

MINUTE, FIRST = timedelta(minutes=1), timedelta(seconds=2)
"""Before FIRST nothing can be foretold."""


@dataclass(frozen=True)
class Progress:
    edition: EditionView
    letters: Balance
    is_done: bool
    is_stalled: bool
    next_try_at: datetime | None
    """Where it is stalled and all letters wait for their time."""
    percent: int
    """Of the letters, how many have come to their end."""
    rate_per_minute: int
    """Of the last minute; in the first one, as its first seconds promise."""
    minutes_left: int | None
    """None while nothing moves or all is done."""
    seconds_old: int
    """How long ago the letters were counted."""


def progress(db: Database, edition_id: int, now: datetime) -> Progress:
    """Raises NotFound."""
    with db.reading() as s:
        view = edition_view(s, EditionId(edition_id))
        letters = balance(s, KIND, edition_id, now)
    # What follows is as of the count: an old one says nothing of what moved since.
    seen_at = letters.counted_at
    # Also after it was sent, where somebody has what was refused tried again.
    is_going = view.state in (EditionState.SENDING, EditionState.SENT) and letters.waiting > 0
    due_at = letters.next_due_at
    # What became due only now (somebody pressed Resume, or had it tried again) has not been waited for yet.
    due_since = due_at if due_at and due_at <= seen_at else None
    moved_at = max(
        filter(None, (letters.last_settled_at, letters.last_written_at, due_since)), default=seen_at
    )
    percent = 100 * (letters.total - letters.waiting) // letters.total if letters.total else 100
    rate = _rate(letters.rate_per_minute, seen_at - view.closed_at if view.closed_at else QUIET)
    left = -(-letters.waiting // rate) if is_going and rate else None
    is_stalled = is_going and seen_at - moved_at > QUIET
    next_try = due_at if due_at and due_at > now else None
    age = max(int((now - seen_at).total_seconds()), 0)
    return Progress(view, letters, not is_going, is_stalled, next_try, percent, rate, left, age)


def _rate(lately: int, under_way: timedelta) -> int:
    """Letters of the last minute, and of less than a minute where the edition has not been under way for that long."""
    if not FIRST <= under_way < MINUTE:
        return lately
    return round(lately * (MINUTE / under_way))
