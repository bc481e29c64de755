"""What may leave now by one relay: its pace and its receiving domains, asked together. Used by ``clerk``, in its transaction.

Domains are asked before pace, so that no two senders wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.delivery import pace
from newsletter.delivery.claiming import Claimed
from newsletter.delivery.domains import Domains
from newsletter.delivery.ledger import Tray
from newsletter.delivery.model import URGENT
from newsletter.delivery.queues import Candidate
from newsletter.delivery.relays import Relay


@dataclass(frozen=True)
class Admitted:
    """Letter number i may leave ``first`` seconds from now plus i times ``spacing``, until ``late`` after that."""

    letters: Sequence[Claimed] = ()
    first: float = 0.0
    spacing: float = 0.0
    late: float = 0.0
    again: float | None = None
    """Seconds after which it is worth asking again; None where the pace forbade nothing."""


class Gate:
    """One for each process and relay."""

    def __init__(self, relay: Relay, domains: Domains) -> None:
        self.relay, self.domains = relay, domains

    def tell(self, s: Session, tray: Tray, now: datetime) -> None:
        """What servers said of their domains since."""
        if tray.put_off or tray.took:
            self.domains.heed(s, tray.put_off, tray.took, now)

    def admit(self, s: Session, letters: Sequence[Claimed], unused: int, now: datetime) -> Admitted:
        """``unused`` is how many were admitted before and never left."""
        if not self.domains.are_free(s, now):
            letters = self._allot(s, letters, now)
        pace.give_back(s, self.relay, unused, now)
        urgent = sum(letter.priority == URGENT for letter in letters)
        granted = pace.grant(s, self.relay, len(letters), now, urgent)
        if granted.number == len(letters) and not granted.spacing:
            return Admitted(letters)
        again = max(0.0, (granted.again_at - now).total_seconds())
        first = (granted.first_at - now).total_seconds()
        return Admitted(letters[: granted.number], first, granted.spacing, granted.late, again)

    def _allot(self, s: Session, letters: Sequence[Claimed], now: datetime) -> Sequence[Claimed]:
        candidates = [
            Candidate(one.letter.id, domain_of(one.letter.address), one.due_at, one.is_paced, one.priority == URGENT)
            for one in letters
        ]  # fmt: skip
        may_go = set(self.domains.allot(s, candidates, now).go)
        return [one for one in letters if one.letter.id in may_go]


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
