"""The sender's one hand in the database. A turn writes what came in and claims what goes out next, in one transaction."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import claiming, ledger
from newsletter.delivery.claiming import Claimed, Place
from newsletter.delivery.failpoints import Failpoints, Step
from newsletter.delivery.gate import Admitted, Gate
from newsletter.delivery.journal import has_dead
from newsletter.delivery.ledger import Tray
from newsletter.delivery.model import PRIORITIES, URGENT
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.pace import give_back
from newsletter.delivery.packing import Load, pack
from newsletter.delivery.parcels import Composer
from newsletter.delivery.recovering import recover

log = structlog.get_logger()

PATIENCE = 600.0
"""Seconds to go on trying while the database cannot be written; a letter that was sent must not be forgotten lightly."""
WHEN_STOPPING = 10.0
RENEWAL = timedelta(seconds=30)
LOOK = timedelta(seconds=5)
"""Between two looks for senders that died on this machine."""


class LeaseLost(Exception):
    """This sender was taken for dead, and its letters were given to others."""


@dataclass
class Turn:
    """What a turn brought."""

    loads: list[Load] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    """Of letters that are not to be sent; they go into the next tray."""
    claimed: int = 0
    again: float | None = None
    """Seconds after which the pace allows more, where it is the pace that held letters back."""
    failure: Exception | None = None
    """The tray is written, but what was claimed could not be composed and was given back."""


class Clerk:
    """Called by one thread at a time."""

    def __init__(
        self,
        db: Database,
        gate: Gate,
        owner: str,
        composers: Mapping[str, Composer],
        now: Callable[[], datetime],
        stop: threading.Event,
        failpoints: Failpoints,
        journals: Path | None = None,
    ) -> None:
        self._db, self._gate, self._relay, self._owner = db, gate, gate.relay.name, owner
        self._composers, self._now, self._stop, self._failpoints = composers, now, stop, failpoints
        self._place = Place()
        self._journals = journals
        self._renewed = self._looked_at = now()
        self._admitted, self._unused = Admitted(), 0
        self._is_unsure = self._was_asked = False
        self._levels: Sequence[int] = PRIORITIES

    def turn(self, tray: Tray, wanted: int, is_urgent: bool = False) -> Turn:
        """Raises LeaseLost, or what the database raises for longer than a full disk or a restart should last."""
        self._levels = (URGENT,) if is_urgent else PRIORITIES
        self._look_for_the_dead()
        batch = self._persevere(tray, wanted)
        if tray.accepted or tray.others:
            self._failpoints.reach(Step.RECORDED)
        if not batch:
            return Turn(again=self._admitted.again)
        self._failpoints.reach(Step.CLAIMED)
        try:
            loads, outcomes = pack(self._db, self._composers, batch, self._now(), self._gate.relay.retry)
        except Exception as failure:
            self._persevere(Tray(unsent=list(batch)), 0)
            return Turn(failure=failure)
        self._give_slots(loads)
        self._unused += len(batch) - len(loads)
        self._failpoints.reach(Step.COMPOSED)
        return Turn(loads, outcomes, len(batch), self._admitted.again)

    def _look_for_the_dead(self) -> None:
        """Others on this machine may have died since this run began, and it may last for hours."""
        now = self._now()
        if not self._journals or timedelta() <= now - self._looked_at < LOOK:
            return
        self._looked_at = now
        if has_dead(self._journals):
            try:
                recover(self._db, self._journals, now)
            except (SQLAlchemyError, OSError) as error:
                # They are still there at the next look.
                log.warning("sender.cannot_be_settled", error=type(error).__name__)

    def _give_slots(self, loads: Sequence[Load]) -> None:
        admitted = self._admitted
        if admitted.spacing or admitted.late:
            first = self._asked_at + admitted.first
            for number, load in enumerate(loads):
                load.slot = first + number * admitted.spacing
                load.until = load.slot + admitted.late

    def take_leave(self, tray: Tray) -> None:
        """Writes what is left to write, and is no sender any more."""
        self._persevere(tray, 0, is_last=True)

    def _persevere(self, tray: Tray, wanted: int, *, is_last: bool = False) -> Sequence[Claimed]:
        """A full disk, a lock or a server that restarts passes; what the mail server said must outlive it."""
        began, wait = time.monotonic(), 0.2
        while True:
            try:
                return self._write_and_claim(tray, wanted, is_last)
            except (OperationalError, InterfaceError, PoolTimeout) as error:
                self._place = Place()
                # The answer may have been lost, not the commit: then we hold letters that we never heard of.
                self._is_unsure = True
                if time.monotonic() - began > (WHEN_STOPPING if self._stop.is_set() else PATIENCE):
                    raise
                log.warning(
                    "ledger.cannot_be_written", error=type(error.__cause__ or error).__name__, waiting=len(tray)
                )  # fmt: skip
                threading.Event().wait(wait)
                wait = min(wait * 2, 5)

    def _write_and_claim(self, tray: Tray, wanted: int, is_last: bool) -> Sequence[Claimed]:
        now = self._now()
        is_due = not is_last and now - self._renewed >= RENEWAL
        with self._db.transaction() as s:
            is_ours = claiming.renew(s, self._owner, now) if is_due else claiming.hold(s, self._owner)
            if not is_ours and (is_due or wanted):
                raise LeaseLost
            ledger.write(s, tray, self._owner, self._relay, now)
            self._gate.tell(s, tray, now)
            claiming.release(s, self._owner, tray.unsent)
            unused = self._unused + tray.unused
            if is_last:
                give_back(s, self._gate.relay, unused, now)
                if self._is_unsure:
                    claiming.release_all(s, self._owner)
                claiming.sign_off(s, self._owner)
                return ()
            self._was_asked = False
            batch = self._claim(s, unused, wanted, now) if wanted else ()
        self._unused = 0 if self._was_asked else unused
        if is_due:
            self._renewed = now
        return batch

    def _claim(self, s: Session, unused: int, wanted: int, now: datetime) -> Sequence[Claimed]:
        self._asked_at, self._admitted = time.monotonic(), Admitted()
        beyond = dict[int, tuple[object, int]]()
        if self._gate.should_begin_anew():
            self._place = Place()

        def admit(letters: Sequence[Claimed]) -> Sequence[Claimed]:
            self._was_asked = True
            self._admitted = admitted = self._gate.admit(s, letters, unused, now)
            if admitted.at_doors and len(admitted.letters) + admitted.at_doors == len(letters):
                beyond.update(self._place.beyond)
            return admitted.letters

        batch = claiming.claim(s, self._owner, now, wanted, self._relay, self._place, admit, self._levels)
        # Past those that were left at doors there may be some for others.
        self._place.beyond.update(beyond)
        return batch
