"""Which of our keys sign: those whose record the doctor has seen in the DNS, so that no mail bears a signature nobody can check.

Beside such a key's file lies a ``.seen`` with its record. An examination writes it, or takes it away where the record is gone
(``sighting.py``); every process that composes mail notices within a second.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from blog.settings import Settings
from newsletter.delivery.dkim import PrivateKey, Signer
from newsletter.doctor import keys
from newsletter.doctor.domains import ascii_name
from newsletter.doctor.keys import Key
from newsletter.editions.envelope import domain_of

OFF = "off"
LOOK = 1.0
"""Seconds."""


def signing(settings: Settings) -> tuple[Key, ...]:
    """The keys that sign now."""
    return tuple(filter(is_seen, keys.find(settings))) if settings.dkim_sign != OFF else ()


def is_seen(key: Key) -> bool:
    try:
        return bool(key.record) and key.path.with_suffix(".seen").read_text() == key.record
    except OSError:
        return False


def standing(settings: Settings) -> str:
    """Whether mail is signed, in a sentence."""
    if settings.dkim_sign == OFF:
        return "Perijove does not sign mail (PERIJOVE_DKIM_SIGN is off): your mail server or relay does."
    if selectors := [key.selector for key in signing(settings)]:
        return f"Mail from {domain_of(settings.sender)} is signed with {' and '.join(selectors)}."
    return "Mail is not signed here yet. Make a key, paste its record, and examine: from then on it is."


def keyring(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Callable[[], Signer | None]:
    """Who signs, asked for each letter: looks once a second at most whether anything in the folder of keys has changed."""
    folder = keys.folder_of(settings)
    kept: tuple[float, object, Signer | None] = (-LOOK, None, None)

    def signer() -> Signer | None:
        nonlocal kept
        looked, before, known = kept
        if (now := clock()) - looked >= LOOK:
            state = _state(folder)
            kept = (now, state, known if state == before else _signer(settings))
        return kept[2]

    return signer


def _state(folder: Path) -> object:
    """Differs when a file came, went or was replaced."""
    try:
        return sorted((file.name, file.stat().st_mtime_ns) for file in os.scandir(folder))
    except OSError:
        return None  # No folder yet, or a file went just now: then the next look sees what is left.


def _signer(settings: Settings) -> Signer | None:
    held = {key.selector: _private(key) for key in signing(settings)}
    return Signer(ascii_name(domain_of(settings.sender)), held) if held else None


def _private(key: Key) -> PrivateKey:
    private = load_pem_private_key(key.path.read_bytes(), None)
    assert isinstance(private, PrivateKey)
    return private
