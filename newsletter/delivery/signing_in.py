"""Ways to sign in to a mail server (RFC 4954). Each is a generator: it yields the AUTH line, then an answer to every challenge it is sent."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Generator

Mechanism = Callable[[str, str], Generator[str, str, None]]


def mechanisms(offered: str, forced: str) -> list[Mechanism]:
    """The one that the settings force, else what the server offers, best first. ``offered`` as EHLO writes it."""
    if forced:
        return [_ALL[forced.upper()]]
    names = offered.upper().split()
    return [_ALL[name] for name in ("CRAM-MD5", "PLAIN", "LOGIN") if name in names]


def _plain(user: str, password: str) -> Generator[str, str, None]:
    """RFC 4616."""
    secret = _armoured(f"\0{user}\0{password}".encode())
    yield f"AUTH PLAIN {secret}"
    yield secret  # asked for once more, by servers that do not read the first line to its end
    yield from _giving_up()


def _login(user: str, password: str) -> Generator[str, str, None]:
    """Never standardised; the challenges say "Username:" and "Password:"."""
    yield "AUTH LOGIN"
    yield _armoured(user.encode())
    yield _armoured(password.encode())
    yield from _giving_up()


def _cram_md5(user: str, password: str) -> Generator[str, str, None]:
    """RFC 2195: the password itself never travels."""
    challenge = yield "AUTH CRAM-MD5"
    try:
        words = base64.b64decode(challenge, validate=True)
    except binascii.Error:
        yield from _giving_up()
        return
    proof = hmac.new(password.encode(), words, hashlib.md5).hexdigest()
    yield _armoured(f"{user} {proof}".encode())
    yield from _giving_up()


def _xoauth2(user: str, token: str) -> Generator[str, str, None]:
    """Google's and Microsoft's: a bearer token in the password's place. A challenge tells what is wrong; an empty line takes note of it."""
    yield "AUTH XOAUTH2 " + _armoured(f"user={user}\x01auth=Bearer {token}\x01\x01".encode())
    yield ""
    yield from _giving_up()


def _giving_up() -> Generator[str, str, None]:
    while True:
        yield "*"


def _armoured(words: bytes) -> str:
    return base64.b64encode(words).decode()


_ALL: dict[str, Mechanism] = {"CRAM-MD5": _cram_md5, "PLAIN": _plain, "LOGIN": _login, "XOAUTH2": _xoauth2}
WAYS = tuple(name.lower() for name in _ALL)
"""What ``auth`` may say."""
