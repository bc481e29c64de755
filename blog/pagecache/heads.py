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
    rb"(GET|HEAD) (/[!$&-;=?-Z_a-z~]*) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+)\r\n"
)
"""Method, target without escapes, lines. Only ASCII, and no line goes on in the next."""
_HOST = re.compile(r"[0-9A-Za-z.:\[\]-]+")
_OURS = {"accept", "accept-encoding", "if-none-match"}
"""What chooses the answer; said twice, it is the application's business."""
_MORE = {
    "authorization", "content-length", "cookie", "expect", "if-match", "if-modified-since", "if-range", "if-unmodified-since",
    "proxy-authorization", "range", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
"""Who sends one of these wants more than a ready page."""


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
    method, target, lines = (part.decode("ascii") for part in whole.groups())
    if target.startswith("//"):
        return None
    said: dict[str, str] = {}
    for line in lines.splitlines():
        name, _, value = line.partition(":")
        name = name.lower()
        if name in _MORE or (name in said and name in (*_OURS, "host", "connection")):
            return None
        said[name] = value.strip()
    if (
        not _HOST.fullmatch(said.get("host", ""))
        or said.get("connection", "keep-alive").lower() != "keep-alive"
    ):
        return None
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_ACCEPT": said.get("accept", ""),
    }
    key = key_of(environ)
    if key is None:
        return None
    return Asked(key, said.get("accept-encoding", ""), said.get("if-none-match", ""), method == "HEAD")
