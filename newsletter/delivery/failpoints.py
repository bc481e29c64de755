"""Steps of delivery at which a rehearsal may kill the process, to show what a crash there costs. Armed by PERIJOVE_FAILPOINT."""

import os
import signal
import threading
from enum import StrEnum


class Step(StrEnum):
    CLAIMED = "claimed"
    """A chunk is marked as being sent; nothing is written yet."""
    COMPOSED = "composed"
    """The chunk is written; no connection has taken of it."""
    SENDING = "sending"
    """A connection has taken a letter; the server has not heard of it."""
    DATA_SENT = "data_sent"
    """The text and its final dot are out; no answer is read."""
    ACCEPTED_UNRECORDED = "accepted_unrecorded"
    """The server said 250; neither journal nor ledger knows."""
    RECORDED = "recorded"
    """The ledger knows."""


class Failpoints:
    """Armed by ``"data_sent"``, or ``"data_sent:7"`` for the seventh time; the empty text arms nothing."""

    def __init__(self, armed: str = "") -> None:
        name, _, count = armed.partition(":")
        if name and (name not in set(Step) or not (count or "1").isdigit()):
            raise ValueError(
                f"{armed!r} is no fail point; there are {', '.join(Step)}, each with :N for the N-th time"
            )
        self._step = Step(name) if name else None
        self.is_armed = self._step is not None
        self._left = int(count or 1)
        self._lock = threading.Lock()

    def reach(self, step: Step) -> None:
        """Ends the process without any farewell when ``step`` is armed and its turn has come."""
        if step is not self._step:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
