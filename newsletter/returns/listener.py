"""Our own small mail server for what comes back. It takes mail for our return paths only; a relay in front of it faces the world.

``perijove listener`` runs it. A mail is taken before its sender hears 250; while the database is away the sender is asked to come again.
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from newsletter.returns.matching import Keys
from newsletter.returns.receiving import Alarm, take

log = structlog.get_logger()

LARGEST = 2 * 1024 * 1024
"""Bytes of a mail."""
MOST_RECIPIENTS = 5


def serve(
    db: Database,
    host: str,
    port: int,
    keys: Keys,
    now: Callable[[], datetime],
    alarm: Alarm,
    stop: threading.Event,
) -> None:
    """Listens until ``stop`` is set."""
    controller = Controller(
        Doorman(db, keys, now, alarm),
        hostname=host,
        port=port,
        ident="returns",
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        stop.wait()
    finally:
        controller.stop()


class Doorman:
    """Answers in SMTP; aiosmtpd calls it."""

    def __init__(self, db: Database, keys: Keys, now: Callable[[], datetime], alarm: Alarm) -> None:
        self._db, self._keys, self._now, self._alarm = db, keys, now, alarm

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._keys.letter_at(address) is None and not self._is_ours(address):
            return "550 5.1.1 There is no such address here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode("utf-8", "replace")
        try:
            await asyncio.to_thread(
                take,
                self._db,
                raw,
                tuple(envelope.rcpt_tos),
                self._now(),
                self._keys,
                "listener",
                self._alarm,
            )
        except SQLAlchemyError as error:
            log.warning("returns.not_kept", error=type(error.__cause__ or error).__name__)
            return "451 4.3.0 We could not keep this just now"
        return "250 2.0.0 Taken"

    def _is_ours(self, address: str) -> bool:
        return bool(self._keys.bounce_address) and address.casefold() == self._keys.bounce_address.casefold()
