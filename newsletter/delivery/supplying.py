"""What passes between the engine and the connections that carry letters for it: loads one way, answers the other."""

from typing import Protocol

from newsletter.delivery.packing import Load
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.verdicts import Answer


class Supplier(Protocol):
    """The engine's side of a connection. Every call happens in the event loop's thread and returns at once."""

    def take(self) -> Load | None:
        """The next letter; None when there is none just now. The connection stays open and is nudged when there is one."""

    def begins(self, load: Load) -> None:
        """Right before the first byte of its text is handed to the socket: from here on it may have been taken."""

    def answered(self, load: Load, answer: Answer) -> None:
        """How it ended; once for every load that was not given back."""

    def accepted(self, load: Load, reply: str) -> None:
        """The usual answer, which is 250 to its text, without ado: the same as ``answered`` would say."""

    def give_back(self, load: Load) -> None:
        """No byte of its text was written: nothing happened to it."""

    def lost(self, connection: "Connection") -> None:
        """The connection ended, by whosever wish; called once, when every load of it was answered or given back."""


class Connection(Protocol):
    """One open line to a mail server."""

    def nudge(self) -> None:
        """There are letters again."""

    def finish(self) -> None:
        """Takes no more; the letter whose text is out gets its answer, then the line is closed."""

    def abort(self) -> None:
        """Closes at once; a letter whose text is out is in doubt."""


class Carrier(Protocol):
    """A way out of the house; kept for as long as the process sends."""

    @property
    def backoff(self) -> Backoff: ...

    async def connect(self, supplier: Supplier) -> Connection:
        """Raises smtp.NoLine with the answer that stood in the way."""
