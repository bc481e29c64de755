"""How many letters wait for a connection."""

import pytest

from newsletter.delivery.belt import AHEAD, LEAST, MOST, Belt


def fitted(*looks: tuple[int, float], hands: int = 1) -> Belt:
    """After looks at so many letters answered, so many seconds after the one before."""
    belt, answered, now = Belt(None), 0, 1.0
    belt.fit(answered, hands, now)
    for more, seconds in looks:
        answered, now = answered + more, now + seconds
        belt.fit(answered, hands, now)
    return belt


def test_it_holds_what_leaves_in_a_quarter_of_a_second() -> None:
    assert fitted(*[(400, 1.0)] * 10).length == 400 * AHEAD


@pytest.mark.parametrize(("pace", "length"), [(1, LEAST), (1_000_000, MOST)])
def test_it_is_never_very_short_or_very_long(pace: int, length: int) -> None:
    assert fitted(*[(pace, 1.0)] * 20).length == length


def test_as_many_lie_there_as_are_carried_twice_over() -> None:
    assert fitted((1, 1.0), hands=50).length == 100


def test_two_looks_between_which_there_was_no_time_hardly_change_it() -> None:
    swift = [(10_000, 1.0)] * 10
    assert fitted(*swift, (0, 0.0001)).length == MOST / 2
    assert fitted(*swift, (0, 0.0001), (100, 0.01)).length == MOST


def test_it_grows_and_shrinks_in_steps() -> None:
    assert [fitted(*[(10_000, 1.0)] * looks).length for looks in (1, 2, 3)] == [24, 48, 96]
    slow = [fitted(*[(10_000, 1.0)] * 10, *[(0, 1.0)] * looks).length for looks in (1, 2, 3)]
    assert slow == [MOST / 2, MOST / 4, MOST / 8]
