"""The demo mailbox: a small SMTP server that keeps what it is sent as .eml files, and the reading of them.

``./run`` starts it when no mail server is set; the studio shows it. ``transport.Folder`` keeps its mails in the same form.
"""

import asyncio
import os
import re
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from blog.refusals import NotFound

KEPT = 2_000
"""The oldest mails make room for new ones."""

_NAME = re.compile(r"\d{20}-[0-9a-f]{8,64}")


@dataclass(frozen=True)
class Caught:
    """One mail that was caught. ``sender`` and ``recipient`` are those of the envelope."""

    id: str
    subject: str
    sender: str
    recipient: str
    at: datetime
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]


def serve(folder: Path, host: str, port: int, stop: threading.Event) -> None:
    """Catches mail until ``stop`` is set. A mail is safe on the disk before the sender hears 250."""
    _make(folder)
    # Not open to the world: a mailbox without login is for this machine alone, so it says so little of itself.
    controller = Controller(
        _Catcher(folder), hostname=host, port=port, server_hostname="mailbox.localdomain", ident="mailbox"
    )
    controller.start()
    try:
        stop.wait()
    finally:
        controller.stop()


def keep(folder: Path, sender: str, recipient: str, message: bytes, name: str = "") -> None:
    """Writes one mail durably, envelope first; a mail of the same ``name`` is replaced."""
    _make(folder)
    for older in folder.glob(f"*-{name}.eml") if name else ():
        older.unlink(missing_ok=True)
    final = folder / f"{time.time_ns():020d}-{name or secrets.token_hex(8)}.eml"
    part = final.with_suffix(".part")
    with part.open("wb") as file:
        file.write(f"Return-Path: <{_one_line(sender)}>\r\nDelivered-To: {_one_line(recipient)}\r\n".encode())
        file.write(message)
        file.flush()
        os.fsync(file.fileno())
    part.rename(final)


def mails(folder: Path, first: int = 0, most: int = KEPT) -> tuple[Caught, ...]:
    """Newest first, ``most`` of them after the ``first``. A file that is gone meanwhile is left out."""
    found = []
    for path in _newest_first(folder)[first : first + most]:
        with suppress(FileNotFoundError):
            found.append(_read(path))
    return tuple(found)


def one(folder: Path, mail_id: str) -> Caught:
    """Raises NotFound."""
    path = folder / f"{mail_id}.eml"
    if not _NAME.fullmatch(mail_id) or not path.is_file():
        raise NotFound("This mail is no longer in the mailbox.")
    return _read(path)


def prune(folder: Path, kept: int = KEPT) -> None:
    """Removes the oldest mails beyond ``kept``."""
    for path in _newest_first(folder)[kept:]:
        path.unlink(missing_ok=True)


class _Catcher:
    """aiosmtpd's handler; its names are aiosmtpd's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._caught = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await asyncio.to_thread(self._keep, envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        except OSError as error:
            return f"452 4.3.1 The mailbox could not keep this mail: {error.strerror}"
        return "250 2.0.0 Kept"

    def _keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        for recipient in recipients:
            keep(self._folder, sender, recipient, content)
        self._caught += 1
        if self._caught % 50 == 1:
            prune(self._folder)


def _make(folder: Path) -> None:
    """The owner's alone: mails hold addresses, and links that are as good as a password."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _newest_first(folder: Path) -> list[Path]:
    return sorted((p for p in folder.glob("*.eml") if _NAME.fullmatch(p.stem)), reverse=True)


def _read(path: Path) -> Caught:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    headers = tuple((name, _one_line(str(value))) for name, value in mail.items())
    said = {name.lower(): value for name, value in reversed(headers)}
    at = datetime.fromtimestamp(int(path.stem[:20]) / 1e9, UTC)
    sender, recipient = said.get("return-path", "").strip("<>"), said.get("delivered-to", "")
    return Caught(
        path.stem,
        said.get("subject", ""),
        sender,
        recipient,
        at,
        _body(mail, "html"),
        _body(mail, "plain"),
        headers,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    with suppress(LookupError, UnicodeError, KeyError):
        return str(part.get_content())
    return ""


def _one_line(value: str) -> str:
    return " ".join(value.split())
