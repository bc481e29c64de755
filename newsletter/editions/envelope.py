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
from functools import cached_property, partial
from hashlib import sha256
from operator import itemgetter

from newsletter.delivery.dkim import Signer, relaxed
from newsletter.editions.quoting import SOFT, quoted

Own = Mapping[str, bytes]
"""What goes into a mail's slots, by their names: at most 75 letters, digits, dots and hyphens, a letter or digit first. In the head
also ``to``, ``date`` and ``message-id``.
"""
_SLOT = re.compile("xx-([a-z0-9-]+?)-of-this-reader-xx")
_SLOT_BYTES = re.compile(_SLOT.pattern.encode())
_LINE = b"\r\n"
is_bare = re.compile(r"(?=.{,254}\Z)[!-;=?A-~]+@[!-;=?A-~]+").fullmatch
"""Whether an address is printable ASCII around one @, without spaces or angle brackets: nothing that could begin another header."""


@dataclass(frozen=True)
class Words:
    """A mail as its templates wrote it."""

    subject: str
    text: str
    html: str


class Pieces:
    """A text with slots, cut at them, so that filling is but a choice and a join."""

    def __init__(self, text: bytes) -> None:
        # Text, name of a slot, text, name of a slot, … text.
        pieces = _SLOT_BYTES.split(text)
        self.names = list(dict.fromkeys(name.decode() for name in pieces[1::2]))
        self._texts = (*pieces[::2], b"")
        places = {name: place for place, name in enumerate(self.names)}
        order = (places[piece.decode()] if i % 2 else len(places) + i // 2 for i, piece in enumerate(pieces))
        # The empty text at the end: of a single thing an itemgetter makes no tuple.
        self._chosen = itemgetter(*order, len(places) + len(self._texts) - 1)

    def join(self, values: tuple[bytes, ...]) -> bytes:
        """``values`` in the order of ``names``."""
        return b"".join(self._chosen(values + self._texts))


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
        self._head = _head(words.subject, sender, headers) + _LINE + _own_head(leave_url, boundary)
        self._body = _body(words, boundary)
        self._whole = Pieces(self._head + _LINE + self._body)
        self.slots = frozenset(self._whole.names)
        self._names = itemgetter(*self._whole.names)

    def fill(self, own: dict[str, bytes], signer: Signer | None = None) -> Callable[[], bytes]:
        """What joins the mail when it is asked to; ``own`` is what goes into its slots. Raises KeyError for a slot without a value.

        It waits for its signature, unless the signer was given the time to ``catch_up``.
        """
        whole = partial(self._whole.join, self._names(own))
        return (
            partial(_signed, signer.soon(partial(self._signing.sign, own, signer)), whole)
            if signer
            else whole
        )

    @cached_property
    def _signing(self) -> "_Signing":
        return _Signing(self._head, self._body)


def _signed(signature: Callable[[], bytes], whole: Callable[[], bytes]) -> bytes:
    return signature() + whole()


class _Signing:
    """What is signed of a mail, with its slots: prepared once for all who get the same words."""

    def __init__(self, head: bytes, body: bytes) -> None:
        self._listed, fields = relaxed(head)
        first = _SLOT_BYTES.split(body, maxsplit=1)[0]
        self._begun = sha256(first)
        self._fields, self._rest = Pieces(fields), Pieces(body[len(first) :])

    def sign(self, own: Own, signer: Signer) -> bytes:
        fields, rest = (
            pieces.join(tuple(own[name] for name in pieces.names)) for pieces in (self._fields, self._rest)
        )
        body = self._begun.copy()
        body.update(rest)
        return signer.sign(self._listed, fields, body.digest())


def slot(name: str) -> str:
    """Stands in texts where something of one reader's own goes. ``name`` is of small letters, digits and hyphens."""
    return f"xx-{name}-of-this-reader-xx"


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


def _own_head(leave_url: str, boundary: str) -> bytes:
    lines = [f"To: {slot('to')}", f"Date: {slot('date')}", f"Message-ID: {slot('message-id')}"]
    if leave_url:
        lines += [f"List-Unsubscribe: <{leave_url}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"']
    return "".join(f"{line}\r\n" for line in lines).encode()


def _body(words: Words, boundary: str) -> bytes:
    lines: list[bytes] = []
    for kind, text in (("plain", words.text), ("html", words.html)):
        lines += [b"--" + boundary.encode(), f"Content-Type: text/{kind}; charset=utf-8".encode()]
        lines += [b"Content-Transfer-Encoding: quoted-printable", b"", _around_slots(text)]
    return _LINE.join([*lines, b"--" + boundary.encode() + b"--", b""])


def _around_slots(text: str) -> bytes:
    """A slot stands on a line of its own between soft breaks, so that what takes its place needs no look at its length."""
    pieces = _SLOT.split(text)
    return SOFT.join(slot(piece).encode() if i % 2 else quoted(piece) for i, piece in enumerate(pieces))
