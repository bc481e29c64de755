"""What a run of the engine works with: put together by ``sending``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from newsletter.delivery.clerk import Clerk
from newsletter.delivery.doors import Doors
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.gate import Gate
from newsletter.delivery.journal import Journal
from newsletter.delivery.supplying import Carrier


@dataclass(frozen=True)
class Means:
    clerk: Clerk
    carrier: Carrier
    journal: Journal
    gate: Gate
    doors: Doors | None
    now: Callable[[], datetime]
    connections: int
    stop: Event
    failpoints: Failpoints
