"""DKIM signatures (RFC 6376, relaxed/relaxed, as RFC 8301 asks; RFC 8463 for Ed25519) for a little more than the bare signature.

Our bodies are written in the relaxed form already, so their hash is a hash of their bytes; the header fields that all readers share are
brought into it once. Nothing here depends on the time, so every copy of a letter bears the same signatures. Called by the composers.
"""

import os
import re
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post",
    b"mime-version", b"content-type", b"auto-submitted",
)  # fmt: skip
ONCE_ONLY = (b"from", b"to", b"subject", b"date")
"""Named once more than they occur: whoever adds a second one breaks the signature (RFC 6376, 8.15)."""
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SPACE = re.compile(rb"[ \t]+")
_PADDING, _HASH = PKCS1v15(), SHA256()


def relaxed(head: bytes) -> tuple[bytes, bytes]:
    """Of header fields: their names as ``h=`` lists them, and what is signed of them."""
    found: dict[bytes, bytes] = {}
    for line in _FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        found[name.strip().lower()] = _SPACE.sub(b" ", value).strip()
    names = [name for name in SIGNED if name in found]
    fields = b"".join(name + b":" + found[name] + b"\r\n" for name in names)
    return b":".join([*names, *ONCE_ONLY]), fields


class Signer:
    """Signs for one domain and those below it, with each of its keys by its selector.

    An RSA signature takes several times as long as all else about a letter, and holds no other thread up: so all cores make them.
    """

    def __init__(self, domain: str, keys: Mapping[str, PrivateKey]) -> None:
        self.domain = domain.casefold()
        self._hands = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="dkim")
        self._pending: deque[Future[bytes]] = deque()
        self._keys = tuple((_begun(self.domain, selector, key), key) for selector, key in keys.items())

    def speaks_for(self, domain: str) -> bool:
        return f".{domain.casefold()}".endswith(f".{self.domain}")

    def soon(self, made: Callable[[], bytes]) -> Callable[[], bytes]:
        """Has ``made``, which comes to ``sign``, called in another thread, and returns what waits for it."""
        future = self._hands.submit(made)
        self._pending.append(future)
        return future.result

    def catch_up(self) -> None:
        """Waits until all that was begun is made."""
        with suppress(IndexError):  # Several senders may share a signer, and wait for each other's.
            while True:
                self._pending.popleft().exception()

    def sign(self, names: bytes, fields: bytes, body: bytes) -> bytes:
        """The header fields to put first. ``names`` and ``fields`` as of ``relaxed``, ``body`` the SHA-256 digest of the body."""
        rest = names + b"; bh=" + b64encode(body) + b"; b="
        return b"".join(self._one(begun + rest, key, fields) for begun, key in self._keys)

    def _one(self, tags: bytes, key: PrivateKey, fields: bytes) -> bytes:
        text = fields + b"dkim-signature:" + tags
        if isinstance(key, RSAPrivateKey):
            made = key.sign(text, _PADDING, _HASH)
        else:
            made = key.sign(sha256(text).digest())
        told = b64encode(made)
        lines = b"\r\n\t".join(told[start : start + 76] for start in range(0, len(told), 76))
        # A line for each tag: the relaxed form has a space where the line breaks.
        return b"DKIM-Signature: " + tags.replace(b"; ", b";\r\n\t") + lines + b"\r\n"


def _begun(domain: str, selector: str, key: PrivateKey) -> bytes:
    kind = "rsa" if isinstance(key, RSAPrivateKey) else "ed25519"
    return f"v=1; a={kind}-sha256; c=relaxed/relaxed; d={domain}; s={selector}; h=".encode()
