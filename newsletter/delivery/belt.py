"""Letters that are written and wait for a connection: about a quarter of a second's worth, so that what is marked as being sent
really is about to leave. Used by the engine alone.
"""

from collections import deque
from collections.abc import Sequence

from newsletter.delivery.doors import Doors
from newsletter.delivery.gate import domain_of
from newsletter.delivery.packing import Load

LEAST, MOST = 12, 1024
"""So many letters are asked for where little is known yet, and never more than that at once."""
AHEAD = 0.25
"""Seconds of work that lie on the belt when all goes well."""
GROWTH = 2
"""How much longer or shorter it may become from one look to the next: two looks may be so close that nothing happened between."""


class Belt:
    """``doors`` is None where no receiving domain has limits."""

    def __init__(self, doors: Doors | None) -> None:
        self.length = LEAST
        """How many letters it should hold."""
        self._loads: deque[Load] = deque()
        self._doors = doors
        self._seen, self._at = 0, 0.0
        self._is_paced = False

    def __len__(self) -> int:
        return len(self._loads)

    @property
    def is_low(self) -> bool:
        return 2 * self.room > self.length

    @property
    def room(self) -> int:
        """For so many more letters. Those that wait at a door take none away: others may pass them."""
        return self.length - len(self._loads) + (self._doors.queueing if self._doors else 0)

    @property
    def next_slot(self) -> float:
        return self._loads[0].slot if self._loads else 0.0

    def add(self, loads: Sequence[Load]) -> None:
        """Urgent ones overtake."""
        self._is_paced = self._is_paced or any(load.until for load in loads)
        self._queue(loads)
        self._loads.extendleft(load for load in reversed(loads) if load.is_urgent)
        self._loads.extend(load for load in loads if not load.is_urgent)

    def take(self, now: float) -> Load | None:
        """The first whose slot has come and whose domain's door is open."""
        if self._doors:
            return self._take_through(self._doors, now)
        if not self._loads or self._loads[0].slot > now or self._loads[0].is_late(now):
            return None
        return self._loads.popleft()

    def put_back(self, load: Load) -> None:
        self.done_with(load)
        self._queue([load])
        self._loads.appendleft(load)

    def done_with(self, load: Load) -> None:
        """It was answered, or comes back."""
        if self._doors:
            self._doors.leave(domain_of(load.claimed.letter.address))

    def take_late(self, now: float) -> list[Load]:
        """Those whose slots are over before they could leave."""
        if not self._is_paced:
            return []
        late = [load for load in self._loads if load.is_late(now)]
        for load in late:
            self._loads.remove(load)
        self._queue(late, -1)
        return late

    def clear(self) -> list[Load]:
        loads = list(self._loads)
        self._loads.clear()
        self._queue(loads, -1)
        return loads

    def fit(self, answered: int, hands: int, now: float) -> None:
        """To the pace at which letters were answered lately; ``answered`` counts from the beginning. ``hands`` is how many letters
        are carried at the same time: as many again should always lie here."""
        if self._at and now > self._at:
            rate = (answered - self._seen) / (now - self._at)
            fitting = min(int(rate * AHEAD), GROWTH * self.length, MOST)
            self.length = max(min(2 * hands, MOST), fitting, self.length // GROWTH, LEAST)
        self._seen, self._at = answered, now

    def _take_through(self, doors: Doors, now: float) -> Load | None:
        for number, load in enumerate(self._loads):
            if (
                load.slot <= now
                and not load.is_late(now)
                and doors.enter(domain_of(load.claimed.letter.address))
            ):
                del self._loads[number]
                self._queue([load], -1)
                return load
        return None

    def _queue(self, loads: Sequence[Load], by: int = 1) -> None:
        if self._doors:
            for load in loads:
                self._doors.queue(domain_of(load.claimed.letter.address), by)
