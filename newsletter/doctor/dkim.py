"""The check of DKIM: the record under our selector can be read, is long enough, and belongs to our key (RFC 6376, 8301, 8463)."""

import base64
import binascii
import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.doctor import keys
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Check, Finding, Health, Record, shown
from newsletter.doctor.keys import Key
from newsletter.doctor.resolver import Answer, Resolver
from newsletter.doctor.route import Way

LEAST, ADVISED = 1024, 2048
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)


@dataclass(frozen=True)
class DkimRecord:
    kind: str
    key: bytes
    fault: str = ""
    is_testing: bool = False


def examine(case: Case, resolver: Resolver) -> tuple[Finding, ...]:
    """One finding for the selector that is set, and one for an Ed25519 key beside it where we made one."""
    first = _look(case, resolver, case.selector)
    beside = [key for key in case.keys if key.selector != case.selector]
    return (first, *(_look(case, resolver, key.selector) for key in beside))


def is_published(case: Case, resolver: Resolver) -> bool:
    """Whether a readable key of the From domain stands under our selector."""
    texts = _ask(case, resolver, case.selector).values
    return len(texts) == 1 and not read(texts[0]).fault


def is_of(text: str, key: Key) -> bool:
    """Whether the record ``text`` can be used and holds the public part of this very key."""
    record = read(text)
    return not record.fault and record.key == read(key.record).key


def name_of(selector: str, domain: str) -> str:
    return f"{selector}._domainkey.{domain}"


def read(text: str) -> DkimRecord:
    """Never raises: what cannot be read is a fault, the end of a sentence."""
    tags: dict[str, str] = {}
    for number, part in enumerate(text.strip().rstrip(";").split(";")):
        found = _TAG.fullmatch(part)
        if not found:
            return DkimRecord("", b"", f"“{shown(part.strip())[:40]}” is not written as tag=value")
        name, value = found[1], found[2].strip()
        if name in tags:
            return DkimRecord("", b"", f"“{name}=” stands in it twice")
        if name == "v" and (number or value != "DKIM1"):
            return DkimRecord("", b"", "it must begin with “v=DKIM1”")
        tags[name] = value
    return _from_tags(tags)


def _from_tags(tags: dict[str, str]) -> DkimRecord:
    kind = tags.get("k", "rsa").lower()
    hashes, services = (
        re.split(r"\s*:\s*", tags.get(name, often)) for name, often in (("h", "sha256"), ("s", "*"))
    )
    if "p" not in tags:
        return DkimRecord(kind, b"", "it holds no key (“p=”)")
    if kind not in ("rsa", "ed25519"):
        return DkimRecord(kind, b"", f"“k={shown(kind)[:20]}” is no kind of key that receivers know")
    if "sha256" not in hashes or not {"*", "email"} & set(services):
        return DkimRecord(kind, b"", "it does not admit mail signed with SHA-256")
    try:
        key = base64.b64decode("".join(tags["p"].split()), validate=True)
    except (binascii.Error, ValueError):
        return DkimRecord(kind, b"", "its key is not whole; perhaps a part was lost in pasting")
    fault = "" if key else "its key is empty, which means that it was revoked"
    return DkimRecord(kind, key, fault, "y" in re.split(r"\s*:\s*", tags.get("t", "")))


def _look(case: Case, resolver: Resolver, selector: str) -> Finding:
    answer = _ask(case, resolver, selector)
    ours = next((key for key in case.keys if key.selector == selector and key.record), None)
    name = name_of(selector, case.domain)
    paste = (Record(name, "TXT", ours.record),) if ours else ()
    told = tuple(map(shown, answer.values))
    if answer.is_silent:
        return _say(Health.UNKNOWN, f"The DNS did not answer for {name}. Examine again later.")
    if not answer.values:
        return _none(case, selector, paste)
    if len(answer.values) > 1:
        return _say(Health.FAIL, f"{name} has {len(answer.values)} records. Keep one.", told, paste)
    record = read(answer.values[0])
    if record.fault:
        return _say(
            Health.FAIL, f"The record of the selector {selector} cannot be used: {record.fault}.", told, paste
        )
    return _judged(selector, record, ours, told, paste)


def _none(case: Case, selector: str, paste: tuple[Record, ...]) -> Finding:
    if paste:
        return _say(
            Health.FAIL,
            f"Your key for the selector {selector} is not in the DNS yet. Paste this record.",
            paste=paste,
        )
    if case.route.way is Way.RELAY:
        return _say(
            Health.UNKNOWN,
            f"There is no record under the selector {selector}. If the relay signs for you, ask for its selector and set PERIJOVE_DKIM_SELECTOR; otherwise make a key.",
        )
    return _say(
        Health.FAIL,
        f"There is no record under the selector {selector}. Make a key, or set PERIJOVE_DKIM_SELECTOR to the one your mail server signs with.",
    )


def _judged(
    selector: str, record: DkimRecord, ours: Key | None, told: tuple[str, ...], paste: tuple[Record, ...]
) -> Finding:
    bits = _bits(record)
    if not bits or bits < LEAST and record.kind == "rsa":
        short = f"has {bits} bits, and receivers ask for {LEAST} at least" if bits else "cannot be read"
        return _say(Health.FAIL, f"The key of the selector {selector} {short}.", told, paste)
    if ours and read(ours.record).key != record.key:
        return _say(
            Health.FAIL,
            f"The DNS holds another key than {ours.path.name}. Paste this record, or sign with the key that belongs to the other.",
            told,
            paste,
        )
    if record.is_testing:
        return _say(
            Health.WARN,
            "The record says “t=y”: receivers treat the signature as a trial. Take that out.",
            told,
        )
    if record.kind == "rsa" and bits < ADVISED:
        return _say(Health.WARN, f"The key has {bits} bits. It works; {ADVISED} are advised.", told)
    if record.kind == "ed25519" and not selector.endswith(keys.SUFFIX):
        return _say(
            Health.WARN,
            "Only an Ed25519 key: many receivers cannot read that kind. Sign with an RSA key as well.",
            told,
        )
    whose = "and is the one made here" if ours else "; whether your mail server signs with it we cannot see"
    return _say(
        Health.OK, f"The key of the selector {selector} has {bits} bits{' ' * bool(ours)}{whose}.", told
    )


def _bits(record: DkimRecord) -> int:
    """0 where it is no key."""
    if record.kind == "ed25519":
        return 256 if len(record.key) == 32 else 0
    try:
        public = load_der_public_key(record.key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return 0
    return public.key_size if isinstance(public, RSAPublicKey) else 0


def _ask(case: Case, resolver: Resolver, selector: str) -> Answer:
    return resolver.ask(name_of(selector, case.domain), "TXT")


def _say(
    health: Health, sentence: str, found: tuple[str, ...] = (), paste: tuple[Record, ...] = ()
) -> Finding:
    return Finding(Check.DKIM, health, sentence, found, paste)
