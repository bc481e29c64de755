"""Fetching what came back from a mailbox by IMAP. Called by the clock; what was taken is marked as seen only after it is kept."""

import imaplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted, MailMessageFlags
from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from newsletter.returns.arriving import arrived_at
from newsletter.returns.matching import Keys
from newsletter.returns.mime import MOST
from newsletter.returns.receiving import Alarm, take

log = structlog.get_logger()

AT_ONCE = 200
"""Mails in one visit; the next visit goes on."""
PATIENCE = 20.0
"""Seconds for each word of the server."""


class Box(Protocol):
    """A mailbox: its new mails, and what becomes of one that was taken."""

    def new(self, most: int) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of mails that nobody has seen; looking at them does not change that."""

    def done(self, name: str) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where a mailbox is, from ``imaps://user:password@host:993/INBOX?move=Done``."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    move: str
    is_secure: bool


def place(url: str) -> Place:
    """Raises ValueError, whose text names what is missing and never the password."""
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError("PERIJOVE_IMAP_URL: give an address like imaps://user:password@host/INBOX")
    is_secure = parts.scheme == "imaps"
    return Place(
        parts.hostname,
        parts.port or (993 if is_secure else 143),
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX",
        parse_qs(parts.query).get("move", [""])[0],
        is_secure,
    )


def collect(
    url: str,
    db: Database,
    at: datetime,
    keys: Keys,
    alarm: Alarm,
    open_box: Callable[[Place], AbstractContextManager[Box]] | None = None,
) -> int:
    """Takes what is new in the mailbox and returns how many mails that were. Raises what the server or the database raises.

    A mail that was taken and could not be marked is taken again next time, which changes nothing.
    """
    number = 0
    with (open_box or open_imap)(place(url)) as box:
        for name, raw in box.new(AT_ONCE):
            _take(db, raw, at, keys, alarm)
            box.done(name)
            number += 1
    if number:
        log.info("returns.collected", mails=number)
    return number


def _take(db: Database, raw: bytes, at: datetime, keys: Keys, alarm: Alarm) -> None:
    """One mail that nobody can read, for a fault of ours, must not keep all later ones from being read."""
    try:
        take(db, raw, arrived_at(raw), at, keys, "imap", alarm)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("returns.unreadable", error=type(error).__name__)


@contextmanager
def open_imap(where: Place) -> Iterator[Box]:
    kind = MailBox if where.is_secure else MailBoxUnencrypted
    mailbox = kind(where.host, where.port, timeout=PATIENCE)
    try:
        mailbox.login(where.user, where.password, where.folder)
        yield _Imap(mailbox, where.move)
    finally:
        with suppress(imaplib.IMAP4.error, OSError, ImapToolsError):
            mailbox.logout()


class _Imap:
    def __init__(self, mailbox: BaseMailBox, move: str) -> None:
        self._mailbox, self._move = mailbox, move

    def new(self, most: int) -> Iterator[tuple[str, bytes]]:
        for uid in self._mailbox.uids("UNSEEN", charset=None)[:most]:
            # Only the beginning, and without marking it: a huge mail costs no memory, a failure no mail.
            _, answer = self._mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST}>)")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is not None:
                yield uid, raw

    def done(self, name: str) -> None:
        self._mailbox.flag(name, MailMessageFlags.SEEN, True)
        if self._move:
            self._mailbox.move(name, self._move)
