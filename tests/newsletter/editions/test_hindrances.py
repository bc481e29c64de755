"""Answers that differ only in a server's own numbers are one to an editor, and are tried again as one."""

from datetime import datetime, timedelta

import pytest

from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import hindrances
from newsletter.editions.hindrances import Hindrance, gist
from newsletter.editions.progress import progress
from tests.newsletter.editions.conftest import Newsroom

SEVEN = datetime.fromisoformat("2026-11-23T07:00:00+00:00")
NOBODY = "5.1.1 The email account that you tried to reach does not exist. {} - gsmtp"
FULL = "4.2.2 The recipient’s mailbox is over quota"


@pytest.fixture
def room(newsroom: Newsroom, noon: datetime) -> Newsroom:
    newsroom.begin(noon)
    for n in range(6):
        newsroom.reader(f"reader{n}@example.org", noon)
    newsroom.publish("Tides", noon)
    newsroom.tick(SEVEN)
    return newsroom


def answer(room: Newsroom, n: int, state: LetterState, code: int, reply: str, at: datetime = SEVEN) -> None:
    has_ended = state is not LetterState.RETRY
    with room.db.transaction() as s:
        letter = s.query(Letter).filter_by(address=f"reader{n}@example.org", kind="digest").one()
        letter.state, letter.code, letter.reply = state, code, reply
        letter.settled_at = at if has_ended else None


def test_alike_answers_are_one_and_are_tried_again_together(room: Newsroom) -> None:
    for n, number in enumerate(
        ("2adb3069b0e04-5f1b1bd2c8asi54821.31", "af79cd13be357-8b2d1edc1easi9.2", "x7-20si1.7")
    ):
        answer(room, n, LetterState.REFUSED, 550, NOBODY.format(number))
    answer(room, 3, LetterState.RETRY, 452, FULL)
    answer(room, 4, LetterState.REFUSED, 552, FULL)
    answer(room, 5, LetterState.ACCEPTED, 250, "2.0.0 OK 17")
    first, *others = hindrances.hindrances(room.db, 1)
    assert (first.wordings, first.letters, first.ended) == (3, 3, 3) and first.reply.endswith("gsmtp")
    assert others == [Hindrance(452, FULL, 1, 1, 0), Hindrance(552, FULL, 1, 1, 1)]
    assert hindrances.retry(room.db, 1, 550, first.reply, SEVEN) == 3
    assert hindrances.retry(room.db, 1, 452, FULL, SEVEN) == 0, "that goes on by itself"
    states = [letter.state for letter in room.letters()]
    assert states == ["ready", "ready", "ready", "retry", "refused", "accepted"]


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("5.7.1 [203.0.113.7] is on our block list (S3150)", "5.7.1 [198.51.100.2] is on our block list (S3150)", True),
        ("5.7.1 is on our block list (S3150)", "5.7.1 is on our block list (S3140)", False),
        ("5.1.1 unknown", "5.2.1 unknown", False),
        ("5.1.1 unknown. cfab12 - gsmtp", "5.1.1 unknown. 101ab12 - gsmtp", True),
        ("550-5.7.26 Unauthenticated", "550-5.7.1 Unauthenticated", False),
        ("4.7.0 try again, id=1vPq3x-000Ab1-2c", "4.7.0 try again, id=1vPq3y-000Ac7-9f", True),
    ],
)  # fmt: skip
def test_only_numbers_of_one_letter_or_machine_are_looked_past(one: str, other: str, is_alike: bool) -> None:
    assert (gist(one) == gist(other)) == is_alike


def test_what_is_tried_again_is_not_called_stalled_at_once(room: Newsroom) -> None:
    for n in range(6):
        answer(room, n, LetterState.REFUSED, 554, "5.0.0 No")
    later = SEVEN + timedelta(hours=1)
    assert hindrances.retry(room.db, 1, 554, "5.0.0 No", later) == 6
    for seconds, is_stalled in ((0, False), (59, False), (61, True)):
        assert progress(room.db, 1, later + timedelta(seconds=seconds)).is_stalled == is_stalled


def test_the_first_minute_foretells_as_its_seconds_promise(room: Newsroom) -> None:
    for n in range(3):
        answer(room, n, LetterState.ACCEPTED, 250, "OK", SEVEN + timedelta(seconds=5))
    for seconds, rate, left in ((1, 3, 1), (6, 30, 1), (30, 6, 1), (62, 3, 1), (90, 0, None)):
        seen = progress(room.db, 1, SEVEN + timedelta(seconds=seconds))
        assert (seen.rate_per_minute, seen.minutes_left) == (rate, left), seconds
