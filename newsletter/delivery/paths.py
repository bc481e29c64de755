"""The return path of each letter (VERP): a mail that comes back to it says by its address alone which letter it was.

Composing writes it, what comes back is known by it. It is signed, so that nobody can make up the return of another's letter.
"""

from newsletter.delivery.model import LetterId
from newsletter.delivery.seals import is_same, seal

SIGNATURE = 16
"""Hexadecimal characters: 64 bits that survive servers which change the case of an address."""


def return_path(bounce_address: str, secret: str, letter_id: int) -> str:
    """``bounces+81.0f3a9c5e7d21b604@example.org`` for ``bounces@example.org``."""
    local, _, domain = bounce_address.rpartition("@")
    return f"{local}+{letter_id}.{_own(secret, letter_id)}@{domain}"


def read_return_path(address: str, bounce_address: str, secret: str) -> LetterId | None:
    """The letter whose return path this is; None for any other address, and for a signature that is not ours."""
    ours, _, domain = bounce_address.casefold().rpartition("@")
    local, _, host = address.strip().strip("<>").casefold().rpartition("@")
    mark = local.removeprefix(f"{ours}+")
    if not ours or host != domain or mark == local:
        return None
    number, _, given = mark.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return LetterId(int(number)) if is_same(given, _own(secret, int(number))) else None


def _own(secret: str, letter_id: int) -> str:
    """The Message-ID has what follows."""
    return seal(secret, "letter")(str(letter_id))[:SIGNATURE]
