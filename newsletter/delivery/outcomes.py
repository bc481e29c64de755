"""How a letter stands after a try: from a verdict to what the ledger will say. Pure; called by ``hearing`` and ``packing``."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.delivery.claiming import LEASE, MOST_DOUBTS, Claimed
from newsletter.delivery.model import MESSAGE, LetterId, LetterState
from newsletter.delivery.verdicts import (
    BEFORE_RECIPIENT,
    LONGEST_REPLY,
    Answer,
    Verdict,
    wait_before,
    wait_within,
    without_address,
)


@dataclass(frozen=True)
class Outcome:
    """Without ``due_at`` the letter has come to its end."""

    id: LetterId
    state: LetterState
    attempts: int
    doubts: int
    code: int | None
    reply: str
    due_at: datetime | None = None
    refuses_us: bool = False


PATIENCE = timedelta(hours=48)
"""So long a letter is tried that a server puts off, unless its relay says otherwise."""


def after(
    claimed: Claimed, verdict: Verdict, answer: Answer, now: datetime, patience: timedelta = PATIENCE
) -> Outcome:
    """What becomes of a letter that was on the line. Put off for all of its relay's ``patience``, it is given up."""
    words = without_address(answer.reply)
    code = answer.code if answer.code > 0 else None
    attempts, doubts, due_at = claimed.attempts + 1, claimed.doubts, None
    match verdict:
        case Verdict.ACCEPTED:
            state = LetterState.ACCEPTED
        case Verdict.UNCERTAIN:
            state, doubts = LetterState.UNCERTAIN, doubts + 1
            due_at = None if doubts >= MOST_DOUBTS else now + LEASE
        case Verdict.AWAY | Verdict.REFUSES_US if answer.phase in BEFORE_RECIPIENT:
            # Nothing was said of this letter: it stands as it stood. No pause holds back a message, so it rests by itself.
            rests = verdict is Verdict.REFUSES_US and claimed.letter.kind == MESSAGE
            state, attempts, due_at = claimed.state, claimed.attempts, now + wait_before(1) * rests
        case Verdict.RETRY | Verdict.REFUSES_US if wait := wait_within(attempts, patience):
            state = LetterState.RETRY if verdict is Verdict.RETRY else LetterState.READY
            due_at = now + wait
        case Verdict.RETRY | Verdict.REFUSES_US:
            state = LetterState.REFUSED
            words = f"gave up after {patience // timedelta(hours=1)} hours: {words}"[:LONGEST_REPLY]
        case _:
            state = LetterState.REFUSED
    return Outcome(
        claimed.letter.id, state, attempts, doubts, code, words, due_at, verdict is Verdict.REFUSES_US
    )


def skipped(claimed: Claimed, reason: str) -> Outcome:
    """The composer says that this letter is not to be sent."""
    return Outcome(claimed.letter.id, LetterState.SKIPPED, claimed.attempts, claimed.doubts, None, reason)


def spoilt(claimed: Claimed, reason: str, now: datetime, patience: timedelta = PATIENCE) -> Outcome:
    """The composer failed on it: our own fault, which may be mended before the relay's ``patience`` is over."""
    attempts, due_at, state = claimed.attempts + 1, None, LetterState.REFUSED
    if wait := wait_within(attempts, patience):
        state, due_at = LetterState.RETRY, now + wait
    return Outcome(claimed.letter.id, state, attempts, claimed.doubts, None, reason, due_at)
