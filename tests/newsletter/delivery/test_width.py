"""How many connections are worth having."""

import pytest

from newsletter.delivery.width import FEW, Width

MOST = 64
LETTER = 0.0001
"""Seconds of our processor that a letter costs."""


def after(
    took: float,
    most: int = MOST,
    judgements: int = 40,
    cost: float = LETTER,
    room: int = MOST,
    waiting: int = 1000,
) -> Width:
    """After so many judgements at a server that answers within ``took`` as long as ``room`` connections are not exceeded."""
    width, spent = Width(most), 0.0
    for _ in range(judgements):
        crowd = max(1.0, width.wanted / room)
        letters = max(8, 2 * width.wanted)
        for _ in range(letters):
            width.answered(took * crowd)
        spent += letters * cost
        width.judge(width.wanted, waiting, spent)
    return width


def test_a_relay_far_off_gets_all_that_it_allows() -> None:
    assert after(took=0.010).wanted == MOST
    assert after(took=0.010, most=5).wanted == 5


def test_it_widens_at_once() -> None:
    assert [after(took=0.010, judgements=looks).wanted for looks in (1, 2, 3, 4)] == [1, 2, 4, 8]


@pytest.mark.parametrize("took", [LETTER / 2, LETTER, 1.4 * LETTER])
def test_a_server_as_quick_as_we_are_needs_few_connections(took: float) -> None:
    assert after(took).wanted == FEW


def test_there_are_no_more_than_we_have_letters_for_while_one_is_answered() -> None:
    assert after(took=5 * LETTER).wanted == 5


def test_a_server_with_little_room_is_not_crowded() -> None:
    assert after(took=0.010, room=4).wanted < 16


def test_few_letters_need_few_connections() -> None:
    assert after(took=0.010, waiting=3).wanted <= 4


def test_a_busy_machine_is_no_far_server() -> None:
    """Now and then an answer comes at once, whatever the others wait for."""
    width, spent = Width(MOST), 0.0
    for _ in range(40):
        for number in range(20):
            width.answered(LETTER if number == 7 else 20 * LETTER)
        spent += 20 * LETTER
        width.judge(width.wanted, 1000, spent)
    assert width.wanted == FEW


def test_a_server_that_became_slower_gets_more_after_a_while() -> None:
    width, spent = after(took=LETTER), 40 * 8 * LETTER
    for _ in range(400):
        for _ in range(max(8, 2 * width.wanted)):
            width.answered(30 * LETTER)
        spent += max(8, 2 * width.wanted) * LETTER
        width.judge(width.wanted, 1000, spent)
    assert width.wanted > 8


def test_who_is_refused_begins_with_one_again() -> None:
    width = after(took=0.010)
    width.refused()
    assert width.wanted == 1
