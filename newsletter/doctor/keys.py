"""DKIM keys: makes them, and finds those that were made. The private part stays in its file; only the record leaves this room."""

import base64
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from blog.refusals import Conflict, Unavailable
from blog.settings import Settings

BITS = 2048
SUFFIX = "-ed25519"
"""Behind the selector of the second, shorter kind of key."""


class Kind(StrEnum):
    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True)
class Key:
    """The public side of a key file."""

    selector: str
    kind: Kind
    record: str
    """What the TXT record says; empty where the file cannot be read."""
    path: Path


def make(folder: Path, selector: str, kind: Kind) -> Key:
    """Writes ``<folder>/<selector>.pem``, readable by its owner only. Raises Conflict where that file is there already."""
    path = folder / f"{selector}.pem"
    fresh = folder / f".{selector}.{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            raise FileExistsError
        private = generate(kind)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            # A link is refused where the name exists, so nothing is ever overwritten, not even in the same moment.
            os.link(fresh, path)
        finally:
            fresh.unlink()
    except FileExistsError:
        raise Conflict(
            f"There is a key for the selector {selector} already. A key is never overwritten."
        ) from None
    except OSError as error:
        raise Unavailable(f"The key could not be written: {error.strerror}.") from None
    return Key(selector, kind, record_of(private.public_key()), path)


def make_for(settings: Settings, kind: Kind) -> Key:
    return make(folder_of(settings), settings.dkim_selector + SUFFIX * (kind is Kind.ED25519), kind)


def find(settings: Settings) -> tuple[Key, ...]:
    """Those of the selector that is set: RSA first, Ed25519 second."""
    names = ((settings.dkim_selector, Kind.RSA), (settings.dkim_selector + SUFFIX, Kind.ED25519))
    paths = ((folder_of(settings) / f"{name}.pem", name, kind) for name, kind in names)
    return tuple(_read(path, name, kind) for path, name, kind in paths if path.is_file())


def folder_of(settings: Settings) -> Path:
    return settings.data / "dkim"


def generate(kind: Kind) -> RSAPrivateKey | Ed25519PrivateKey:
    """Without a file."""
    return Ed25519PrivateKey.generate() if kind is Kind.ED25519 else generate_private_key(65537, BITS)


def record_of(public: RSAPublicKey | Ed25519PublicKey) -> str:
    """RFC 6376, 3.6.1 for RSA; RFC 8463, 4 for Ed25519, whose record holds the bare 32 octets."""
    if isinstance(public, RSAPublicKey):
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"


def _read(path: Path, selector: str, kind: Kind) -> Key:
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return Key(selector, kind, "", path)
    if isinstance(private, RSAPrivateKey):
        return Key(selector, Kind.RSA, record_of(private.public_key()), path)
    if isinstance(private, Ed25519PrivateKey):
        return Key(selector, Kind.ED25519, record_of(private.public_key()), path)
    return Key(selector, kind, "", path)
