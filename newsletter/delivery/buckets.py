"""How many messages left within the last hour or day, counted so that the count is never too low. Pure; called by ``pace``.

A message is counted in the bucket of its slot, and forgotten when the latest that this bucket could hold is older than the window.
A bucket is a sixtieth of the window, so it is forgotten at most that much too late, and never too soon.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

BUCKETS = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Window:
    def __init__(
        self,
        seconds: int,
        cap: int,
        counted: Iterable[Iterable[int]],
        at: datetime,
        *,
        latest: datetime,
        late: timedelta,
    ) -> None:
        """As it stands for messages that leave from ``at`` on. ``latest``: no slot can have been given beyond it."""
        self.seconds, self.cap = seconds, cap
        self._bucket = timedelta(seconds=seconds // BUCKETS)
        self._late = late
        newest = self._number(latest)
        self._counts: dict[int, int] = {}
        for number, count in counted:
            # Of a later time than now: the clock was set back, and these left just now at the latest.
            number = min(number, newest)
            if self._forgotten_at(number) >= at:
                self._counts[number] = self._counts.get(number, 0) + count

    def room(self) -> int:
        return max(0, self.cap - sum(self._counts.values()))

    def frees_at(self) -> datetime:
        """When there is room for more, if there is none. To be asked only of a window that holds something."""
        return self._forgotten_at(min(self._counts)) + timedelta(microseconds=1)

    def add(self, count: int, slot: datetime) -> None:
        """``slot`` is the last of theirs."""
        number = self._number(slot)
        self._counts[number] = self._counts.get(number, 0) + count

    def take_out(self, count: int) -> None:
        """Of the oldest: what is left is then too much rather than too little, wherever they had been counted."""
        for number in sorted(self._counts):
            taken = min(count, self._counts[number])
            self._counts[number] -= taken
            count -= taken

    def kept(self) -> list[list[int]]:
        return [[number, count] for number, count in sorted(self._counts.items()) if count]

    def _number(self, at: datetime) -> int:
        return (at - EPOCH) // self._bucket

    def _forgotten_at(self, number: int) -> datetime:
        return EPOCH + self._bucket * (number + 1) + timedelta(seconds=self.seconds) + self._late
