"""Carries letters over a connection with as few round trips as the server allows. Opened by ``transport``.

With PIPELINING (RFC 2920) one letter's text and the next one's MAIL, RCPT and DATA leave in one write, so a letter costs one round
trip; with CHUNKING (RFC 3030) BDAT takes DATA's place. Whoever offers neither is spoken to step by step.
"""

from collections import deque
from dataclasses import KW_ONLY, dataclass, field, replace

from newsletter.delivery.conversing import Conversation
from newsletter.delivery.dialling import Dialler
from newsletter.delivery.packing import Load
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.smtp import MOST_ON_A_LINE
from newsletter.delivery.supplying import Connection, Supplier


@dataclass(eq=False)
class Pipelined(Dialler):
    """One mail server; see ``Dialler`` for how we come to it. At most ``most`` letters go over one connection."""

    _: KW_ONLY
    pipelining: bool = True
    chunking: bool = True
    most: int = MOST_ON_A_LINE
    backoff: Backoff = field(default_factory=Backoff)
    dropped: deque[Load] = field(default_factory=lambda: deque(maxlen=100), init=False, repr=False)
    """The letters that were announced when a connection ended lately, once for each time."""

    async def connect(self, supplier: Supplier) -> Connection:
        """Takes its first letter in the loop's next turn. Raises smtp.NoLine."""
        opened = await self.dial()
        terms = replace(
            opened.terms,
            pipelining=opened.terms.pipelining and self.pipelining,
            chunking=opened.terms.chunking and self.chunking,
        )
        return Conversation(
            opened, terms, supplier, timeout=self.timeout, most=self.most, dropped=self.dropped
        )
