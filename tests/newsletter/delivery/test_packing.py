"""What a composer meets that is no fault of its letters."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from newsletter.delivery.model import LetterId
from newsletter.delivery.sending import LetterView, Parcel, Skip
from tests.newsletter.delivery.office import Office


def test_a_busy_pool_is_no_letters_fault(office: Office) -> None:
    def starved(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        raise PoolTimeout("QueuePool limit of size 8 overflow 8 reached")

    office.write("a", "b")
    office.composers["digest"] = starved
    with pytest.raises(PoolTimeout):
        office.send()
    assert office.balance().ready == 2
    assert {letter.lease_owner for letter in office.letters()} == {None}
