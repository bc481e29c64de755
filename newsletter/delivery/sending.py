"""Sends what is ready. Called by the clock and by workers; any number of them may run at once, on any number of machines.

A letter is marked as being sent before the server hears of it. What the server said is in the sender's journal at once and in the
ledger a moment later: a process that is killed leaves one letter in doubt for each connection.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from blog.db import Database
from newsletter.delivery import claiming, pace
from newsletter.delivery.carrying import Engine
from newsletter.delivery.clerk import Clerk
from newsletter.delivery.domains import Domains
from newsletter.delivery.doors import Doors, Limits
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.gate import Gate
from newsletter.delivery.journal import Journal, NoJournal
from newsletter.delivery.means import Means
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip
from newsletter.delivery.plain import Plain
from newsletter.delivery.recovering import recover
from newsletter.delivery.relays import Relay
from newsletter.delivery.supplying import Carrier
from newsletter.delivery.transport import Transport

try:
    from uvloop import new_event_loop
except ImportError:
    from asyncio import new_event_loop  # type: ignore[assignment]

__all__ = ["Composer", "LetterView", "Parcel", "Sent", "Skip", "send_ready"]


@dataclass(frozen=True)
class Sent:
    """How many letters went which way in one run."""

    accepted: int = 0
    retry: int = 0
    refused: int = 0
    skipped: int = 0
    uncertain: int = 0


def send_ready(
    db: Database,
    transport: Transport | Carrier,
    composers: Mapping[str, Composer],
    now: Callable[[], datetime],
    owner: str,
    most: int | None = None,
    *,
    relay: Relay | None = None,
    domains: Domains | None = None,
    doors: Doors | None = None,
    connections: int | None = None,
    stop: threading.Event | None = None,
    failpoints: Failpoints | None = None,
    journals: Path | None = None,
) -> Sent:
    """Sends until nothing is due, ``most`` letters are claimed, sending is paused, the server is away or ``stop`` is set.

    ``owner`` names this sender alone, at most 60 characters. ``domains`` and ``doors`` are kept for as long as the process sends by
    ``relay``; ``journals`` is the folder that senders on this machine share. ``stop`` lets the letters on the wire come to their end
    and gives the others back. Raises what the database or a fault of ours raises, after all that could be written was written.
    """
    relay = relay or Relay("", "")
    if journals:
        recover(db, journals, now())
    may_go = transport.backoff.is_over(now()) and pace.is_open(db, relay, now())
    if not may_go or not claiming.is_anything_due(db, now(), relay.name):
        return Sent()
    claiming.settle_abandoned(db, now())
    journal = Journal(journals, owner) if journals else NoJournal()
    claiming.sign_on(db, owner, relay.name, now())
    stop, failpoints = stop or threading.Event(), failpoints or Failpoints()
    gate = Gate(relay, domains or Domains(relay.name, Limits({})), doors)
    means = Means(
        Clerk(db, gate, owner, composers, now, stop, failpoints, journals),
        transport if asyncio.iscoroutinefunction(transport.connect) else Plain(transport),  # type: ignore[arg-type]
        journal,
        gate, doors, now, connections or relay.connections, stop, failpoints,
    )  # fmt: skip
    engine = Engine(means, most)
    with ThreadPoolExecutor(1, thread_name_prefix="engine") as thread:
        # The caller's thread may have an event loop of its own.
        thread.submit(_run, engine).result()
    counted = ("accepted", "retry", "refused", "skipped", "uncertain")
    return Sent(**{state: engine.hearing.states[state] for state in counted})


def _run(engine: Engine) -> None:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(engine.run())
