"""Opens a connection to a mail server in the event loop: greeting, encryption, login. Called by ``pipelining``.

The rules are those of ``smtp``: the certificate is verified with smtps://, with starttls=require and wherever a password is sent.
"""

import asyncio
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple, cast

from newsletter.delivery.commands import Terms
from newsletter.delivery.replies import Replies, Reply
from newsletter.delivery.signing_in import Mechanism, mechanisms
from newsletter.delivery.smtp import TIMEOUT, NoLine, is_here, own_name
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase

MOST_CHALLENGES = 4

LATE = "The server did not answer in time."
CLOSED = "The server closed the connection."
BROKE = "The line broke."


class Opened(NamedTuple):
    """``raw`` is the socket's own transport, beneath the encryption where there is one."""

    transport: asyncio.Transport
    raw: asyncio.Transport
    terms: Terms


@dataclass
class Dialler:
    """A mail server and how we come to it; the words as in ``smtp.Smtp``. ``auth`` forces one way to sign in, see ``signing_in``."""

    host: str
    port: int
    _: KW_ONLY
    tls: bool = False
    starttls: str = "opportunistic"
    login: tuple[str, str] | None = None
    hello: str = ""
    timeout: float = TIMEOUT
    trust: ssl.SSLContext | None = None
    auth: str = ""
    _contexts: dict[bool, ssl.SSLContext] = field(default_factory=dict, init=False, repr=False)

    async def dial(self) -> Opened:
        """Raises NoLine with the answer that stood in the way."""
        talk = _Talk(self.timeout)
        try:
            await self._connect(talk)
            await self._greet(talk)
            if not self.tls and self.starttls != "never":
                await self._secure(talk)
            if self.login:
                await self._sign_in(talk, *self.login)
            if talk.has_more:
                raise NoLine(Answer(Phase.HELLO, GARBAGE, "The server spoke without being asked."))
        except BaseException:
            talk.hang_up()
            raise
        assert talk.transport and talk.raw
        return Opened(talk.transport, talk.raw, _terms(talk.offered))

    async def _connect(self, talk: "_Talk") -> None:
        loop = asyncio.get_running_loop()
        with _told(Phase.CONNECT):
            async with asyncio.timeout(self.timeout):
                await loop.create_connection(lambda: talk, self.host, self.port)
                if self.tls:
                    await talk.encrypt(self._context(True), self.host)
            _expect(Phase.CONNECT, await talk.hear(), 220)

    async def _greet(self, talk: "_Talk") -> None:
        hello = self.hello or own_name()
        with _told(Phase.HELLO):
            reply = await talk.ask(f"EHLO {hello}")
            talk.offered = _features(reply)
            if 500 <= reply.code <= 599:
                talk.offered = {}
                reply = await talk.ask(f"HELO {hello}")
            _expect(Phase.HELLO, reply, 250)

    async def _secure(self, talk: "_Talk") -> None:
        if "STARTTLS" not in talk.offered:
            if self.starttls == "require":
                words = "The server offers no STARTTLS, and the settings require it."
                raise NoLine(Answer(Phase.STARTTLS, 554, words))
            return
        with _told(Phase.STARTTLS):
            _expect(Phase.STARTTLS, await talk.ask("STARTTLS"), 220)
            if talk.has_more:
                # Words sent in clear before the handshake could come from anybody on the way.
                raise ConnectionError("The server spoke before the encryption began.")
            verified = self.starttls == "require" or self.login is not None
            async with asyncio.timeout(self.timeout):
                await talk.encrypt(self._context(verified), self.host)
        await self._greet(talk)

    async def _sign_in(self, talk: "_Talk", user: str, password: str) -> None:
        if not talk.is_encrypted and self.starttls != "never" and not is_here(self.host):
            words = "The server offers no encryption; the password was not sent."
            raise NoLine(Answer(Phase.LOGIN, 538, words))
        ways = mechanisms(talk.offered.get("AUTH", ""), self.auth)
        if not ways:
            raise NoLine(Answer(Phase.LOGIN, 554, "The server offers no way to sign in that we know."))
        with _told(Phase.LOGIN):
            for way in ways:
                reply = await _converse(talk, way, user, password)
                if reply.code in (235, 503) or not 500 <= reply.code <= 599:
                    break
            _expect(Phase.LOGIN, reply, 235, 503)

    def _context(self, verified: bool) -> ssl.SSLContext:
        """Made once: reading the world's certificates takes longer than a hundred letters."""
        if self.trust:
            return self.trust
        if verified not in self._contexts:
            context = self._contexts[verified] = ssl.create_default_context()
            if not verified:
                # Encryption to whoever answers is better than none, and it is all that plain smtp:// promises.
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
        return self._contexts[verified]


class _Talk(asyncio.Protocol):
    """One question, one answer, each within the time-out however slowly it drips."""

    def __init__(self, patience: float) -> None:
        self.transport: asyncio.Transport | None = None
        self.raw: asyncio.Transport | None = None
        self.offered: dict[str, str] = {}
        self._patience = patience
        self._replies = Replies()
        self._heard: list[Reply] = []
        self._end: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_encrypted(self) -> bool:
        return self.transport is not self.raw

    @property
    def has_more(self) -> bool:
        return bool(self._heard) or self._replies.is_amid

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = self.raw = cast(asyncio.Transport, transport)  # uvloop's own inherit from nothing

    def data_received(self, data: bytes) -> None:
        self._heard += self._replies.feed(data)
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._end = ConnectionError(BROKE if error else CLOSED)
        self._wake()

    async def ask(self, line: str) -> Reply:
        assert self.transport
        if "\r" in line or "\n" in line:
            raise ValueError("a line of its own could be smuggled in")
        self.transport.write(line.encode("ascii") + b"\r\n")
        return await self.hear()

    async def hear(self) -> Reply:
        async with asyncio.timeout(self._patience):
            while not self._heard:
                if self._end:
                    raise self._end
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter
        return self._heard.pop(0)

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        assert self.raw
        loop = asyncio.get_running_loop()
        made = await loop.start_tls(self.raw, self, context, server_hostname=host)
        if made is None or self._end:
            raise ConnectionError(CLOSED)
        self.transport = made

    def hang_up(self) -> None:
        for transport in (self.transport, self.raw):
            if transport:
                transport.abort()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


async def _converse(talk: _Talk, way: Mechanism, user: str, password: str) -> Reply:
    """AUTH and as many answers to the server's challenges as it asks for (RFC 4954)."""
    lines = way(user, password)
    reply = await talk.ask(next(lines))
    for _ in range(MOST_CHALLENGES):
        if reply.code != 334:
            break
        reply = await talk.ask(lines.send(reply.text))
    return reply


def _features(reply: Reply) -> dict[str, str]:
    """What EHLO offers, by name in capitals; AUTH= is how it was written before RFC 2554."""
    lines = reply.text.replace("AUTH=", "AUTH ").split("\n")[1:] if reply.code == 250 else []
    found: dict[str, str] = {}
    for name, _, rest in (line.strip().upper().partition(" ") for line in lines):
        found[name] = f"{found.get(name, '')} {rest}".strip()
    return found


def _terms(offered: dict[str, str]) -> Terms:
    names = ("PIPELINING", "CHUNKING", "SIZE", "8BITMIME", "SMTPUTF8")
    return Terms(*(name in offered for name in names))


def _expect(phase: Phase, reply: Reply, *codes: int) -> None:
    if reply.code not in codes:
        raise NoLine(Answer(phase, reply.code, reply.text))


@contextmanager
def _told(phase: Phase) -> Iterator[None]:
    """Whatever goes wrong in ``phase`` becomes an answer."""
    try:
        yield
    except TimeoutError:
        raise NoLine(Answer(phase, NO_ANSWER, LATE)) from None
    except ssl.SSLCertVerificationError as error:
        words = f"The server's certificate is not trusted: {error.verify_message}"
        raise NoLine(Answer(phase, 554, words)) from None
    except OSError as error:
        is_plain = isinstance(error, ConnectionError) and error.errno
        words = os.strerror(error.errno) if is_plain and error.errno else error.strerror or str(error)
        raise NoLine(Answer(phase, NO_ANSWER, words or type(error).__name__)) from None
    except ValueError:
        raise NoLine(Answer(phase, 553, "5.1.3 This cannot be written in SMTP.")) from None
