"""What may leave now by one relay: its pace and its receiving domains, asked together. Used by ``clerk``, in its transaction.

Domains are asked before pace, so that no two senders wait for each other.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.delivery import pace
from newsletter.delivery.claiming import Claimed
from newsletter.delivery.domains import Domains
from newsletter.delivery.doors import Doors
from newsletter.delivery.ledger import Tray
from newsletter.delivery.model import URGENT
from newsletter.delivery.queues import Candidate
from newsletter.delivery.relays import Relay

AT_DOORS = 0.05
"""Seconds after which it is worth asking again where letters were left because others wait at their domains' doors."""


@dataclass(frozen=True)
class Admitted:
    """Letter number i may leave ``first`` seconds from now plus i times ``spacing``, until ``late`` after that."""

    letters: Sequence[Claimed] = ()
    first: float = 0.0
    spacing: float = 0.0
    late: float = 0.0
    again: float | None = None
    """Seconds after which it is worth asking again; None where nothing was held back."""
    at_doors: int = 0
    """So many were left where they are, because enough for their domains wait here already."""


class Gate:
    """One for each process and relay."""

    def __init__(self, relay: Relay, domains: Domains, doors: Doors | None = None) -> None:
        self.relay, self.domains, self._doors = relay, domains, doors
        self._left_out: set[str] = set()
        """Domains with letters that were left out since we last began from the front of the queue."""

    def should_begin_anew(self) -> bool:
        """Whether a domain that we left letters of behind us could do with them now."""
        if self._doors and any(map(self._doors.is_nearly_free, self._left_out)):
            self._left_out.clear()
            return True
        return False

    def tell(self, s: Session, tray: Tray, now: datetime) -> None:
        """What servers said of their domains since."""
        if tray.put_off or tray.took:
            self.domains.heed(s, tray.put_off, tray.took, now)

    def admit(self, s: Session, letters: Sequence[Claimed], unused: int, now: datetime) -> Admitted:
        """``unused`` is how many were admitted before and never left."""
        at_doors = 0
        if self._doors:
            letters, at_doors = self._pass_by(self._doors, letters)
        if not self.domains.are_free(s, now):
            letters = self._allot(s, letters, now)
        pace.give_back(s, self.relay, unused, now)
        urgent = sum(letter.priority == URGENT for letter in letters)
        granted = pace.grant(s, self.relay, len(letters), now, urgent)
        if granted.number == len(letters) and not granted.spacing:
            return Admitted(letters, again=AT_DOORS if at_doors else None, at_doors=at_doors)
        again = max(0.0, (granted.again_at - now).total_seconds())
        first = (granted.first_at - now).total_seconds()
        return Admitted(letters[: granted.number], first, granted.spacing, granted.late, again, at_doors)

    def _pass_by(self, doors: Doors, letters: Sequence[Claimed]) -> tuple[Sequence[Claimed], int]:
        """No domain with a limited number of connections fills more than half of what we take in hand: the others have theirs."""
        coming: Counter[str] = Counter()
        chosen = []
        for one in letters:
            domain = domain_of(one.letter.address)
            if not doors.is_narrow(domain) or coming[domain] < doors.room(domain, len(letters) // 2):
                coming[domain] += 1
                chosen.append(one)
            else:
                self._left_out.add(domain)
        return chosen, len(letters) - len(chosen)

    def _allot(self, s: Session, letters: Sequence[Claimed], now: datetime) -> Sequence[Claimed]:
        candidates = [
            Candidate(one.letter.id, domain_of(one.letter.address), one.due_at, one.is_paced, one.priority == URGENT)
            for one in letters
        ]  # fmt: skip
        may_go = set(self.domains.allot(s, candidates, now).go)
        return [one for one in letters if one.letter.id in may_go]


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
