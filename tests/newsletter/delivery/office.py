"""A post office for tests: letters to some readers, a composer, a clock that moves when it is told to, and one sender."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import books, outbox
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.pipelining import Pipelined
from newsletter.delivery.sending import Composer, LetterView, Parcel, Sent, Skip, send_ready
from newsletter.delivery.smtp import Smtp
from newsletter.delivery.transport import Transport
from tests.mailserver import RecordingServer

ABOUT = 7


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def plain(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
    """A composer of the plainest mails."""
    return {
        LetterId(letter.id): Parcel("digest@example.org", letter.address, text_for(letter))
        for letter in letters
    }


def failing(poisonous: Callable[[LetterView], bool]) -> Composer:
    """A composer that is thrown by letters of some kind."""

    def composer(s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        if any(map(poisonous, letters)):
            raise KeyError("title")
        return plain(s, letters)

    return composer


def text_for(letter: LetterView) -> bytes:
    own = f"<{letter.id}.{int(letter.created_at.timestamp())}.{letter.kind}@example.org>"
    head = f"Message-ID: {own}\r\nSubject: News\r\nTo: {letter.address}\r\n\r\n"
    return head.encode() + b"The sky tonight.\r\n.\r\nAnd tomorrow.\r\n"


class Office:
    """``send`` runs one sender to its end. The transport is kept between runs, as the clock process keeps its own."""

    journals: Path | None = None

    def __init__(self, db: Database, clock: Clock, transport: Transport) -> None:
        self.db, self.clock, self.transport = db, clock, transport
        self.composers: dict[str, Composer] = {"digest": plain}

    def write(
        self,
        *names: str,
        kind: str = "digest",
        about: int = ABOUT,
        priority: int = 5,
        payload: dict[str, Any] | None = None,
    ) -> None:
        """A letter to <name>@example.org for each name; readers are numbered by their place."""
        with self.db.transaction() as s:
            for reader_id, name in enumerate(names, 1):
                outbox.put(s, kind, about, reader_id, f"{name}@example.org", self.clock(), priority, payload)

    def send(
        self, most: int | None = None, connections: int = 2, stop: Event | None = None, owner: str = "sender"
    ) -> Sent:
        return send_ready(
            self.db,
            self.transport,
            self.composers,
            self.clock,
            owner,
            most,
            connections=connections,
            stop=stop,
            journals=self.journals,
        )

    def send_for(self, days: float, step: timedelta = timedelta(minutes=10)) -> None:
        """Runs a sender every ten minutes for so long."""
        end = self.clock() + timedelta(days=days)
        while self.clock() < end and self.balance().waiting:
            self.send()
            self.clock.now += step

    def balance(self, kind: str = "digest", about: int = ABOUT) -> books.Balance:
        with self.db.reading() as s:
            return books.balance(s, kind, about, self.clock())

    def letters(self) -> list[Letter]:
        with self.db.reading() as s:
            return list(s.scalars(select(Letter).order_by(Letter.id)))

    def letter(self) -> Letter:
        (only,) = self.letters()
        return only


def smtp_to(server: RecordingServer, timeout: float = 5.0, **more: Any) -> Pipelined:
    return Pipelined("127.0.0.1", server.port, timeout=timeout, hello="tests.example.org", **more)


def smtplib_to(server: RecordingServer, timeout: float = 5.0, **more: Any) -> Smtp:
    """The plain transport."""
    return Smtp("127.0.0.1", server.port, timeout=timeout, hello="tests.example.org", **more)


OpenOffice = Callable[[Transport], Office]
