"""Telling the administrators that the mail server refuses us and sending stands still. Called by the clock.

Where blocks that came back paused it, ``receiving`` has told them already; of a person's own pause nobody needs to hear.
"""

from datetime import datetime

from sqlalchemy import select

from blog import tally
from blog.db import Database
from blog.refusals import TooMany
from newsletter.delivery import pausing
from newsletter.delivery.pausing import Standing
from newsletter.returns.model import Returned
from newsletter.returns.receiving import Alarm

WEEKS = 8 * 7 * 24 * 60
"""Minutes for which it is known that a pause was told of."""


def tell(db: Database, at: datetime, alarm: Alarm) -> bool:
    """Once for each pause. The mail is one to one person, which no pause holds back; whether the server takes it is another matter."""
    standing = pausing.standing(db)
    if standing is None or not standing.paused or standing.by_person or _came_back(db, standing.since):
        return False
    try:
        tally.count(db, f"standstill {standing.since.isoformat()}", 1, WEEKS, at)
    except TooMany:
        return False
    alarm(*_words(standing))
    return True


def _came_back(db: Database, since: datetime) -> bool:
    blocks = select(Returned.id).where(Returned.kind == "block", Returned.stopped, Returned.at >= since)
    with db.reading() as s:
        return s.scalar(blocks.limit(1)) is not None


def _words(standing: Standing) -> tuple[str, str]:
    return (
        "Sending is paused: the mail server refuses us",
        f"Our mail server refused our letters {standing.refusals} times in a row, and not because of the readers. It said:\n\n"
        f"{standing.reason or 'It gave no reason.'}\n\n"
        "Sending stands still until somebody presses Resume in the studio. Nobody was taken off the list for it.",
    )
