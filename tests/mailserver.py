"""The judge of every delivery test: an SMTP server outside the code under test that makes each mail durable before it answers 250.

``with recording_server(tmp_path) as server:`` gives ``server.url``, ``server.received`` and ``server.faults``, which may be changed
at any time, as may ``server.offers``, what EHLO says. ``server.down()`` hangs up on everybody and listens no more; ``server.up()`` listens again on the same port.
"""

import asyncio
import hashlib
import json
import os
import re
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.mailtalk import DRIP, DROP, GARBAGE, SILENCE, Fault, Over, Talk

__all__ = ["DRIP", "DROP", "GARBAGE", "SILENCE", "Fault", "Received", "RecordingServer", "recording_server"]


@dataclass(frozen=True)
class Received:
    """One mail that was answered with 250."""

    recipient: str
    message_id: str
    sha256: str
    sender: str
    message: bytes = field(repr=False)
    at: float

    def parsed(self) -> EmailMessage:
        mail = message_from_bytes(self.message, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail


class RecordingServer:
    def __init__(
        self, record: Path, faults: Sequence[Fault], login: tuple[str, str] | None, tls: ssl.SSLContext | None
    ) -> None:
        self.record, self.faults, self.login, self.tls = record, list(faults), login, tls
        self.received: list[Received] = []
        self.commands: list[str] = []
        self.offers = ["8BITMIME", "SIZE 20000000", "SMTPUTF8", "PIPELINING"]
        self.ways = "PLAIN"
        """How one may sign in."""
        self.is_encrypted_at_once = False
        """Speaks nothing but TLS, as on port 465."""
        self.is_gullible = False
        """Answers DATA with 354 even where nobody is to get the mail."""
        self.is_stubborn = False
        """Keeps a letter open whose text it refused, until RSET."""
        self.turns = 0
        """How often it had read everything and waited for more: the round trips."""
        self.connections = self.most_at_once = self.now_open = 0
        self.on_received: Callable[[Received], None] = lambda mail: None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self) -> Counter[str]:
        """How many mails each recipient got."""
        return Counter(mail.recipient for mail in self.received)

    def up(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        self._do(self._listen())

    def down(self) -> None:
        self._do(self._hang_up())

    def close(self) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def strike(self, step: str, recipient: str = "") -> Fault | None:
        """The fault that is due at this step, if any; counts it."""
        for fault in self.faults:
            if (
                fault.step == step
                and fault.whom in recipient
                and (fault.times is None or fault.struck < fault.times)
            ):
                fault.struck += 1
                return fault
        return None

    def keep(self, sender: str, recipient: str, message: bytes) -> None:
        found = re.search(rb"^Message-ID:\s*(\S+)", message, re.IGNORECASE | re.MULTILINE)
        message_id = found[1].decode("ascii", "replace") if found else ""
        mail = Received(
            recipient, message_id, hashlib.sha256(message).hexdigest(), sender, message, time.time()
        )
        with self.record.open("a") as file:
            file.write(json.dumps([mail.recipient, mail.message_id, mail.sha256]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.received.append(mail)
        self.on_received(mail)

    def _do(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", self.port, backlog=200)

    async def _hang_up(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        for talk in list(self._talks):
            talk.cancel()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk
        self._talks.add(talk)
        self._writers.add(writer)
        self.connections += 1
        self.now_open += 1
        self.most_at_once = max(self.most_at_once, self.now_open)
        try:
            with suppress(
                Over, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError
            ):
                await Talk(self, reader, writer).run()
        finally:
            self.now_open -= 1
            self._talks.discard(talk)
            self._writers.discard(writer)
            writer.transport.abort()


@contextmanager
def recording_server(
    folder: Path,
    faults: Sequence[Fault] = (),
    login: tuple[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[RecordingServer]:
    """A server on a free port of this machine; what it took stands in ``<folder>/record.jsonl`` too."""
    server = RecordingServer(folder / "record.jsonl", faults, login, tls)
    server.up()
    try:
        yield server
    finally:
        server.close()
