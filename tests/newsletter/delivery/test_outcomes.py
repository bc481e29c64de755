"""How a letter stands after a try."""

from datetime import datetime, timedelta

import pytest

from newsletter.delivery.claiming import Claimed
from newsletter.delivery.model import EDITION, LetterId, LetterState
from newsletter.delivery.outcomes import after
from newsletter.delivery.parcels import LetterView
from newsletter.delivery.verdicts import LONGEST_REPLY, Answer, Phase, Verdict, judge

BUSY = Answer(Phase.RECIPIENT, 451, "4.3.0 ada@example.org: try later")


def letter(noon: datetime, attempts: int = 0) -> Claimed:
    view = LetterView(LetterId(1), "digest", 7, 1, "ada@example.org", None, noon)
    return Claimed(view, LetterState.READY, attempts, 0, EDITION, view.created_at, False)


def test_a_letter_that_is_put_off_is_tried_again(noon: datetime) -> None:
    outcome = after(letter(noon), Verdict.RETRY, BUSY, noon)
    assert (outcome.state, outcome.attempts, outcome.due_at) == (
        LetterState.RETRY, 1, noon + timedelta(minutes=5),
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "tries"), [(1, 5), (48, 18)])
def test_when_the_waits_have_added_up_it_is_given_up_by_name(noon: datetime, hours: int, tries: int) -> None:
    now, attempts = noon, 0
    while (outcome := after(letter(noon, attempts), judge(BUSY), BUSY, now, timedelta(hours=hours))).due_at:
        now, attempts = outcome.due_at, outcome.attempts
    assert now - noon == timedelta(hours=hours)
    assert (outcome.state, outcome.attempts, outcome.code) == (LetterState.REFUSED, tries, 451)
    assert outcome.reply == f"gave up after {hours} hours: 4.3.0 …: try later"


def test_long_words_are_cut_when_it_is_given_up_too(noon: datetime) -> None:
    wordy = Answer(Phase.RECIPIENT, 451, "x" * 5000)
    outcome = after(letter(noon, 40), Verdict.RETRY, wordy, noon)
    assert outcome.reply.startswith("gave up after 48 hours: x") and len(outcome.reply) == LONGEST_REPLY


def test_a_letter_that_is_refused_was_not_given_up(noon: datetime) -> None:
    unknown = Answer(Phase.RECIPIENT, 550, "5.1.1 unknown")
    assert after(letter(noon), judge(unknown), unknown, noon).reply == "5.1.1 unknown"
