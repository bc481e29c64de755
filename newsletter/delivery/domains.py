"""Receiving domains: letters to one that has a rate get a place in its queue, and one that puts us off rests for a while.

Called by a claim and where outcomes are written, in their transaction and before ``pace``. Places hold a domain's rate over all
processes; they are ``due_at`` of the letter. A domain rests for a minute, then twice as long each time, an hour at most; after a
rest one letter goes ahead and the others follow when it was accepted.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, select, text, update
from sqlalchemy.orm import Session

from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.doors import Limits
from newsletter.delivery.model import ReceivingDomain
from newsletter.delivery.places import move
from newsletter.delivery.queues import ASTRAY, LONGEST_REST, ON_TIME, Candidate, Queue
from newsletter.delivery.sets import is_postgres
from newsletter.delivery.verdicts import BEFORE_RECIPIENT, Answer

_COLUMNS = (
    ReceivingDomain.domain, ReceivingDomain.next_at, ReceivingDomain.ahead_at, ReceivingDomain.rests_until, ReceivingDomain.rests,
)  # fmt: skip
_KEEP = (
    update(ReceivingDomain)
    .where(ReceivingDomain.relay == bindparam("b_relay"), ReceivingDomain.domain == bindparam("b_domain"))
    .values(next_at=bindparam("b_next"), ahead_at=bindparam("b_ahead"))
)
LOOK = timedelta(seconds=2)
"""Another process's news of a domain is heard this much later at most."""
RESTS = tuple(min(timedelta(minutes=1 << number), LONGEST_REST) for number in range(7))
_CODES = (421, 450, 451, 452)
_OF_POLICY = re.compile(r"^\s*4\.7\.\d")
_OF_ONE_MAILBOX = re.compile(r"^\s*4\.[12]\.\d|gr[ae]y.?list", re.IGNORECASE)
_OF_MANY = re.compile(
    r"rate.{0,3}limit|throttl|too (many|much)|temporarily (deferred|blocked|rejected)|unusual", re.IGNORECASE
)


class Allotment(NamedTuple):
    go: list[int]
    """In the order in which they were given."""
    later: list[tuple[int, datetime]]
    """Their places are written down already."""


def puts_off_all(answer: Answer) -> bool:
    """Whether an answer for now is about everything that we send to the domain, not about one mailbox nor about the relay.

    Greylisting (RFC 6647) asks each letter to come again, so it is about that letter.
    """
    if answer.code not in _CODES or answer.phase in BEFORE_RECIPIENT:
        return False
    if _OF_ONE_MAILBOX.search(answer.reply):
        return False
    return bool(_OF_POLICY.match(answer.reply) or _OF_MANY.search(answer.reply))


class Domains:
    """Those that one relay leads to. Remembers which of them rest, and looks again every two seconds."""

    def __init__(self, relay: str, limits: Limits) -> None:
        self._relay, self._limits = relay, limits
        self._troubled: dict[str, datetime] = {}
        """Until when those rest that had to; past, while no letter has been accepted since."""
        self._looked_at: datetime | None = None

    @property
    def troubled(self) -> Collection[str]:
        """An acceptance by one of these is worth telling ``heed``."""
        return self._troubled.keys()

    def are_free(self, s: Session, now: datetime) -> bool:
        """True when every letter may go, so that there is nothing to allot. Asks the database once in two seconds at most."""
        if self._looked_at is None or not timedelta() <= now - self._looked_at < LOOK:
            mine = select(ReceivingDomain.domain, ReceivingDomain.rests_until)
            rows = s.execute(mine.where(ReceivingDomain.relay == self._relay, ReceivingDomain.rests > 0))
            self._troubled = {row.domain: row.rests_until for row in rows}
            self._looked_at = now
        return not self._limits and not self._troubled

    def allot(self, s: Session, letters: Sequence[Candidate], now: datetime) -> Allotment:
        """Which of ``letters`` may go now. The others get their places, in one statement."""
        if self.are_free(s, now):
            return Allotment([letter.id for letter in letters], [])
        queues = self._held(s, {letter.domain for letter in letters if not self._may_pass(letter, now)})
        go: list[int] = []
        later: list[tuple[int, datetime, bool]] = []
        for letter in letters:
            queue = queues.get(letter.domain)
            place = queue.place(letter, now) if queue else None
            if place is None:
                go.append(letter.id)
            else:
                later.append((letter.id, place.at, place.is_kept))
        self._keep(s, queues)
        move(s, later)
        return Allotment(go, [(id_, at) for id_, at, _ in later])

    def heed(self, s: Session, put_off: Collection[str], accepted: Collection[str], now: datetime) -> None:
        """``put_off``: domains for which ``puts_off_all``; ``accepted``: those of ``troubled`` that took a letter."""
        well = sorted(self._troubled.keys() & set(accepted) - set(put_off))
        if put_off or well:
            self._take_turns(s)
        if put_off:
            self._rest(s, sorted(set(put_off)), now)
            self._looked_at = None
        if well:
            s.execute(
                update(ReceivingDomain)
                .where(ReceivingDomain.relay == self._relay, ReceivingDomain.domain.in_(well), ~_rests(now))
                .values(rests=0, rests_until=None),
                execution_options={"synchronize_session": False},
            )
            self._looked_at = None

    def _may_pass(self, letter: Candidate, now: datetime) -> bool:
        """Without a look at its domain's queue."""
        if letter.domain in self._troubled:
            return False
        limit = self._limits.of(letter.domain)
        return limit is None or limit.rate is None or (letter.paced and now - letter.due_at <= ON_TIME)

    def _held(self, s: Session, domains: Collection[str]) -> dict[str, Queue]:
        """Their queues, locked in the order of their names until the transaction ends."""
        if not domains:
            return {}
        self._take_turns(s)
        mine = (
            select(*_COLUMNS)
            .where(ReceivingDomain.relay == self._relay, ReceivingDomain.domain.in_(domains))
            .order_by(ReceivingDomain.domain)
            .with_for_update()
        )
        rows = s.execute(mine).all()
        if len(rows) < len(domains):
            new = [
                {"relay": self._relay, "domain": domain}
                for domain in sorted(set(domains) - {row.domain for row in rows})
            ]
            s.execute(insert_into(s, ReceivingDomain).values(new).on_conflict_do_nothing())
            rows = s.execute(mine).all()
        return {
            row.domain: Queue(
                row.next_at, row.ahead_at, row.rests_until, row.rests, self._limits.of(row.domain)
            )
            for row in rows
        }

    def _take_turns(self, s: Session) -> None:
        """One transaction at a time minds the domains of a relay: what it has to heed and what it allots lie in no common order."""
        if is_postgres(s):
            mine = text("SELECT pg_advisory_xact_lock(hashtext('receiving_domain'), hashtext(:relay))")
            s.execute(mine, {"relay": self._relay})

    def _keep(self, s: Session, queues: Mapping[str, Queue]) -> None:
        rows = [
            {"b_relay": self._relay, "b_domain": domain, "b_next": queue.next_at, "b_ahead": queue.ahead_at}
            for domain, queue in queues.items()
            if queue.has_moved
        ]
        if rows:
            s.connection().execute(_KEEP, rows)

    def _rest(self, s: Session, domains: Sequence[str], now: datetime) -> None:
        """Whoever rests already does so no longer for it: those letters were on their way together."""
        first = insert_into(s, ReceivingDomain).values(
            [
                {"relay": self._relay, "domain": domain, "rests": 1, "rests_until": now + RESTS[0]}
                for domain in domains
            ]
        )
        longer = case(
            {number: now + rest for number, rest in enumerate(RESTS)},
            value=ReceivingDomain.rests,
            else_=now + LONGEST_REST,
        )
        more = {
            "rests_until": case((_rests(now), ReceivingDomain.rests_until), else_=longer),
            "rests": case((_rests(now), ReceivingDomain.rests), else_=ReceivingDomain.rests + 1),
        }
        s.execute(first.on_conflict_do_update(index_elements=["relay", "domain"], set_=more))


def _rests(now: datetime) -> ColumnElement[bool]:
    furthest = now + LONGEST_REST + ASTRAY
    return and_(ReceivingDomain.rests_until > now, ReceivingDomain.rests_until <= furthest)
