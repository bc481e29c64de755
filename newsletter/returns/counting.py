"""When soft returns add up to a dead address, and blocks to a pause. Called by ``receiving``, in its transaction.

Soft: on four different days within thirty, no letter that arrived after the last of them. A server that takes letters over for others may
send one back for days, so a letter counts as arrived when it has not come back for five; what a server said to our face counts at once.

Blocks: ten within an hour, and one letter in a hundred of that edition. Blocks before the last pause are not counted again.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from newsletter.delivery import pausing
from newsletter.delivery.model import Letter, LetterState
from newsletter.returns.model import Returned
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.stopping import LETTERS

SOFT_DAYS = 4
WITHIN = timedelta(days=30)
MAY_COME_BACK = timedelta(days=5)
"""So long do mail servers try (RFC 5321, 4.5.4.1)."""
BLOCKS = 10
BLOCKS_WITHIN = timedelta(hours=1)
ONE_IN = 100
AT_ONCE = "smtp"


def is_given_up(s: Session, reader: Subscriber, at: datetime, via: str) -> bool:
    """Whether the soft returns of this reader, the one just written among them, are enough."""
    since = max(at - WITHIN, reader.confirmed_at or at - WITHIN)
    soft = (Returned.kind == "soft") & Returned.counts & (Returned.at > since)
    rows = s.execute(
        select(Returned.at, Letter.settled_at)
        .join(Letter, Letter.id == Returned.letter_id, isouter=True)
        .where(Returned.subscriber_id == reader.id, soft)
    ).all()
    moments = [row.settled_at or row.at for row in rows]
    arrived = _last_arrived(s, reader.id, at if via == AT_ONCE else at - MAY_COME_BACK)
    days: set[date] = {moment.date() for moment in moments if arrived is None or moment > arrived}
    return len(days) >= SOFT_DAYS


def weigh_block(s: Session, row: Returned, letter: Letter | None, at: datetime) -> str:
    """The server's words where this block was one too many, and sending is paused for it; else empty."""
    if row.via == AT_ONCE:
        return ""  # The sender counted it when it was said.
    if pausing.is_stopped(s) or not _are_too_many(s, letter, at):
        return ""
    words = f"{row.code} {row.words}".strip() if not row.words.startswith(row.code) else row.words
    pausing.count_refusal(s, words, at, pausing.REFUSALS_TO_PAUSE)
    return words or "It gave no reason."


def words_of_alarm(words: str) -> tuple[str, str]:
    return (
        "Sending is paused: mail servers block us",
        f"Several mail servers sent our letters back within an hour, and not because of the readers. One said:\n\n{words}\n\n"
        "Sending stands still until somebody presses Resume in the studio. Nobody was taken off the list for it.",
    )


def _are_too_many(s: Session, letter: Letter | None, at: datetime) -> bool:
    soon = Returned.at > at - BLOCKS_WITHIN
    last_pause = select(func.coalesce(func.max(Returned.id), 0)).where(
        Returned.kind == "block", Returned.stopped, soon
    )
    lately = soon & (Returned.id > last_pause.scalar_subquery())
    blocks = s.scalar(select(func.count()).where(Returned.kind == "block", Returned.via != AT_ONCE, lately))
    if not blocks or blocks < BLOCKS:
        return False
    return letter is None or blocks * ONE_IN >= _accepted_beside(s, letter)


def _accepted_beside(s: Session, letter: Letter) -> int:
    beside = (Letter.kind == letter.kind) & (Letter.about_id == letter.about_id)
    return s.scalar(select(func.count()).where(beside, Letter.state == LetterState.ACCEPTED)) or 0


def _last_arrived(s: Session, subscriber_id: int, until: datetime) -> datetime | None:
    return s.scalar(
        select(func.max(Letter.settled_at)).where(
            Letter.reader_id == subscriber_id,
            Letter.kind.in_(LETTERS),
            Letter.state == LetterState.ACCEPTED,
            Letter.settled_at <= until,
            ~_came_back(),
        )
    )


def _came_back() -> ColumnElement[bool]:
    return exists().where(Returned.letter_id == Letter.id, Returned.counts)
