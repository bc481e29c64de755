"""The bytes of a mail: headers, two parts, CRLF, seven bits, no line over 998. Called by the composers.

A Form is built once for all who get the same words; ``fill`` sets in what is one reader's own, by joining bytes, so that 100,000
letters cost little.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from hashlib import sha256
from operator import itemgetter

from newsletter.editions.quoting import SOFT, quoted

Own = Mapping[str, bytes]
"""What goes into a mail's slots, by their names: at most 75 letters, digits, dots and hyphens, a letter or digit first. In the head
also ``to``, ``date`` and ``message-id``.
"""
_SLOT = re.compile("xx-([a-z0-9-]+?)-of-this-reader-xx")
_SLOT_BYTES = re.compile(_SLOT.pattern.encode())
_LINE = b"\r\n"
_BARE = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+", re.ASCII)


@dataclass(frozen=True)
class Words:
    """A mail as its templates wrote it."""

    subject: str
    text: str
    html: str


class Form:
    """A mail that lacks only what is one reader's own.

    ``leave_url`` is the address for leaving, with a slot in it; empty where there is nothing to leave: then the List-Unsubscribe
    headers are left out.
    """

    def __init__(self, words: Words, sender: str, headers: Mapping[str, str], leave_url: str = "") -> None:
        boundary = (
            "=_" + sha256(repr(words).encode()).hexdigest()[:24]
        )  # "=_" cannot stand in quoted-printable
        self.sender = _parsed(sender)[1]
        self.domain = self.sender.rpartition("@")[2] or "localhost"
        head = _head(words.subject, sender, headers) + _LINE + _own_head(leave_url)
        pieces = _SLOT_BYTES.split(head + _body(words, boundary))
        # Text, name of a slot, text, name of a slot, … text: each name once, so that filling is but a choice and a join.
        names = list(dict.fromkeys(name.decode() for name in pieces[1::2]))
        self._names = itemgetter(*names)
        self._texts = tuple(pieces[::2])
        self._order = itemgetter(
            *(names.index(piece.decode()) if i % 2 else len(names) + i // 2 for i, piece in enumerate(pieces))
        )

    def fill(self, own: Own) -> Callable[[], bytes]:
        """What joins the mail when it is asked to. Raises KeyError for a slot without a value."""
        return partial(self._join, self._names(own))

    def _join(self, values: tuple[bytes, ...]) -> bytes:
        return b"".join(self._order(values + self._texts))


def slot(name: str) -> str:
    """Stands in texts where something of one reader's own goes. ``name`` is of small letters, digits and hyphens."""
    return f"xx-{name}-of-this-reader-xx"


def is_bare(address: str) -> bool:
    """Printable ASCII around one @, without spaces or angle brackets: nothing that could begin another header."""
    return bool(_BARE.fullmatch(address)) and len(address) <= 254


def domain_of(sender: str) -> str:
    return _parsed(sender)[1].rpartition("@")[2] or "localhost"


def _parsed(sender: str) -> tuple[str, str]:
    """``Name <address>`` as an operator writes it: unlike the standard library's reading, the name may hold a comma."""
    name, bracket, rest = sender.rpartition("<")
    return (" ".join(name.strip(' "').split()), rest.strip("> ")) if bracket else ("", sender.strip())


def _head(subject: str, sender: str, headers: Mapping[str, str]) -> bytes:
    name, address = _parsed(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["Subject"] = " ".join(subject.split())
    for header, value in headers.items():
        message[header] = value
    return message.as_bytes().rstrip(_LINE)


def _own_head(leave_url: str) -> bytes:
    lines = [f"To: {slot('to')}", f"Date: {slot('date')}", f"Message-ID: {slot('message-id')}"]
    if leave_url:
        lines += [f"List-Unsubscribe: <{leave_url}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _body(words: Words, boundary: str) -> bytes:
    lines = [
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"'.encode(),
        b"",
    ]
    for kind, text in (("plain", words.text), ("html", words.html)):
        lines += [b"--" + boundary.encode(), f"Content-Type: text/{kind}; charset=utf-8".encode()]
        lines += [b"Content-Transfer-Encoding: quoted-printable", b"", _around_slots(text)]
    return _LINE.join([*lines, b"--" + boundary.encode() + b"--", b""])


def _around_slots(text: str) -> bytes:
    """A slot stands on a line of its own between soft breaks, so that what takes its place needs no look at its length."""
    pieces = _SLOT.split(text)
    return SOFT.join(slot(piece).encode() if i % 2 else quoted(piece) for i, piece in enumerate(pieces))
