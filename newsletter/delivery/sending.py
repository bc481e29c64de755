"""Sends what is ready. Called each second by the clock and by workers; any number of them may run at once.

One thread claims and has the letters written; as many as there are connections send them. A letter is marked as being sent before
the server hears of it, and what the server said is written down at once: a crash leaves one letter in doubt for each connection.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from newsletter.delivery import claiming
from newsletter.delivery.carrying import Run
from newsletter.delivery.failpoints import Failpoints, Step
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.packing import pack
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip
from newsletter.delivery.transport import Transport

__all__ = ["Composer", "LetterView", "Parcel", "Sent", "Skip", "send_ready"]

log = structlog.get_logger()

RENEWAL = timedelta(seconds=30)


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
    transport: Transport,
    composers: Mapping[str, Composer],
    now: Callable[[], datetime],
    owner: str,
    most: int | None = None,
    *,
    connections: int = 4,
    stop: threading.Event | None = None,
    failpoints: Failpoints | None = None,
) -> Sent:
    """Sends until nothing is due, ``most`` letters are claimed, sending is paused, the server is away or ``stop`` is set.

    ``owner`` names this sender alone, at most 60 characters. ``stop`` lets the letters on the wire come to their end and gives the
    others back. Raises what the database or a fault of ours raises, after the leases are given back.
    """
    if not transport.backoff.is_over(now()) or not claiming.is_anything_due(db, now()):
        return Sent()
    stop, failpoints = stop or threading.Event(), failpoints or Failpoints()
    lease = _Lease(db, owner, now)
    run = Run(db, transport, Ledger(db, owner, now, stop), now, connections, stop, failpoints)
    try:
        claiming.doubt_abandoned(db, now())
        _feed(run, lease, composers, most)
    finally:
        run.finish(lease.keep)
        claiming.release(db, owner)
    if run.failure:
        raise run.failure
    return Sent(
        **{state: run.states[state] for state in ("accepted", "retry", "refused", "skipped", "uncertain")}
    )


def _feed(run: Run, lease: "_Lease", composers: Mapping[str, Composer], most: int | None) -> None:
    left = most if most is not None else 2**62
    while left > 0 and not run.is_over():
        batch = claiming.claim(run.db, lease.owner, run.now(), min(left, claiming.BATCH))
        run.failpoints.reach(Step.CLAIMED)
        if not batch:
            return
        left -= len(batch)
        loads, outcomes = pack(run.db, composers, batch, run.now())
        run.failpoints.reach(Step.COMPOSED)
        if outcomes:
            run.ledger.enter(outcomes)
            run.note(outcomes)
        for load in loads:
            if not run.offer(load, lease.keep):
                return
        lease.keep()


class _Lease:
    """Renews what this sender holds, so that a slow server makes no letter look abandoned."""

    def __init__(self, db: Database, owner: str, now: Callable[[], datetime]) -> None:
        self.owner = owner
        self._db, self._now, self._renewed = db, now, now()

    def keep(self) -> None:
        if self._now() - self._renewed < RENEWAL:
            return
        try:
            claiming.renew(self._db, self.owner, self._now())
            claiming.doubt_abandoned(self._db, self._now())
            self._renewed = self._now()
        except SQLAlchemyError as error:
            log.warning("lease.not_renewed", error=type(error.__cause__ or error).__name__)
