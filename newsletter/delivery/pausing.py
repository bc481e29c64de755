"""When sending stands still: by a person's wish, or because a server refuses us. Called by ``sending`` and by the desk.

A person stops every relay; a server that refuses us stops its own. A relay's row also counts: refusals of us in a row, over all
senders, with nothing accepted between. Below the limit it stops nothing; it merely tells the desk what is wrong. A server that is
down is noted in it and never pauses anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import Letter, LetterState, Pause

REFUSALS_TO_PAUSE = 5
EVERY_RELAY = "*"


@dataclass(frozen=True)
class Standing:
    """What hinders sending. ``paused`` waits for a person; otherwise the senders go on trying by themselves."""

    paused: bool
    since: datetime
    reason: str
    by_person: bool
    refusals: int
    relay: str = ""
    """Which one is hindered; ``*`` where a person stopped them all."""


def standing(db: Database) -> Standing | None:
    """None when all is well; of several hindrances the one that stops most."""
    with db.reading() as s:
        rows = s.scalars(select(Pause)).all()
    seen = (
        Standing(
            row.by_person or row.refusals >= REFUSALS_TO_PAUSE, row.since, row.reason, row.by_person, row.refusals, row.relay
        )
        for row in rows
    )  # fmt: skip
    return max(seen, key=lambda one: (one.by_person, one.paused, one.refusals), default=None)


def pause(db: Database, at: datetime, reason: str = "") -> None:
    """A person stops sending. Letters on the wire come to their end; no other starts."""
    stop = {"by_person": True, "since": at, "reason": reason}
    with db.transaction() as s:
        s.execute(
            insert_into(s, Pause)
            .values(relay=EVERY_RELAY, refusals=0, **stop)
            .on_conflict_do_update(index_elements=["relay"], set_=stop)
        )


def resume(db: Database, at: datetime) -> None:
    """A person lets sending go on; letters that came back because we were refused are due at once. Nothing is sent twice."""
    with db.transaction() as s:
        s.execute(delete(Pause))
        put_off = select(Letter.id).where(
            Letter.settled_at.is_(None), Letter.state == LetterState.READY, Letter.attempts > 0
        )
        again = (
            update(Letter)
            .where(Letter.id.in_(put_off.with_for_update(skip_locked=True)))
            .values(attempts=0, due_at=at, paced=False)
        )
        s.execute(again, execution_options={"synchronize_session": False})


def is_stopped(s: Session, relay: str = "") -> bool:
    """While nothing may leave by ``relay``."""
    return s.scalar(_STOPPED, {"relay": relay, "limit": REFUSALS_TO_PAUSE}) is not None


_STOPPED = text("SELECT 1 FROM pause WHERE by_person OR (relay = :relay AND refusals >= :limit) LIMIT 1")


def count_refusal(s: Session, reason: str, at: datetime, by: int = 1, relay: str = "") -> None:
    """The server refused us once more. The fifth in a row pauses its relay, with the server's words."""
    first = insert_into(s, Pause).values(relay=relay, since=at, reason=reason, refusals=by, by_person=False)
    more = {"refusals": Pause.refusals + by, "reason": first.excluded.reason}
    s.execute(first.on_conflict_do_update(index_elements=["relay"], set_=more))


def note_away(s: Session, reason: str, at: datetime, relay: str = "") -> None:
    """The server is down or busy: words for the desk."""
    row = {"relay": relay, "since": at, "reason": reason, "refusals": 0, "by_person": False}
    s.execute(insert_into(s, Pause).values(row).on_conflict_do_nothing())


ALL_IS_WELL = text("DELETE FROM pause WHERE relay = :relay AND NOT by_person AND refusals < :limit")
"""A letter was accepted: the count begins anew. What is paused stays paused. As text, for it runs with every batch."""


LONGEST_WISH = timedelta(hours=1)
"""A server that asks for more is asked again then."""


class Backoff:
    """How long a transport leaves an absent server in peace: 1 s, then twice as long each time, 60 s at most, or as long as the server
    itself asked for. Lives in memory."""

    def __init__(
        self, first: timedelta = timedelta(seconds=1), longest: timedelta = timedelta(seconds=60)
    ) -> None:
        self._first, self._longest = first, longest
        self._wished = timedelta()
        self.well()

    def well(self) -> None:
        self._wait = self._first
        self._until: datetime | None = None

    def wish(self, wait: timedelta) -> None:
        """The server said itself how long it wants to be left in peace, the next time."""
        self._wished = min(wait, LONGEST_WISH)

    def failed(self, now: datetime) -> None:
        self._rest, self._wished = max(self._wait, self._wished), timedelta()
        self._until = now + self._rest
        self._wait = min(self._wait * 2, self._longest)

    def is_over(self, now: datetime) -> bool:
        # Further off than the wait itself: the clock was set back meanwhile.
        return self._until is None or not now < self._until <= now + self._rest
