"""What becomes of a reader who gets no more mail: their state, a line in their history, and the letters that have not left yet.

Called by leaving and suppression, in their transactions.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.delivery import outbox
from newsletter.subscribers.model import Consent, Subscriber, SubscriberState

LETTERS = ("digest", "story", "correction", "welcome", "confirmation", "notice")
"""The kinds that are written to readers: whoever stops gets none that has not left yet."""
EDITIONS = ("digest", "story", "correction")
"""Those of them that are worth sending late."""
WHY = {
    SubscriberState.LEFT: "left the list",
    SubscriberState.BOUNCED: "the address takes no mail",
    SubscriberState.COMPLAINED: "called it spam",
}


def end(
    s: Session, reader: Subscriber, state: SubscriberState, at: datetime, source: str, detail: str, deed: str
) -> None:
    """``detail`` is the reason, in whoever's words; ``deed`` is the word of the history."""
    reader.state, reader.left_at, reader.reason = state, at, plain(detail, 300)
    note(s, reader.id, deed, at, source, detail)
    outbox.recall(s, LETTERS, reader.id, WHY[state], at)


def resume(s: Session, reader: Subscriber, left_at: datetime, at: datetime) -> None:
    """The letters that a leave took back are ready again."""
    outbox.give_back(s, EDITIONS, reader.id, WHY[SubscriberState.LEFT], left_at, at)


def note(s: Session, subscriber_id: int, deed: str, at: datetime, source: str, detail: str = "") -> None:
    s.add(
        Consent(
            subscriber_id=subscriber_id,
            deed=deed,
            at=at,
            source=plain(source, 200),
            detail=plain(detail, 300),
        )
    )


def plain(words: str, longest: int) -> str:
    """One line without control characters, cut to what its column holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:longest]
