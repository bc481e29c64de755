"""The one way in which this project fetches something from an address on the web. Rooms are handed a ``Fetcher``.

Every address that the host resolves to must be public, the connection goes to the very address that was checked, each redirect is
checked anew, and size and time have an end: an address that a stranger chose reaches nothing inside.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError

from blog.refusals import Invalid, Unavailable

PORTS = {"https": 443, "http": 80}
_REDIRECTS = (301, 302, 303, 307, 308)
_UNICAST, _TRANSLATED = ipaddress.IPv6Network("2000::/3"), ipaddress.IPv6Network("64:ff9b::/96")
_NOWHERE = "That address can't be fetched."


@dataclass(frozen=True)
class Fetched:
    url: str
    """Where it was in the end, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Their names in small letters."""
    body: bytes = field(repr=False)


Fetcher = Callable[[str], Fetched]
Resolver = Callable[[str, int], Sequence[str]]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    inner = found.ipv4_mapped or found.sixtofour
    if found in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inner is not None:
        return inner.is_global and not inner.is_multicast
    # Outside of this block lie old and local ways of writing an IPv4 address, some of which Python calls global.
    return found in _UNICAST and found.is_global


def resolve(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(f"{host} can't be found.") from None
    return list(dict.fromkeys(str(place[4][0]) for place in found))


@dataclass(frozen=True)
class Rules:
    """How far a fetch may go. The defaults are for addresses that a stranger may have chosen."""

    schemes: tuple[str, ...] = ("https",)
    most: int = 1_000_000
    """Bytes; a longer answer is refused. With 0 the answer itself is not waited for: its status and headers are all."""
    seconds: float = 10.0
    """For all of it: finding the host, connecting, redirects, the whole answer."""
    redirects: int = 3
    accept: str = "*/*"
    post: tuple[str, bytes] | None = None
    """Media type and body of a POST; without, it is a GET."""
    resolver: Resolver = resolve
    is_allowed: Callable[[str], bool] = is_public
    trust: ssl.SSLContext | None = None


STRICT = Rules()


def fetch(url: str, rules: Rules = STRICT) -> Fetched:
    """GETs ``url``, or POSTs to it where the rules say so. Raises Invalid for an address that may not be fetched, Unavailable for whatever goes wrong on the way."""
    ends = time.monotonic() + rules.seconds
    for _ in range(rules.redirects + 1):
        found = _once(url, rules, ends)
        if found.status not in _REDIRECTS or "location" not in found.headers:
            return found
        try:
            url = urljoin(url, found.headers["location"])
        except ValueError:
            raise Invalid(_NOWHERE) from None
    raise Unavailable("That address leads in circles.")


def post(address: str, media_type: str, body: bytes) -> int:
    """Sends something to an address that the settings name, and returns the status."""
    return fetch(address, Rules(redirects=0, post=(media_type, body))).status


def _once(url: str, rules: Rules, ends: float) -> Fetched:
    parts, port = _parts(url, rules)
    address = _checked(parts.hostname or "", port, rules)
    connection = _connection(parts, address, port, rules, ends)
    try:
        return _answer(connection, url, parts, rules, ends)
    except (HTTPError, HTTPException, OSError, ValueError):
        raise Unavailable(f"{parts.hostname} does not answer as it should.") from None
    finally:
        connection.close()


def _parts(url: str, rules: Rules) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Invalid(_NOWHERE) from None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in rules.schemes or not parts.hostname or parts.username is not None or not is_plain:
        raise Invalid(_NOWHERE)
    return parts, port


def _checked(host: str, port: int, rules: Rules) -> str:
    """One address of the host, if all of them may be reached: a host with one foot inside is not trusted at all."""
    addresses = rules.resolver(host, port)
    if not addresses or not all(rules.is_allowed(address) for address in addresses):
        raise Invalid(_NOWHERE)
    return addresses[0]


def _connection(
    parts: SplitResult, address: str, port: int, rules: Rules, ends: float
) -> HTTPConnection | HTTPSConnection:
    left = max(0.01, ends - time.monotonic())
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=left)
    trust = rules.trust or ssl.create_default_context()
    return HTTPSConnection(address, port, timeout=left, server_hostname=parts.hostname, ssl_context=trust)


def _answer(connection: HTTPConnection, url: str, parts: SplitResult, rules: Rules, ends: float) -> Fetched:
    try:
        connection.connect()
    except LocationParseError:
        raise Unavailable(f"{parts.hostname} can't be found.") from None
    line = connection.sock
    assert line is not None
    with cut_after(line, ends - time.monotonic()):
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "Accept": rules.accept, "Accept-Encoding": "identity"}
        method, body = ("POST", rules.post[1]) if rules.post else ("GET", None)
        if rules.post:
            headers["Content-Type"] = rules.post[0]
        connection.request(method, target, body, headers=headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        answer = response.read(rules.most + 1) if rules.most else b""
    if time.monotonic() >= ends:
        raise Unavailable(f"{parts.hostname} took too long.")
    if len(answer) > rules.most:
        raise Unavailable(f"What {parts.hostname} sends is too large.")
    return Fetched(url, response.status, {k.lower(): v for k, v in response.headers.items()}, answer)


@contextmanager
def cut_after(line: socket.socket, seconds: float) -> Iterator[None]:
    """Ends all talk on ``line`` then: a server that drips a byte now and then never runs into a time limit of single reads."""
    watch = threading.Timer(max(0.01, seconds), cut, (line,))
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def cut(line: socket.socket) -> None:
    """Whoever waits for it in another thread finds it at its end."""
    try:
        # Not an encrypted line's own way: that takes the encryption off first, and another thread may be writing.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        line.close()
