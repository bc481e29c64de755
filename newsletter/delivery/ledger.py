"""Writing down what happens to letters while they are being sent. Called by the sending threads only.

Threads that want to write at the same moment share one transaction: whoever holds the pen writes for all who wait. Each returns
only when its own entry is committed, so the ledger is never ahead of the truth nor more than one letter a connection behind it.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.claiming import LEASE, Claimed
from newsletter.delivery.model import Letter, LetterState
from newsletter.delivery.outcomes import Outcome

log = structlog.get_logger()

PATIENCE = 600.0
"""Seconds to go on trying while the database cannot be written; a letter that was sent must not be forgotten lightly."""


@dataclass
class _Entry:
    outcomes: Sequence[Outcome]
    following: Claimed | None
    granted: bool = False
    done: bool = False
    failed: BaseException | None = None


class Ledger:
    def __init__(self, db: Database, owner: str, now: Callable[[], datetime], stop: threading.Event) -> None:
        self._db, self._owner, self._now, self._stop = db, owner, now, stop
        self._pen = threading.Lock()
        self._desk = threading.Lock()
        self._waiting: list[_Entry] = []

    def turn(self, outcome: Outcome | None, following: Claimed | None) -> bool:
        """Writes how the last letter went and marks the next as being sent, in one transaction.

        True when the next may go: it is still ours, still to be sent, and sending is not paused.
        """
        return self._enter(_Entry([outcome] if outcome else [], following))

    def enter(self, outcomes: Sequence[Outcome]) -> None:
        """Writes outcomes alone, in one transaction."""
        self._enter(_Entry(outcomes, None))

    def _enter(self, entry: _Entry) -> bool:
        with self._desk:
            self._waiting.append(entry)
        with self._pen:
            if not entry.done:
                self._write_for_all()
        if entry.failed:
            raise entry.failed
        return entry.granted

    def _write_for_all(self) -> None:
        with self._desk:
            entries, self._waiting = self._waiting, []
        try:
            granted = self._persevere(entries)
            for entry in entries:
                entry.granted = entry.following is not None and entry.following.letter.id in granted
        except BaseException as error:
            for entry in entries:
                entry.failed = error
        finally:
            for entry in entries:
                entry.done = True

    def _persevere(self, entries: Sequence[_Entry]) -> set[int]:
        """A full disk, a lock or a server that restarts passes; what the mail server said must outlive it."""
        began, wait = time.monotonic(), 0.2
        while True:
            try:
                with self._db.transaction() as s:
                    return self._write(s, entries)
            except (OperationalError, InterfaceError, PoolTimeout) as error:
                patience = 10 if self._stop.is_set() else PATIENCE
                if time.monotonic() - began > patience:
                    raise
                log.warning(
                    "ledger.cannot_be_written",
                    error=type(error.__cause__ or error).__name__,
                    waiting=len(entries),
                )
                threading.Event().wait(wait)
                wait = min(wait * 2, 5)

    def _write(self, s: Session, entries: Sequence[_Entry]) -> set[int]:
        connection, at = s.connection(), self._now()
        outcomes = [outcome for entry in entries for outcome in entry.outcomes]
        if settled := [{**self._row(o), "at": at} for o in outcomes if o.due_at is None]:
            connection.execute(_SETTLE, settled)
        if postponed := [{**self._row(o), "due": o.due_at} for o in outcomes if o.due_at is not None]:
            connection.execute(_POSTPONE, postponed)
        self._weigh(s, outcomes, at)
        return {
            entry.following.letter.id
            for entry in entries
            if entry.following and self._mark(connection, entry.following, at)
        }

    def _weigh(self, s: Session, outcomes: Sequence[Outcome], at: datetime) -> None:
        """Refusals of us are counted; an acceptance wipes the count."""
        if any(o.state is LetterState.ACCEPTED for o in outcomes):
            s.connection().execute(pausing.ALL_IS_WELL, {"relay": "", "limit": pausing.REFUSALS_TO_PAUSE})
        if refusals := [o for o in outcomes if o.refuses_us]:
            pausing.count_refusal(s, refusals[-1].reply, at, len(refusals))

    def _mark(self, connection: Connection, claimed: Claimed, at: datetime) -> bool:
        row = {
            "id": claimed.letter.id,
            "owner": self._owner,
            "until": at + LEASE,
            "limit": pausing.REFUSALS_TO_PAUSE,
        }
        return connection.execute(_MARK, row).rowcount == 1

    def _row(self, o: Outcome) -> dict[str, object]:
        return {
            "id": o.id,
            "owner": self._owner,
            "state": str(o.state),
            "attempts": o.attempts,
            "doubts": o.doubts,
            "code": o.code,
            "reply": o.reply,
        }


# These four run for every letter. As text they cost a third of what SQLAlchemy's expressions cost.
_HEAD = """UPDATE letter SET state = :state, attempts = :attempts, doubts = :doubts, code = :code, reply = :reply,
    lease_owner = NULL, lease_until = NULL"""
_TIME = Letter.created_at.type

# An acceptance is true whoever holds the lease by now. What has come to its end has no need of its words any more.
_SETTLE = text(
    f"{_HEAD}, settled_at = :at, payload = NULL WHERE id = :id AND (lease_owner = :owner OR CAST(:state AS TEXT) = 'accepted')"
).bindparams(bindparam("at", type_=_TIME))

_POSTPONE = text(f"{_HEAD}, due_at = :due WHERE id = :id AND lease_owner = :owner").bindparams(
    bindparam("due", type_=_TIME)
)

_MARK = text(
    """UPDATE letter SET state = 'sending', lease_until = :until
    WHERE id = :id AND lease_owner = :owner AND state IN ('ready', 'retry', 'uncertain')
    AND (kind = 'message' OR NOT EXISTS (SELECT 1 FROM pause WHERE by_person OR refusals >= :limit AND relay = ''))"""
).bindparams(bindparam("until", type_=_TIME))
