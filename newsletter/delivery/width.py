"""How many connections are worth having: as few as keep the server busy. Pure; asked by the engine a few times a second.

While a letter is answered about as fast as on a line of its own, the server has room for another connection; when answers take
longer, letters only wait at its door, and each that waits there is one more that a crash would leave in doubt. So it begins with
one, doubles while that costs no time, and gives some back when it does.
"""

ROOM, CROWD = 1.7, 2.6
"""Times the quickest answer: below there is room, above it is crowded."""
FORGETTING = 1.01
"""The quickest answer is believed a little less each time: a server may have become slower for good."""
AT_LEAST = 8
"""Answers that a judgement needs."""


class Width:
    """``wanted`` is between 1 and ``most``."""

    def __init__(self, most: int) -> None:
        self.wanted = 1
        self._most = most
        self._quickest = float("inf")
        self._sum, self._number = 0.0, 0

    def answered(self, seconds: float) -> None:
        """A letter's text went out so long before its answer came."""
        self._sum += seconds
        self._number += 1

    def refused(self) -> None:
        """The server will have nothing to do with us: one at a time until it takes something."""
        self.wanted = 1
        self._sum, self._number = 0.0, 0

    def judge(self, open_now: int, waiting: int) -> None:
        """With so many connections open, and so many letters waiting for one."""
        if self._number < max(AT_LEAST, 2 * open_now):
            return
        took = self._sum / self._number
        self._sum, self._number = 0.0, 0
        self._quickest = min(self._quickest * FORGETTING, took)
        if took > CROWD * self._quickest:
            self.wanted = max(1, open_now - 1 - open_now // 8)
        elif took < ROOM * self._quickest and waiting > open_now >= self.wanted:
            self.wanted = min(self._most, 2 * open_now)
