"""The bytes of a mail: headers, two parts, CRLF, seven bits, no line over 998. Called by ``composing``.

A Form is built once for all who get the same words; ``fill`` sets in what is one reader's own, by joining bytes, so that 100,000
letters cost little.
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

_SLOT = re.compile("xx-([a-z0-9-]+?)-of-this-reader-xx")
_SLOT_BYTES = re.compile(_SLOT.pattern.encode())
_CHANGED = re.compile(rb"(?m)^(\.|From )")
"""A line of a lone dot, or one that begins with "From ", is changed by some servers on the way."""
_LINE = b"\r\n"
_BARE = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+", re.ASCII)


@dataclass(frozen=True)
class Words:
    """A mail as its templates wrote it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Personal:
    recipient: str
    message_id: str
    date: datetime
    leave_url: str = ""
    """Empty where there is nothing to leave; then the List-Unsubscribe headers are left out."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """What goes into the text's other slots, by their names."""


class Form:
    """A mail that lacks only what is Personal."""

    def __init__(self, words: Words, sender: str, headers: Mapping[str, str]) -> None:
        boundary = (
            "=_" + sha256(repr(words).encode()).hexdigest()[:24]
        )  # "=_" cannot stand in quoted-printable
        self.sender = _parsed(sender)[1]
        self._head = _head(words.subject, sender, headers)
        self._pieces = _SLOT_BYTES.split(_body(words, boundary))
        """Text, name of a slot, text, name of a slot, … text."""

    def fill(self, personal: Personal) -> bytes:
        """Raises ValueError for an address that could not stand in a header as it is, KeyError for a slot without a value."""
        if not is_bare(personal.recipient):
            raise ValueError("not a bare address")
        head = [
            f"To: {personal.recipient}".encode(),
            f"Date: {format_datetime(personal.date)}".encode(),
            f"Message-ID: {personal.message_id}".encode(),
        ]
        if personal.leave_url:
            head += [
                f"List-Unsubscribe: <{personal.leave_url}>".encode(),
                b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ]
        values = {"leave-link": personal.leave_url, **personal.slots}
        encoded = {name.encode(): _encoded(value) for name, value in values.items()}
        body = [piece if i % 2 == 0 else encoded[piece] for i, piece in enumerate(self._pieces)]
        return _LINE.join([self._head, *head, b"".join(body)])


def slot(name: str) -> str:
    """Stands in texts where something of one reader's own goes. ``name`` is of small letters, digits and hyphens."""
    return f"xx-{name}-of-this-reader-xx"


LEAVE = slot("leave-link")
"""Where the reader's own unsubscribe address goes."""


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


def _body(words: Words, boundary: str) -> bytes:
    lines = [
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"'.encode(),
        b"",
    ]
    for kind, text in (("plain", words.text), ("html", words.html)):
        lines += [b"--" + boundary.encode(), f"Content-Type: text/{kind}; charset=utf-8".encode()]
        lines += [b"Content-Transfer-Encoding: quoted-printable", b"", _encoded_around_slots(text)]
    return _LINE.join([*lines, b"--" + boundary.encode() + b"--", b""])


def _encoded_around_slots(text: str) -> bytes:
    """A slot stands on a line of its own between soft breaks, so that what takes its place starts at column 0."""
    pieces = _SLOT.split(text)
    return b"=\r\n".join(slot(piece).encode() if i % 2 else _encoded(piece) for i, piece in enumerate(pieces))


def _encoded(text: str) -> bytes:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = _CHANGED.sub(lambda m: b"=%02X" % m[1][0] + m[1][1:], b2a_qp(plain.encode()))
    *lines, last = encoded.split(b"\n")
    return _LINE.join([*(_within(76, line) for line in lines), _within(75, last)])


def _within(most: int, line: bytes) -> bytes:
    """The standard library lets the last line run longer, a soft break may follow that one, and a changed beginning adds two."""
    if len(line) <= most:
        return line
    # Not in the middle of a "=C3".
    cut = 73 - next((back for back in (1, 2) if line[73 - back : 74 - back] == b"="), 0)
    return line[:cut] + b"=" + _LINE + _within(most, line[cut:])
