"""Letters that are written and wait for a connection: about a quarter of a second's worth, so that what is marked as being sent
really is about to leave. Used by the engine alone.
"""

from collections import deque
from collections.abc import Iterable

from newsletter.delivery.packing import Load

LEAST, MOST = 12, 512
"""A composer that fails on a few letters has met poison; on many, it is at fault itself. So there are always many."""
AHEAD = 0.25
"""Seconds of work that lie on the belt when all goes well."""
GROWTH = 2
"""How much longer it may become from one look to the next."""


class Belt:
    def __init__(self) -> None:
        self._loads: deque[Load] = deque()
        self.length = LEAST
        """How many letters it should hold."""
        self._seen, self._at = 0, 0.0

    def __len__(self) -> int:
        return len(self._loads)

    @property
    def is_low(self) -> bool:
        return 2 * len(self._loads) < self.length

    def add(self, loads: Iterable[Load]) -> None:
        self._loads.extend(loads)

    def take(self) -> Load | None:
        return self._loads.popleft() if self._loads else None

    def put_back(self, load: Load) -> None:
        self._loads.appendleft(load)

    def clear(self) -> list[Load]:
        loads = list(self._loads)
        self._loads.clear()
        return loads

    def fit(self, answered: int, connections: int, now: float) -> None:
        """To the pace at which letters were answered lately; ``answered`` counts from the beginning."""
        if self._at and now > self._at:
            rate = (answered - self._seen) / (now - self._at)
            fitting = min(int(rate * AHEAD), GROWTH * self.length, MOST)
            self.length = max(2 * connections, fitting, LEAST)
        self._seen, self._at = answered, now
