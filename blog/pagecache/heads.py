"""The head of a plain request, read off the wire. Called by ``front`` for every request, so what was read once is remembered.

It understands very little and says so: whatever is not a lone GET or HEAD with a few well-formed lines (RFC 9112) is None, and is
left to the server's own parser.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from blog.pagecache.keys import key_of

LONGEST = 4096
"""Bytes; browsers send some 700."""
_HEAD = re.compile(
    rb"(GET|HEAD) (/(?!/)[!$&-;=?-Z_a-z~]*+) HTTP/1\.1((?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t -~]*+)++)\r\n\r\n"
)
"""Method, target without escapes, lines. Only ASCII, and no line goes on in the next."""
_MORE = frozenset((
    b"authorization", b"content-length", b"cookie", b"expect", b"if-match", b"if-modified-since", b"if-range", b"if-unmodified-since",
    b"proxy-authorization", b"range", b"trailer", b"transfer-encoding", b"upgrade",
))  # fmt: skip
"""Who sends one of these wants more than a ready page."""
_HOST = re.compile(rb"[0-9A-Za-z.:\[\]-]+")


class Asked(NamedTuple):
    key: str
    encodings: str
    """Accept-Encoding."""
    tags: str
    """If-None-Match."""
    is_head: bool


def read(data: bytes) -> Asked | None:
    """None where ``data`` is anything but one whole head that a ready page may answer."""
    if len(data) > LONGEST or b"\nCookie:" in data or b"\ncookie:" in data:
        return None
    return _read(data)


@lru_cache(maxsize=2048)
def _read(data: bytes) -> Asked | None:
    whole = _HEAD.fullmatch(data)
    if whole is None:
        return None
    method, target, lines = whole.groups()
    said: dict[bytes, bytes] = {}
    for line in lines.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        said[name.lower()] = value.strip()
    if len(said) < lines.count(b"\n") or not _MORE.isdisjoint(said):
        return None  # Something is said twice, or more is said than we understand.
    if (
        not _HOST.fullmatch(said.get(b"host", b""))
        or said.get(b"connection", b"keep-alive").lower() != b"keep-alive"
    ):
        return None
    path, _, query = target.decode("ascii").partition("?")
    accepts = said.get(b"accept", b"").decode("ascii")
    is_head = method == b"HEAD"
    key = key_of({"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_ACCEPT": accepts})
    if key is None:
        return None
    encodings, tags = (said.get(name, b"").decode("ascii") for name in (b"accept-encoding", b"if-none-match"))
    return Asked(key, encodings, tags, is_head)
