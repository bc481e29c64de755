"""A line that takes several letters at once: each gets its own answer, and all are in doubt when it breaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.sending import Sent
from newsletter.delivery.verdicts import NO_ANSWER, Answer, Phase
from tests.newsletter.delivery.office import Office

TAKEN = Answer(Phase.END, 250, "taken")
GONE = Answer(Phase.RECIPIENT, 550, "5.1.1 unknown")
SILENT = Answer(Phase.END, NO_ANSWER, "The line broke.")


@dataclass
class Sacks:
    """A transport that takes ``most`` letters in one sack and notes what was in each."""

    most: int
    answer: Callable[[Parcel], Answer] = lambda parcel: TAKEN
    sacks: list[list[str]] = field(default_factory=list)
    backoff: Backoff = field(default_factory=Backoff)

    def connect(self) -> "Sacks":
        return self

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        self.sacks.append([parcel.recipient for parcel in parcels])
        return [self.answer(parcel) for parcel in parcels]

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_letters_go_in_sacks_and_each_goes_once(office: Office) -> None:
    office.transport = sacks = Sacks(40)
    office.write(*(f"r{n}" for n in range(200)))
    assert office.send(connections=1) == Sent(accepted=200)
    assert sorted(sum(sacks.sacks, [])) == sorted(f"r{n}@example.org" for n in range(200))
    assert max(map(len, sacks.sacks)) == 40


def test_a_sack_does_not_wait_until_it_is_full(office: Office) -> None:
    office.transport = sacks = Sacks(40)
    office.write("a", "b", "c")
    assert office.send().accepted == 3
    assert sacks.sacks == [["a@example.org", "b@example.org", "c@example.org"]]


def test_each_letter_of_a_sack_has_its_own_answer(office: Office) -> None:
    office.transport = Sacks(40, lambda parcel: GONE if parcel.recipient.startswith("gone") else TAKEN)
    office.write("here", "gone", "there", "gone2")
    assert office.send() == Sent(accepted=2, refused=2)
    assert [letter.state for letter in office.letters()] == ["accepted", "refused", "accepted", "refused"]


def test_a_line_that_breaks_leaves_its_whole_sack_in_doubt_and_no_other(office: Office) -> None:
    broken: Iterator[Answer] = iter([SILENT] * 4)
    office.transport = Sacks(4, lambda parcel: next(broken, TAKEN))
    office.write(*(f"r{n}" for n in range(10)))
    assert office.send(connections=1) == Sent(accepted=6, uncertain=4)


def test_a_sack_that_comes_back_with_fewer_answers_is_a_fault_and_leaves_doubt(office: Office) -> None:
    class Forgetful(Sacks):
        def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
            return list(super().send_all(parcels, data_sent))[1:]

    office.transport = Forgetful(4)
    office.write("a", "b")
    with pytest.raises(ValueError):
        office.send(connections=1)
    assert office.balance().accepted == 0
    assert office.balance().uncertain == 2
