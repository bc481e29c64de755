"""What a form must bring while very many sign up at once: the answer to a small puzzle, or half a minute of waiting.

The ticket is made for one address, so that neither a solution nor a wait serves another. Called by the public sign-up doors.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

BITS = 15
"""Leading zero bits of sha256(ticket + nonce): about 33,000 tries, a fifth of a second in a browser."""
WAIT = timedelta(seconds=30)
"""Without scripts, a ticket of this age is as good as a solution."""
VALID = timedelta(hours=1)
LONGEST_NONCE = 40


def ticket(secret: str, address_key: str, at: datetime) -> str:
    return str(_signer(secret).dumps([int(at.timestamp()), _mark(address_key)]))


def passes(secret: str, text: str, nonce: str, address_key: str, at: datetime) -> bool:
    """Whether this is a ticket for this address, made here within the hour, and solved or waited for."""
    age = age_of(secret, text, address_key, at)
    return age is not None and (age >= WAIT or is_solved(text, nonce))


def age_of(secret: str, text: str, address_key: str, at: datetime) -> timedelta | None:
    """None for what is no ticket for this address, or one that is too old."""
    try:
        made: Any = _signer(secret).loads(text)
    except (BadData, UnicodeEncodeError):
        return None
    if not isinstance(made, list) or len(made) != 2 or made[1] != _mark(address_key):
        return None
    age = at - datetime.fromtimestamp(made[0], UTC)
    return age if age <= VALID else None


def is_solved(text: str, nonce: str, bits: int = BITS) -> bool:
    if not nonce or len(nonce) > LONGEST_NONCE:
        return False
    found = int.from_bytes(sha256((text + nonce).encode("utf-8", "replace")).digest(), "big")
    return found >> (256 - bits) == 0


def _mark(address_key: str) -> str:
    return sha256(address_key.encode()).hexdigest()[:16]


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="perijove-proof", signer_kwargs={"digest_method": sha256})
