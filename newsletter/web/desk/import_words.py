"""What the pages of an import say: the words of each verdict and state, and the bar that draws them. Called by ``imports``."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.moving.judging import Verdict
from newsletter.moving.model import RunState
from newsletter.moving.runs import RunView
from newsletter.web.desk.bars import GAP, LEAST, WIDTH, Piece

STATES = {
    RunState.CHECKING: ("info", "Checking"),
    RunState.READY: ("info", "Checked"),
    RunState.RUNNING: ("warn", "Importing"),
    RunState.DONE: ("ok", "Imported"),
    RunState.STOPPED: ("warn", "Stopped"),
    RunState.FAILED: ("err", "Failed"),
    RunState.REMOVING: ("warn", "Taking back"),
    RunState.REMOVED: ("none", "Taken back"),
}
"""Colour and word of each state's pill."""
WORDS = {
    Verdict.NEW: ("New, confirmed", "They get the next edition, and nothing that went out before."),
    Verdict.PENDING: ("New, not confirmed", "They get no digest before they confirm."),
    Verdict.ENDED: ("Had left elsewhere", "Unsubscribed, bounced or complained there. Kept as such, so that no later file brings them back."),
    Verdict.FILLED: ("Here, and something to add", "A name, tags or fields that were missing. What they chose here stays."),
    Verdict.STOPPED: ("Here, and left elsewhere since", "The file says that they left after they joined here. They get no more mail."),
    Verdict.HERE: ("Here already", "Nothing changes."),
    Verdict.WAITING: ("Here, not confirmed", "They asked here and have not confirmed. A file does not do it for them."),
    Verdict.GONE: ("Left here", "They left, bounced or complained here, and stay so whatever a file says."),
    Verdict.SUPPRESSED: ("Suppressed", "The address must not be written to. It is left out."),
    Verdict.DUPLICATE: ("Twice in the file", "The first line of an address counts."),
    Verdict.INVALID: ("Not readable", "No address, or none that mail can go to."),
}  # fmt: skip
GROUPS = (
    ("accepted", "new", (Verdict.NEW, Verdict.PENDING)),
    ("uncertain", "changed", (Verdict.FILLED, Verdict.STOPPED)),
    ("waiting", "stay as they are", (Verdict.HERE, Verdict.WAITING, Verdict.GONE, Verdict.DUPLICATE)),
    ("skipped", "noted or left out", (Verdict.ENDED, Verdict.SUPPRESSED)),
    ("refused", "not readable", (Verdict.INVALID,)),
)
"""Colour, word and verdicts of each piece of the bar."""


@dataclass(frozen=True)
class Told:
    word: str
    number: int
    meaning: str


def told(run: RunView) -> tuple[Told, ...]:
    """A row for each verdict that occurs: what would happen, or what did."""
    counts = _counts(run)
    return tuple(
        Told(word, counts[name], meaning) for name, (word, meaning) in WORDS.items() if counts.get(name)
    )


def bar(run: RunView) -> tuple[Piece, ...]:
    counts = _counts(run)
    numbers = [sum(counts.get(one, 0) for one in of) for _, _, of in GROUPS]
    shown = [(*group[:2], number) for group, number in zip(GROUPS, numbers, strict=True) if number]
    # Every piece is given the least that can be seen; the rest is shared out by their numbers.
    rest = WIDTH - GAP * (len(shown) - 1) - LEAST * len(shown)
    drawn, x = list[Piece](), 0.0
    for colour, word, number in shown:
        width = LEAST + rest * number / sum(numbers)
        drawn.append(Piece(colour, word, number, round(x, 2), round(width, 2)))
        x += width + GAP
    return tuple(drawn)


def _counts(run: RunView) -> Mapping[str, int]:
    return run.done or run.counts
