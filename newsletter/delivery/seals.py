"""Signatures for what leaves in mails: keyed BLAKE2b (RFC 7693) in hexadecimal, which survives whatever programs do to case and links.

A letter bears several, so one costs about a microsecond; ``hmac`` and what builds on it cost many times that.
"""

from functools import cache
from hashlib import blake2b
from hmac import compare_digest

LENGTH = 64
"""Characters of a whole one. What is signed for several deeds at once gives each deed a slice of its own."""


class Seal:
    """``use`` (16 bytes at most) keeps what is signed for one place from fitting another."""

    def __init__(self, secret: str, use: str) -> None:
        key = blake2b(secret.encode(), person=b"perijove-seal").digest()
        self._begun = blake2b(key=key, person=use.encode(), digest_size=LENGTH // 2)

    def __call__(self, text: str) -> str:
        """``text`` is of ASCII characters."""
        made = self._begun.copy()
        made.update(text.encode())
        return made.hexdigest()


@cache
def seal(secret: str, use: str) -> Seal:
    """The one of this key and use; kept, for a publication has one key."""
    return Seal(secret, use)


def is_same(given: str, own: str) -> bool:
    """In a time that tells nothing, for whatever stands in ``given``."""
    return compare_digest(given.encode("utf-8", "replace"), own.encode())
