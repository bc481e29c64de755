"""SMTP's commands and texts in bytes (RFC 5321; SIZE: 1870, CHUNKING: 3030, 8BITMIME: 6152, SMTPUTF8: 6531). Used by ``pipelining``, by ``smtp`` for texts."""

import re
from dataclasses import dataclass

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.verdicts import Answer, Phase


@dataclass(frozen=True)
class Terms:
    """What the server offered in its answer to EHLO, as far as letters are concerned."""

    pipelining: bool = False
    chunking: bool = False
    size: bool = False
    eight_bit: bool = False
    utf8: bool = False


class CannotBeWritten(Exception):
    """This letter cannot be put into SMTP's words for this server; nothing was sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reply)
        self.answer = answer


def envelope(parcel: Parcel, message: bytes, terms: Terms) -> tuple[bytes, bytes]:
    """MAIL and RCPT; ``message`` is the parcel's, which may be costly to ask for twice. Raises CannotBeWritten."""
    sender, recipient = parcel.sender, parcel.recipient
    options = b" SIZE=%d" % len(message) if terms.size else b""
    if not (parcel.tidy or _are_plain(sender + recipient)):
        options += _wide(sender, recipient, terms)
    if terms.eight_bit and not parcel.tidy and not message.isascii():
        options += b" BODY=8BITMIME"
    mail = b"MAIL FROM:<%b>%b\r\n" % (sender.encode(), options)
    return mail, b"RCPT TO:<%b>\r\n" % recipient.encode()


def dotted(message: bytes, tidy: bool) -> tuple[bytes, bytes]:
    """The text as it follows DATA, in pieces."""
    return (message, b".\r\n") if tidy else (wire_form(message), b"")


def chunked(message: bytes, tidy: bool) -> tuple[bytes, bytes]:
    """The text behind its BDAT: no dot is doubled."""
    message = message if tidy else with_crlf(message)
    return b"BDAT %d LAST\r\n" % len(message), message


def wire_form(message: bytes) -> bytes:
    """CRLF everywhere, dots doubled at the start of a line, the final dot at the end (RFC 5321, 4.5.2)."""
    message = with_crlf(message).replace(b"\r\n.", b"\r\n..")
    return (b"." if message.startswith(b".") else b"") + message + b".\r\n"


def with_crlf(message: bytes) -> bytes:
    """CRLF everywhere, and at the end (RFC 5321, 2.3.8)."""
    ends = message.count(b"\r\n")
    if message.count(b"\n") != ends or message.count(b"\r") != ends:
        message = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _are_plain(addresses: str) -> bool:
    return (
        addresses.isascii()
        and addresses.isprintable()
        and " " not in addresses
        and "<" not in addresses
        and ">" not in addresses
    )


def _wide(sender: str, recipient: str, terms: Terms) -> bytes:
    """Addresses beyond ASCII need SMTPUTF8; with other characters one could smuggle in commands."""
    for address, whose in (sender, Phase.SENDER), (recipient, Phase.RECIPIENT):
        if any(c.isspace() or c in "<>\x7f" or c < " " or "\ud800" <= c <= "\udfff" for c in address):
            raise CannotBeWritten(Answer(whose, 553, "5.1.3 This cannot be written in SMTP."))
        if not address.isascii() and not terms.utf8:
            words = "5.1.3 The mail server cannot write to an address outside ASCII."
            raise CannotBeWritten(Answer(whose, 553, words))
    return b"" if sender.isascii() and recipient.isascii() else b" SMTPUTF8"
