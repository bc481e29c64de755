"""How much a receiving domain takes at once, as the settings say, and what this process has on its way there. Called by ``sending``."""

import re
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
EVERY_OTHER = "*"
_DOMAIN = re.compile(r"\*|[^\s=,@/]+\.[^\s=,@/]+")
_RATE = re.compile(r"([1-9]\d{0,5})/([smh])")
_COUNT = re.compile(r"[1-9]\d{0,3}")
_USAGE = "write gmail.com=20/s,10: letters in a second (s), minute (m) or hour (h), and connections, one of them or both."


@dataclass(frozen=True)
class Limit:
    """``rate`` letters in any stretch of ``within``; ``connections`` busy with this domain at once. None is no limit."""

    rate: int | None = None
    within: timedelta = UNITS["s"]
    connections: int | None = None


@dataclass(frozen=True)
class Limits:
    named: Mapping[str, Limit]
    other: Limit | None = None
    """For each domain that is not named, by itself."""

    def of(self, domain: str) -> Limit | None:
        return self.named.get(domain, self.other)

    def __bool__(self) -> bool:
        return bool(self.named) or self.other is not None


def limits_of(setting: str) -> Limits:
    """Raises ValueError with a line for each entry that cannot be read."""
    found: dict[str, Limit] = {}
    faults = []
    for entry in setting.split():
        domain, _, words = entry.partition("=")
        limit = _limit(words)
        if not _DOMAIN.fullmatch(domain) or limit is None:
            faults.append(f"PERIJOVE_DOMAIN_LIMITS, {entry[:60]}: {_USAGE}")
        elif domain.lower() in found:
            faults.append(f"PERIJOVE_DOMAIN_LIMITS: {domain.lower()} stands there twice.")
        else:
            found[domain.lower()] = limit
    if faults:
        raise ValueError("\n".join(faults))
    return Limits(found, found.pop(EVERY_OTHER, None))


def _limit(words: str) -> Limit | None:
    rates = [match for word in words.split(",") if (match := _RATE.fullmatch(word))]
    counts = [int(word) for word in words.split(",") if _COUNT.fullmatch(word)]
    if len(rates) > 1 or len(counts) > 1 or len(rates) + len(counts) != len(words.split(",")):
        return None
    limit = Limit(connections=counts[0] if counts else None)
    return Limit(int(rates[0][1]), UNITS[rates[0][2]], limit.connections) if rates else limit


class Doors:
    """Lives in the memory of one process. Letters enter a domain's door as they begin to be sent, and leave it when they are answered.

    ``domains`` spreads letters over time for all processes; a letter that comes late from there is held here so that this process
    keeps the rate in any stretch of time.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._inside: Counter[str] = Counter()
        self._before: Counter[str] = Counter()
        self._entered: dict[str, deque[float]] = {}

    @property
    def queueing(self) -> int:
        """Letters that are written and wait for domains whose connections are limited."""
        return self._before.total()

    def queue(self, domain: str, by: int = 1) -> None:
        """So many more letters to it wait here, or fewer."""
        if self._width(domain):
            self._before[domain] += by

    def room(self, domain: str, share: int) -> int:
        """How many more may come to wait: ``share`` altogether, and as many as keep its connections busy."""
        return max(2 * self._width(domain), share) - self._before[domain]

    def is_narrow(self, domain: str) -> bool:
        """Its connections are limited."""
        return self._width(domain) > 0

    def is_nearly_free(self, domain: str) -> bool:
        return self._before[domain] <= self._width(domain)

    def enter(self, domain: str) -> bool:
        """False: not now. Ask again when a letter leaves that door, or after a twentieth of a second."""
        limit = self._limits.of(domain)
        if limit is None:
            return True
        if limit.connections and self._inside[domain] >= limit.connections:
            return False
        if limit.rate and not self._keeps(domain, limit.rate, limit.within.total_seconds()):
            return False
        self._inside[domain] += 1
        return True

    def leave(self, domain: str) -> None:
        if self._inside[domain] > 1:
            self._inside[domain] -= 1
        else:
            del self._inside[domain]

    def _width(self, domain: str) -> int:
        limit = self._limits.of(domain)
        return (limit and limit.connections) or 0

    def _keeps(self, domain: str, rate: int, within: float) -> bool:
        now = self._clock()
        last = self._entered.get(domain)
        if last is None:
            last = self._entered[domain] = deque(maxlen=rate)
        if len(last) == rate and now - last[0] <= within:
            return False
        last.append(now)
        return True
