"""Signatures for what leaves in mails: keyed BLAKE2b (RFC 7693) in hexadecimal, which survives whatever programs do to case and links.

A letter bears several, so one costs about a microsecond; ``hmac`` and what builds on it cost many times that.
"""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from hmac import compare_digest

LENGTH = 128
"""Characters of a whole one. What is signed for several deeds at once gives each deed a slice of its own."""
Seal = Callable[[str], str]
"""Signs a text of ASCII characters."""


@cache
def seal(secret: str, use: str) -> Seal:
    """``use`` (16 bytes at most) keeps what is signed for one place from fitting another. Kept, for a publication has one key."""
    key = blake2b(secret.encode(), person=b"perijove-seal").digest()
    begun = blake2b(key=key, person=use.encode(), digest_size=LENGTH // 2)
    # The deeds of a letter ask one after another for the same.
    last: tuple[str | None, str] = (None, "")

    def sign(text: str) -> str:
        nonlocal last
        said, signed = last
        if said != text:
            made = begun.copy()
            made.update(text.encode())
            signed = made.hexdigest()
            last = (text, signed)
        return signed

    return sign


def is_same(given: str, own: str) -> bool:
    """In a time that tells nothing, for whatever stands in ``given``."""
    return compare_digest(given.encode("utf-8", "replace"), own.encode())
