"""A reader, a letter that was accepted, and what may come back of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from blog.db import Database
from newsletter.delivery.model import Letter, LetterId, LetterState
from newsletter.delivery.parcels import LetterView, message_ids
from newsletter.delivery.paths import return_path
from newsletter.returns import receiving
from newsletter.returns.matching import Keys
from newsletter.returns.model import Returned
from newsletter.returns.receiving import Taken
from newsletter.subscribers.model import Subscriber, SubscriberState, Suppression

SECRET, BOUNCES = "a-key-for-tests-only", "bounces@example.org"
KEYS = Keys(SECRET, BOUNCES)


@dataclass
class Backroom:
    """Where returns are taken. ``alarms`` is what the administrators were written."""

    db: Database
    now: datetime
    alarms: list[tuple[str, str]] = field(default_factory=list)

    def reader(self, name: str = "reader", state: SubscriberState = SubscriberState.CONFIRMED) -> int:
        then = self.now - timedelta(days=90)
        address = f"{name}@example.com"
        with self.db.transaction() as s:
            row = Subscriber(
                address=address, address_key=address, state=state, created_at=then, asked_at=then, confirmed_at=then
            )  # fmt: skip
            s.add(row)
            s.flush()
            return row.id

    def letter(
        self,
        reader_id: int,
        at: datetime | None = None,
        *,
        state: LetterState = LetterState.ACCEPTED,
        kind: str = "digest",
        about: int = 0,
        reply: str = "250 OK",
    ) -> int:
        at = at or self.now
        with self.db.transaction() as s:
            address = s.get_one(Subscriber, reader_id).address
            row = Letter(
                kind=kind, about_id=about or int(at.timestamp()), reader_id=reader_id, address=address, state=state, created_at=at,
                due_at=at, settled_at=at, reply=reply, code=int(reply[:3]),
            )  # fmt: skip
            s.add(row)
            s.flush()
            return row.id

    def accepted_beside(self, about: int, number: int) -> None:
        """So many letters of one edition that were accepted, to nobody in particular."""
        row = {
            "kind": "digest",
            "about_id": about,
            "address": "x@example.net",
            "state": "accepted",
            "created_at": self.now,
        }
        more = {
            "due_at": self.now,
            "settled_at": self.now,
            "priority": 5,
            "attempts": 1,
            "doubts": 0,
            "reply": "",
        }
        with self.db.transaction() as s:
            s.execute(insert(Letter), [{**row, **more, "reader_id": 10**6 + n} for n in range(number)])

    def back(
        self,
        letter_id: int,
        words: str = "550 5.1.1 no such user",
        *,
        action: str = "failed",
        at: datetime | None = None,
        to: str | None = None,
        named: str = "reader@example.com",
        more: str = "",
        number: int = 1,
    ) -> Taken:
        """A delivery status notification about a letter arrives, at its return path if nothing else is said."""
        raw = status(words, action=action, named=named, more=more, number=number)
        path = return_path(BOUNCES, SECRET, letter_id) if to is None else to
        return self.take(raw, path, at)

    def take(self, raw: bytes, to: str, at: datetime | None = None, via: str = "imap") -> Taken:
        return receiving.take(
            self.db, raw, [to], at or self.now, KEYS, via, lambda *said: self.alarms.append(said)
        )

    def state(self, reader_id: int) -> str:
        with self.db.reading() as s:
            return s.get_one(Subscriber, reader_id).state

    def rows(self) -> list[Returned]:
        with self.db.reading() as s:
            return list(s.scalars(select(Returned).order_by(Returned.id)))

    def suppressed(self) -> list[str]:
        with self.db.reading() as s:
            return list(s.scalars(select(Suppression.reason)))

    def message_id(self, letter_id: int, secret: str = SECRET) -> str:
        with self.db.reading() as s:
            row = s.get_one(Letter, letter_id)
        letter = LetterView(
            LetterId(row.id), row.kind, row.about_id, row.reader_id, row.address, row.payload, row.created_at
        )
        return message_ids("example.org", secret)(letter)


def status(
    words: str, *, action: str = "failed", named: str = "reader@example.com", more: str = "", number: int = 1
) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nMessage-ID: <{number}@mx.example.net>\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {named}\r\nAction: {action}\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; {words}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Rings\r\n{more}\r\n--b--\r\n"
    ).encode()


def complaint(more: str) -> bytes:
    return (
        "From: fbl@example.net\r\nMessage-ID: <c1@example.net>\r\nSubject: FW: Rings\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Rings\r\n{more}\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def room(db: Database, noon: datetime) -> Backroom:
    return Backroom(db, noon)
