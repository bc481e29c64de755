"""The return path of each letter (VERP): a mail that comes back to it says by its address alone which letter it was.

Composing writes it, what comes back is known by it. It is signed, so that nobody can make up the return of another's letter.
"""

import base64
import hmac
from hashlib import sha256

from newsletter.delivery.model import LetterId

SIGNATURE = 12
"""Characters of base32, in small letters: 60 bits that survive servers which change the case of an address."""


def return_path(bounce_address: str, secret: str, letter_id: int) -> str:
    """``bounces+81.k3j5m7q2aaaa@example.org`` for ``bounces@example.org``."""
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
    if not (number.isascii() and number.isdigit() and len(number) < 19 and given.isascii()):
        return None
    is_ours = hmac.compare_digest(given.encode(), _own(secret, int(number)).encode())
    return LetterId(int(number)) if is_ours else None


def signature(secret: str, use: str, text: str) -> str:
    """``use`` keeps what is signed for one place from fitting another."""
    made = hmac.new(secret.encode(), f"{use}\0{text}".encode(), sha256).digest()
    return base64.b32encode(made).decode()[:SIGNATURE].lower()


def _own(secret: str, letter_id: int) -> str:
    return signature(secret, "return path", str(letter_id))
