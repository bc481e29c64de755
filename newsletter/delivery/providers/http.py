"""The talk with a provider over HTTP: one request at a time on one kept connection, told in answers instead of exceptions.

No redirect is followed, certificates are verified, and a reply must be whole within a known time. Used by ``handing_over``.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, RemoteDisconnected
from typing import NamedTuple

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from blog.fetching import cut, cut_after
from newsletter.delivery.smtp import ABANDONED, NoLine
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase

TIMEOUT = 20.0
"""Seconds to connect; a request with its answer may take twice as long, for giving up on it means a second copy."""
IDLE = 15.0
"""Seconds after which a connection is not used again: a server that hangs up at that very moment would leave letters in doubt."""
LONGEST = 4_000_000
"""Bytes of a reply."""


@dataclass(frozen=True)
class Place:
    """Where a provider's interface stands. ``path`` begins every target."""

    host: str
    port: int
    is_encrypted: bool = True
    path: str = ""
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def authority(self) -> str:
        """As the Host header names it, which some providers' signatures cover."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_encrypted else 80) else f"{host}:{self.port}"


class Request(NamedTuple):
    target: str
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    """Their names in small letters."""
    body: bytes


class Caller:
    """One connection; dials at once, and again whenever it was closed between two requests. Raises NoLine."""

    def __init__(self, place: Place, timeout: float = TIMEOUT) -> None:
        self._place, self._timeout, self._used = place, timeout, 0.0
        self._is_over = False
        self._connection = self._dial()

    def post(self, request: Request, written: Callable[[], None]) -> Reply:
        """``written`` is called when the whole request is out."""
        if self._is_over:
            raise NoLine(Answer(Phase.CONNECT, NO_ANSWER, ABANDONED))
        if not _is_alive(self._connection.sock) or time.monotonic() > self._used + IDLE:
            self.close()
            self._connection = self._dial()
        try:
            with cut_after(self._line, 2 * self._timeout):
                reply = self._exchange(request, written)
        except BaseException:
            self.close()
            raise
        self._used = time.monotonic()
        return reply

    def abort(self) -> None:
        """From another thread: the request that is out gets no answer, and none follows it."""
        self._is_over = True
        if line := self._connection.sock:
            cut(line)

    def close(self) -> None:
        self._connection.close()

    @property
    def _line(self) -> socket.socket:
        line = self._connection.sock
        assert line is not None
        return line

    def _dial(self) -> HTTPConnection | HTTPSConnection:
        place = self._place
        if place.is_encrypted:
            trust = place.trust or ssl.create_default_context()
            made: HTTPConnection = HTTPSConnection(
                place.host, place.port, timeout=self._timeout, ssl_context=trust
            )
        else:
            made = HTTPConnection(place.host, place.port, timeout=self._timeout)
        with _told(Phase.CONNECT):
            made.connect()
        made.timeout = 2 * self._timeout
        self._used = time.monotonic()
        return made

    def _exchange(self, request: Request, written: Callable[[], None]) -> Reply:
        headers = {"Host": self._place.authority, "Accept-Encoding": "identity", **request.headers}
        is_whole = True
        try:
            self._connection.request(
                "POST",
                self._place.path + request.target,
                request.body,
                headers,
                preload_content=False,
                decode_content=False,
            )
            written()
        except OSError:
            # A server that does not want to hear the rest may have answered all the same.
            is_whole = False
        with _told(Phase.END if is_whole else Phase.BODY):
            response = self._connection.getresponse()
            named = {name.lower(): value for name, value in response.headers.items()}
            try:
                body = response.read(LONGEST + 1)
            except (HTTPError, HTTPException, OSError):
                if response.status < 400:
                    raise
                body = b""  # a refusal whose reason was lost is still one
        if len(body) > LONGEST:
            raise NoLine(Answer(Phase.END, GARBAGE, "The provider's answer has no end."))
        return Reply(response.status, named, body)


def _is_alive(line: socket.socket | None) -> bool:
    """Bytes that wait to be read are not yet an end: with TLS they may be tickets for a later session. So they are read."""
    if line is None:
        return False
    line.settimeout(0)
    try:
        line.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


@contextmanager
def _told(phase: Phase) -> Iterator[None]:
    """Whatever goes wrong in ``phase`` becomes an answer, in words of our own: a library's might quote what we sent."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NoLine(
            Answer(phase, 554, f"The provider's certificate is not trusted: {error.verify_message}")
        ) from None
    except (RemoteDisconnected, OSError, HTTPError) as error:
        raise NoLine(Answer(phase, NO_ANSWER, _words(error))) from None
    except (HTTPException, ValueError):
        raise NoLine(Answer(phase, GARBAGE, "The provider's answer was no HTTP.")) from None


def _words(error: Exception) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutError):
        return "The provider did not answer in time."
    if isinstance(cause, RemoteDisconnected):
        return "The provider closed the connection."
    return (isinstance(cause, OSError) and cause.strerror) or "The line to the provider broke."
