from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

import pytest

from newsletter.subscribers import proof

SECRET, KEY = "a-key-for-tests-only", "reader@example.org"
SECOND = timedelta(seconds=1)


def solution(ticket: str) -> str:
    return next(str(n) for n in count() if proof.is_solved(ticket, str(n)))


def test_a_solution_passes_at_once_and_nothing_else_does(noon: datetime) -> None:
    ticket = proof.ticket(SECRET, KEY, noon)
    nonce = solution(ticket)
    assert sha256((ticket + nonce).encode()).hexdigest().startswith("000")
    assert proof.passes(SECRET, ticket, nonce, KEY, noon)
    for wrong in ("", f"{nonce}x", "\ud800", "9" * 50):
        assert not proof.passes(SECRET, ticket, wrong, KEY, noon)


def test_it_serves_no_other_address_and_no_other_house(noon: datetime) -> None:
    ticket = proof.ticket(SECRET, KEY, noon)
    later = noon + 40 * SECOND
    assert not proof.passes(SECRET, ticket, solution(ticket), "other@example.org", later)
    assert not proof.passes("another", ticket, solution(ticket), KEY, later)


@pytest.mark.parametrize(("seconds", "is_let_in"), [(29, False), (30, True), (3600, True), (3601, False)])
def test_without_a_script_half_a_minute_of_waiting_does(
    noon: datetime, seconds: int, is_let_in: bool
) -> None:
    ticket = proof.ticket(SECRET, KEY, noon)
    assert proof.passes(SECRET, ticket, "", KEY, noon + seconds * SECOND) is is_let_in


@pytest.mark.parametrize("ticket", ["", "x", "W10.AAAA", "\x00"])
def test_what_was_not_made_here_opens_nothing(noon: datetime, ticket: str) -> None:
    assert not proof.passes(SECRET, ticket, "1", KEY, noon)
