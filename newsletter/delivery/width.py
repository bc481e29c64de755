"""How many connections are worth having: as few as keep the server busy, or us. Pure; asked by the engine a few times a second.

While a letter is answered about as fast as on a line of its own, the server has room for another connection; when answers take
longer, letters only wait at its door, and each that waits there is one more that a crash would leave in doubt. So it begins with
one, doubles while that costs no time, and gives some back when it does. Nor is a connection worth having for which we have no time:
while one letter is answered we can write only so many others. But a few are always worth it, so that a quick server need not wait
until we have read its answer.
"""

FEW = 3
"""One letter is being written, one is on its way, one is answered: with one connection alone a quick server stood idle a third of the time."""

ROOM, CROWD = 1.7, 2.6
"""Times the quickest answer: below there is room, above it is crowded."""
FORGETTING = 1.01
"""The quickest answer is believed a little less each time: a server may have become slower for good."""
KEPT = 0.6
"""So much of what we knew of our own cost is kept at each judgement: one alone may hold a whole chunk's composing, or nothing of it."""
AT_LEAST = 8
"""Answers that a judgement needs."""


class Width:
    """``wanted`` is between 1 and ``most``."""

    def __init__(self, most: int) -> None:
        self.wanted = 1
        self._most = most
        self._quickest = self._least = float("inf")
        self._sum, self._number = 0.0, 0
        self._soonest = float("inf")
        self._spent: float | None = None
        self._cost, self._letters = 0.0, 0.0

    def answered(self, seconds: float) -> None:
        """A letter's text went out so long before its answer came."""
        self._sum += seconds
        self._number += 1
        if seconds < self._soonest:
            self._soonest = seconds

    def refused(self) -> None:
        """The server will have nothing to do with us: one at a time until it takes something."""
        self.wanted = 1
        self._sum, self._number = 0.0, 0

    def judge(self, open_now: int, waiting: int, spent: float) -> None:
        """With so many connections open, so many letters waiting for one, and so much processor time spent since whenever."""
        if self._number < max(AT_LEAST, 2 * open_now):
            return
        took, most = self._sum / self._number, min(self._most, self._useful(spent))
        self._sum, self._number = 0.0, 0
        self._quickest = min(self._quickest * FORGETTING, took)
        if took > CROWD * self._quickest:
            self.wanted = open_now - 1 - open_now // 8
        elif took < ROOM * self._quickest and waiting > open_now >= self.wanted:
            self.wanted = 2 * open_now
        self.wanted = max(1, min(self.wanted, most))

    def _useful(self, spent: float) -> int:
        """By the soonest answer of all, not by the usual one: on a busy machine it is mostly the processor that an answer waits for."""
        self._least, self._soonest = min(self._least * FORGETTING, self._soonest), float("inf")
        if self._spent is None:
            self._spent = spent
            return 1
        self._cost = KEPT * self._cost + spent - self._spent
        self._letters = KEPT * self._letters + self._number
        self._spent = spent
        return self._most if self._cost <= 0 else max(FEW, round(self._least / (self._cost / self._letters)))
