"""Notes beside each of our keys whether its record stands in the DNS, for ``signing.py``. Called by whoever asks for an examination."""

import secrets

from blog.settings import Settings
from newsletter.doctor import dkim, keys
from newsletter.doctor.domains import ascii_name
from newsletter.doctor.keys import Key
from newsletter.doctor.resolver import Resolver
from newsletter.doctor.signing import is_seen, signing
from newsletter.editions.envelope import domain_of


def look(settings: Settings, resolver: Resolver) -> tuple[Key, ...]:
    """Notes which records stand in the DNS now, and returns their keys. Where the DNS is silent, what was noted stays."""
    domain = ascii_name(domain_of(settings.sender))
    for key in keys.find(settings):
        answer = resolver.ask(dkim.name_of(key.selector, domain), "TXT")
        if answer.is_silent or not key.record:
            continue
        stands = len(answer.values) == 1 and dkim.is_of(answer.values[0], key)
        note = key.path.with_suffix(".seen")
        if stands and not is_seen(key):
            fresh = note.with_suffix(f".{secrets.token_hex(4)}")
            fresh.write_text(key.record)
            fresh.replace(note)
        elif not stands:
            note.unlink(missing_ok=True)
    return signing(settings)
