"""What servers say to our face: letters that were refused while they were sent count like those that come back. Called by the clock."""

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select, text

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
from newsletter.returns import receiving
from newsletter.returns.counting import AT_ONCE
from newsletter.returns.judging import judge, says_nothing_of_the_address
from newsletter.returns.matching import match
from newsletter.returns.model import Returned
from newsletter.returns.reports import Report

MOST = 200
"""Letters in one transaction."""
LOOK_BACK = timedelta(days=7)
TO_STAFF = ("message", "test")
_ANSWERED_BADLY = text("letter.code >= 400")
# The very words of the index's condition: SQLite uses a partial index for nothing else.


def count_refusals(db: Database, at: datetime, secret: str) -> int:
    """Each refused letter to a reader counts once. Returns how many were counted; call again while it is not 0."""
    with db.transaction() as s:
        letters = s.scalars(_uncounted(at)).all()
        for letter in letters:
            receiving.enter(s, match(s, letter), _report(letter), _which(letter), at, secret, AT_ONCE)
        return len(letters)


def _uncounted(at: datetime) -> Select[Letter]:
    counted = exists().where(
        Returned.letter_id == Letter.id, Returned.via == AT_ONCE, Returned.at >= Letter.settled_at
    )
    return (
        select(Letter)
        .where(
            _ANSWERED_BADLY,
            Letter.state == LetterState.REFUSED,
            Letter.settled_at > at - LOOK_BACK,
            Letter.kind.not_in(TO_STAFF),
            ~counted,
        )
        .order_by(Letter.settled_at, Letter.id)
        .limit(MOST)
    )


def _report(letter: Letter) -> Report:
    words = letter.reply if letter.reply.startswith(str(letter.code)) else f"{letter.code} {letter.reply}"
    kind, code = judge(words)
    return Report(
        kind, code, letter.reply, (letter.address,), counts=not says_nothing_of_the_address(words, code)
    )


def _which(letter: Letter) -> str:
    """A letter that was written again is another refusal."""
    return f"{int(letter.settled_at.timestamp()) if letter.settled_at else 0}"
