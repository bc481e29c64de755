"""What a composer meets that is no fault of its letters, and what happens where it is the fault of what they are about."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from newsletter.delivery import pausing
from newsletter.delivery.model import LetterId
from newsletter.delivery.sending import LetterView, Parcel, Sent, Skip
from tests.newsletter.delivery.office import Office, failing, plain

POISONOUS, OTHER = 1, 2
"""Two editions. No letter about the first can be written."""


@pytest.fixture
def spoilt(office: Office) -> Office:
    office.composers["digest"] = failing(lambda letter: letter.about_id == POISONOUS)
    return office


def test_a_busy_pool_is_no_letters_fault(office: Office) -> None:
    def starved(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        raise PoolTimeout("QueuePool limit of size 8 overflow 8 reached")

    office.write("a", "b")
    office.composers["digest"] = starved
    with pytest.raises(PoolTimeout):
        office.send()
    assert office.balance().ready == 2
    assert {letter.lease_owner for letter in office.letters()} == {None}


@pytest.mark.parametrize("first", [POISONOUS, OTHER])
def test_an_edition_of_which_nothing_can_be_written_waits_and_the_others_go_out(
    spoilt: Office, first: int
) -> None:
    for about in (first, POISONOUS + OTHER - first):
        spoilt.write(*(f"r{n}" for n in range(61)), about=about)
    assert spoilt.send() == Sent(accepted=61, retry=61)
    assert spoilt.balance(about=OTHER).accepted == 61
    held = [letter for letter in spoilt.letters() if letter.about_id == POISONOUS]
    assert {(letter.state, letter.reply) for letter in held} == {("retry", "could not be composed: KeyError")}
    assert pausing.standing(spoilt.db) is None
    spoilt.composers["digest"] = plain
    assert spoilt.send() == Sent()
    spoilt.clock.passes(minutes=5)
    assert spoilt.send() == Sent(accepted=61)
