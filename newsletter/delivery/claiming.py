"""Who may send which letter. A claim marks a chunk of letters as being sent, for one sender. Called by ``clerk`` and ``sending``.

A sender signs on before it claims anything and renews its lease while it lives. One whose lease has run out is dead: its letters
become uncertain, and are sent again unless they have been in doubt three times. Where its journal is at hand, ``recovering`` knows better.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import MESSAGE, PRIORITIES, URGENT, Letter, LetterId, LetterState, Sender
from newsletter.delivery.parcels import LetterView
from newsletter.delivery.pausing import is_stopped
from newsletter.delivery.sets import among, is_postgres, numbers

LEASE = timedelta(seconds=120)
MOST_DOUBTS = 3
AT_REST = (LetterState.READY, LetterState.RETRY, LetterState.UNCERTAIN)
_TIME = Letter.created_at.type


class Claimed(NamedTuple):
    """A letter that this sender may send, and how it stood before."""

    letter: LetterView
    state: LetterState
    attempts: int
    doubts: int
    priority: int
    due_at: datetime
    is_paced: bool


Admit = Callable[[Sequence[Claimed]], Sequence[Claimed]]
"""Which of the letters that are due may leave now."""


@dataclass
class Place:
    """Where in the queue a sender stopped reading. What lies before it was claimed by somebody, so looking there again and again
    would cost more with every letter sent; a fresh place looks from the beginning."""

    beyond: dict[int, tuple[object, int]] = field(default_factory=dict)


def is_anything_due(db: Database, now: datetime, relay: str = "") -> bool:
    """A cheap look, which takes no lock: is there a letter that may leave by ``relay``, or a dead sender to be settled?"""
    with db.reading() as s:
        if s.scalar(select(Sender.owner).where(Sender.relay == relay, Sender.lease_until < now).limit(1)):
            return True
        is_paused = is_stopped(s, relay)
        only = f"AND kind = '{MESSAGE}'" if is_paused else ""
        due = text(f"""SELECT 1 FROM letter WHERE settled_at IS NULL AND relay = :relay AND priority = :priority
            AND due_at <= :now AND state <> 'sending' {only} LIMIT 1""")  # noqa: S608
        return any(
            s.scalar(due.bindparams(bindparam("now", type_=_TIME)), {"relay": relay, "priority": level, "now": now})
            for level in _open(PRIORITIES, is_paused)
        )  # fmt: skip


def sign_on(db: Database, owner: str, relay: str, now: datetime) -> None:
    row = {"owner": owner, "relay": relay, "lease_until": now + LEASE}
    with db.transaction() as s:
        s.execute(
            insert_into(s, Sender).values(row).on_conflict_do_update(index_elements=["owner"], set_=row)
        )


def sign_off(s: Session, owner: str) -> None:
    s.execute(delete(Sender).where(Sender.owner == owner))


def renew(s: Session, owner: str, now: datetime) -> bool:
    """False when the lease was lost: somebody else has settled our letters."""
    kept = update(Sender).where(Sender.owner == owner).values(lease_until=now + LEASE).returning(Sender.owner)
    return s.scalar(kept) is not None


def hold(s: Session, owner: str) -> bool:
    """Whoever settles what ``owner`` left waits until this transaction is over, also where only its server outlived ``owner``.

    False when the lease was lost. To be asked before any letter is touched, as those do who settle.
    """
    held = text(f"SELECT 1 FROM sender WHERE owner = :owner {'FOR UPDATE' if is_postgres(s) else ''}")  # noqa: S608
    return s.scalar(held, {"owner": owner}) is not None


def claim(
    s: Session,
    owner: str,
    now: datetime,
    most: int,
    relay: str = "",
    place: Place | None = None,
    admit: Admit = lambda letters: letters,
    levels: Sequence[int] = PRIORITIES,
) -> tuple[Claimed, ...]:
    """Marks the most urgent letters that are due, and admitted, as being sent. Several senders never get the same one.

    A pause holds back what goes to readers, not the words to one person: an alarm about the pause would wait for its end.
    """
    is_paused = is_stopped(s, relay)
    place = place or Place()
    due: list[Claimed] = []
    for level in _open(levels, is_paused):
        if len(due) < most:
            due += _due(s, relay, level, now, most - len(due), is_paused, place)
    admitted = admit(due) if due else due
    if len(admitted) < len(due):
        place.beyond.clear()
    if admitted:
        mark(s, owner, (one.letter.id for one in admitted))
    return tuple(admitted)


def _open(levels: Sequence[int], is_paused: bool) -> Sequence[int]:
    """Words to one person are urgent: in a pause nobody need look through an edition for them."""
    return [level for level in levels if level == URGENT] if is_paused else levels


def mark(s: Session, owner: str, ids: Iterable[int]) -> None:
    s.execute(_marked(among(s)), {"owner": owner, "ids": numbers(s, ids)})


@cache
def _marked(among_ids: str) -> TextClause:
    return text(f"UPDATE letter SET state = 'sending', lease_owner = :owner WHERE id {among_ids}")  # noqa: S608


def release(s: Session, owner: str, unsent: Sequence[Claimed]) -> None:
    """Gives back what ``owner`` claimed and did not send, as it stood."""
    for state in AT_REST:
        if ids := [one.letter.id for one in unsent if one.state is state]:
            back = text(f"""UPDATE letter SET state = :state, lease_owner = NULL
                WHERE id {among(s)} AND lease_owner = :owner AND state = 'sending'""")  # noqa: S608
            s.execute(back, {"state": str(state), "owner": owner, "ids": numbers(s, ids)})


def release_all(s: Session, owner: str) -> None:
    """Gives back whatever else ``owner`` has in its hands, none of which it began: a letter's history says how it stood before."""
    back = text("""UPDATE letter SET lease_owner = NULL,
        state = CASE WHEN doubts > 0 THEN 'uncertain' WHEN attempts > 0 THEN 'retry' ELSE 'ready' END
        WHERE settled_at IS NULL AND state = 'sending' AND lease_owner = :owner""")
    s.execute(back, {"owner": owner})


def settle_abandoned(db: Database, now: datetime) -> int:
    """What the dead had in their hands becomes uncertain. Returns how many of them there were."""
    dead = select(Sender.owner).where(Sender.lease_until < now)
    with db.reading() as s:
        if s.scalar(dead.limit(1)) is None:
            return 0
    with db.transaction() as s:
        owners = s.scalars(dead.with_for_update(skip_locked=True)).all()
        for owner in owners:
            doubt(s, owner, now)
            s.execute(delete(Sender).where(Sender.owner == owner))
        return len(owners)


def doubt(s: Session, owner: str, now: datetime, only: Iterable[LetterId] | None = None) -> None:
    """The fate of these letters of ``owner`` (of all it had in its hands) is unknown. In doubt too often, one waits for a person."""
    some = "" if only is None else f"AND id {among(s)}"
    doubted = text(f"""UPDATE letter SET state = 'uncertain', doubts = doubts + 1, lease_owner = NULL,
        settled_at = CASE WHEN doubts + 1 >= :most THEN :now END,
        payload = CASE WHEN doubts + 1 < :most THEN payload END,
        reply = 'The sender stopped before the server''s answer was written down.'
        WHERE settled_at IS NULL AND state = 'sending' AND lease_owner = :owner {some}""")  # noqa: S608
    values: dict[str, object] = {"most": MOST_DOUBTS, "owner": owner, "now": now}
    if only is not None:
        values["ids"] = numbers(s, only)
    s.execute(doubted.bindparams(bindparam("now", type_=_TIME)), values)


def _due(
    s: Session, relay: str, level: int, now: datetime, most: int, is_paused: bool, place: Place
) -> Sequence[Claimed]:
    """By bare rows of text statements: SQLAlchemy's types would cost more than the rest of a claim."""
    beyond = place.beyond.get(level)
    values = {"relay": relay, "priority": level, "now": now, "most": most}
    if beyond:
        values |= {"due": beyond[0], "id": beyond[1]}
    found = s.execute(_asked(is_postgres(s), is_paused, beyond is not None), values)
    rows = found.all() if is_postgres(s) else json.loads(found.scalar_one())
    if len(rows) == most:
        due_at, id_ = rows[-1][-2], rows[-1][0]
        place.beyond[level] = (due_at, id_)
    else:
        place.beyond.pop(level, None)
    if beyond and not rows:
        return _due(s, relay, level, now, most, is_paused, place)
    return [_read(row, level) for row in rows]


_COLUMNS = (
    "id, kind, about_id, reader_id, address, payload, created_at, state, attempts, doubts, due_at, paced"
)


@cache
def _asked(is_on_postgres: bool, is_paused: bool, has_place: bool) -> TextClause:
    """On SQLite it brings all rows as one: Python's driver gives way to other threads at each."""
    rows = f"""SELECT {_COLUMNS} FROM letter
        WHERE settled_at IS NULL AND relay = :relay AND priority = :priority AND due_at <= :now AND state <> 'sending'
        {f"AND kind = '{MESSAGE}'" if is_paused else ""}
        {"AND (due_at, id) > (:due, :id)" if has_place else ""}
        ORDER BY due_at, id LIMIT :most"""  # noqa: S608
    if is_on_postgres:
        rows += " FOR UPDATE SKIP LOCKED"
    else:
        rows = f"SELECT json_group_array(json_array({_COLUMNS})) FROM ({rows})"  # noqa: S608
    return text(rows).bindparams(bindparam("now", type_=_TIME))


def _read(row: Any, level: int) -> Claimed:
    id_, kind, about, reader, address, payload, created, state, attempts, doubts, due, paced = row
    if isinstance(payload, str):
        payload = json.loads(payload)
    letter = LetterView(id_, kind, about, reader, address, payload, _moment(created))
    return Claimed(letter, _STATES[state], attempts, doubts, level, _moment(due), bool(paced))


_STATES = {str(state): state for state in LetterState}


@lru_cache(1024)
def _moment(stored: datetime | str) -> datetime:
    """As the driver gives it; the letters of an edition share theirs."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
