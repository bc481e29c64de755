"""What a link in a mail says of itself: which story of which letter, in which place, for whom. Signed, so that nobody can make one up.

Composers put it behind a story's address as ``?via=<mark>``; the site's script hands it back to the post office.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
KINDS = {"digest": "d", "story": "s"}
LETTERS = {letter: kind for kind, letter in KINDS.items()}
SIGNATURE = 10
"""Characters of base32: 50 bits, for something that is worth nothing to forge."""
LONGEST = 80
_SHAPE = re.compile(
    rf"([ds])([0-9a-z]{{1,13}})-([0-9a-z]{{1,13}})-([0-9a-z]{{1,4}})-([0-9a-z]{{1,13}})-([a-z2-7]{{{SIGNATURE}}})"
)


@dataclass(frozen=True)
class Mark:
    kind: str
    """The kind of letter: digest or story."""
    edition_id: int
    """0 where the letter was a story sent at once."""
    post_id: int
    """0 where it stands for the whole letter."""
    slot: int
    """1 for the first story of that letter, and so on; 0 where it has no place."""
    reader_id: int
    """0 is nobody: the mail's copy on the web, or a reader who does not want to be counted."""


def mark(
    secret: str, edition_id: int, post_id: int, slot: int, reader_id: int, *, kind: str = "digest"
) -> str:
    """About 20 to 35 characters of a–z, 0–9 and hyphens. Making it twice gives the same."""
    numbers = "-".join(_base36(number) for number in (edition_id, post_id, slot, reader_id))
    text = KINDS[kind] + numbers
    return f"{text}-{_signature(secret, text)}"


def read_mark(secret: str, text: str) -> Mark | None:
    """None for whatever was not made by :func:`mark` with this secret."""
    text = text.strip().lower()
    found = _SHAPE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    letter, *numbers, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(secret, text[: -SIGNATURE - 1])):
        return None
    edition_id, post_id, slot, reader_id = (int(number, 36) for number in numbers)
    return Mark(LETTERS[letter], edition_id, post_id, slot, reader_id)


def _signature(secret: str, text: str) -> str:
    made = hmac.digest(secret.encode(), b"perijove-mark " + text.encode(), sha256)
    return b32encode(made)[:SIGNATURE].decode().lower()


def _base36(number: int) -> str:
    signs = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        signs = SIGNS[rest] + signs
    return SIGNS[number] + signs
