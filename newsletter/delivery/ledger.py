"""Writing down how letters ended, many at a time. Called by ``clerk``, in its transaction.

An acceptance is true whoever has the letter in hands by now. Any other outcome counts only from the sender that still has it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from newsletter.delivery import pausing
from newsletter.delivery.claiming import Claimed
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.sets import is_postgres

_TIME = Letter.created_at.type


Acceptance = tuple[LetterId, int, int, str]
"""The usual outcome, and as small as it can be, for there is one for nearly every letter: attempts, doubts, the server's words."""


@dataclass
class Tray:
    """What has come in since the ledger was written last."""

    accepted: list[Acceptance] = field(default_factory=list)
    others: list[Outcome] = field(default_factory=list)
    unsent: list[Claimed] = field(default_factory=list)
    """To be given back."""
    away: str = ""
    """Why the server cannot be reached, in words for the desk."""
    refusals: list[str] = field(default_factory=list)
    """What the server said against us before any letter was spoken of."""
    put_off: set[str] = field(default_factory=set)
    """Receiving domains that want to be left in peace."""
    took: set[str] = field(default_factory=set)
    """Receiving domains in trouble that accepted a letter."""
    unused: int = 0
    """Letters that the pace let go and that did not leave."""

    refused_in_a_row: int = 0
    """Refusals of us since the last acceptance."""

    def accept(self, acceptance: Acceptance) -> None:
        self.accepted.append(acceptance)
        self.refused_in_a_row = 0

    def add(self, outcome: Outcome) -> None:
        self.others.append(outcome)
        self.refused_in_a_row += outcome.refuses_us

    def refuse(self, words: str) -> None:
        self.refusals.append(words)
        self.refused_in_a_row += 1

    def __len__(self) -> int:
        return len(self.accepted) + len(self.others) + len(self.unsent) + len(self.refusals) + bool(self.away)

    def precede(self, other: "Tray") -> None:
        """Takes ``other``, which could not be written, before its own."""
        self.refused_in_a_row += 0 if self.accepted else other.refused_in_a_row
        self.accepted[:0], self.others[:0], self.unsent[:0] = other.accepted, other.others, other.unsent
        self.refusals[:0], self.away = other.refusals, self.away or other.away
        self.put_off |= other.put_off
        self.took |= other.took
        self.unused += other.unused

    @property
    def refuses_us(self) -> bool:
        return any(outcome.refuses_us for outcome in self.others)


def write(s: Session, tray: Tray, owner: str, relay: str, at: datetime) -> None:
    if tray.accepted:
        _accept(s, sorted(tray.accepted), at)
        s.execute(pausing.ALL_IS_WELL, {"relay": relay, "limit": pausing.REFUSALS_TO_PAUSE})
    if settled := [_row(one, owner) | {"at": at} for one in tray.others if one.due_at is None]:
        s.execute(_SETTLE, sorted(settled, key=_by_id))
    if postponed := [_row(one, owner) | {"due": one.due_at} for one in tray.others if one.due_at is not None]:
        s.execute(_POSTPONE, sorted(postponed, key=_by_id))
    if tray.refused_in_a_row:
        refusals = [one.reply for one in tray.others if one.refuses_us] + tray.refusals
        pausing.count_refusal(s, refusals[-1], at, tray.refused_in_a_row, relay)
    if tray.away:
        pausing.note_away(s, tray.away, at, relay)


def _accept(s: Session, accepted: Sequence[Acceptance], at: datetime) -> None:
    """In one step: Python's SQLite gives way to other threads at each, which would cost more than the writing."""
    if is_postgres(s):
        ids, attempts, doubts, replies = map(list, zip(*accepted, strict=True))
        rows: dict[str, Any] = {"ids": ids, "attempts": attempts, "doubts": doubts, "replies": replies}
        s.execute(_ACCEPT_ON_POSTGRES, rows | {"at": at})
    else:
        s.execute(_ACCEPT_ON_SQLITE, {"rows": json.dumps(accepted), "at": at})


def _row(one: Outcome, owner: str) -> dict[str, object]:
    return {
        "id": one.id, "owner": owner, "state": str(one.state), "attempts": one.attempts, "doubts": one.doubts,
        "code": one.code, "reply": one.reply,
    }  # fmt: skip


def _by_id(row: Mapping[str, Any]) -> int:
    """Two that write the same rows in the same order never wait for each other."""
    return int(row["id"])


_ACCEPT_ON_SQLITE = text(
    """UPDATE letter SET state = 'accepted', attempts = o.value ->> 1, doubts = o.value ->> 2, code = 250, reply = o.value ->> 3,
        settled_at = :at, lease_owner = NULL, payload = NULL
    FROM json_each(:rows) AS o WHERE letter.id = o.value ->> 0"""
).bindparams(bindparam("at", type_=_TIME))
_ACCEPT_ON_POSTGRES = text(
    """UPDATE letter SET state = 'accepted', attempts = o.attempts, doubts = o.doubts, code = 250, reply = o.reply,
        settled_at = :at, lease_owner = NULL, payload = NULL
    FROM unnest(CAST(:ids AS bigint[]), CAST(:attempts AS int[]), CAST(:doubts AS int[]), CAST(:replies AS text[]))
        AS o(id, attempts, doubts, reply)
    WHERE letter.id = o.id"""
).bindparams(bindparam("at", type_=_TIME))
_HEAD = """UPDATE letter SET state = :state, attempts = :attempts, doubts = :doubts, code = :code, reply = :reply, lease_owner = NULL"""
_SETTLE = text(
    f"{_HEAD}, settled_at = :at, payload = NULL WHERE id = :id AND lease_owner = :owner"
).bindparams(bindparam("at", type_=_TIME))
_POSTPONE = text(f"{_HEAD}, due_at = :due, paced = false WHERE id = :id AND lease_owner = :owner").bindparams(
    bindparam("due", type_=_TIME)
)
