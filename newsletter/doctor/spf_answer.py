"""What a receiver would say of a mail from one address: the evaluation of RFC 7208, section 4 and 5, with macros (section 7)."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from newsletter.doctor import spf_record
from newsletter.doctor.resolver import Resolver, addresses
from newsletter.doctor.spf_record import LOOKS_UP, SpfRecord, Term
from newsletter.doctor.spf_tree import MOST_LOOKUPS, MOST_VOID, records_at

_MACRO = re.compile(r"%(?:\{([slodivhSLODIVH])(\d*)(r?)([.\-+,/_=]*)\}|([%_\-]))")
_OTHERS = {"%": "%", "_": " ", "-": "%20"}


class Result(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    BROKEN = "permerror"
    SILENT = "temperror"


SIGNS = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


@dataclass
class Visit:
    """One mail that arrives from ``address`` with a return path of ``sender``, and what its check has used up."""

    resolver: Resolver
    address: str
    sender: str
    lookups: int = 0
    void: int = 0


class Stopped(Exception):
    """The check ends at once with this result."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


def evaluate(resolver: Resolver, domain: str, address: str) -> Result:
    """``address`` is one that :mod:`ipaddress` reads."""
    try:
        return _check(Visit(resolver, address, f"postmaster@{domain}"), domain)
    except Stopped as stopped:
        return stopped.result


def _check(visit: Visit, domain: str) -> Result:
    answer, found = records_at(visit.resolver, domain)
    if answer.is_silent:
        raise Stopped(Result.SILENT)
    if len(found) > 1:
        raise Stopped(Result.BROKEN)
    if not found:
        return Result.NONE
    record = spf_record.read(found[0])
    if record.faults:
        raise Stopped(Result.BROKEN)
    return _by_terms(visit, domain, record)


def _by_terms(visit: Visit, domain: str, record: SpfRecord) -> Result:
    for term in record.terms:
        if term.name != "redirect" and _matches(visit, domain, term):
            return SIGNS[term.qualifier]
    onward = record.find("redirect")
    if onward is None:
        return Result.NEUTRAL
    _spend(visit)
    result = _check(visit, _target(visit, domain, onward))
    if result is Result.NONE:
        raise Stopped(Result.BROKEN)
    return result


def _matches(visit: Visit, domain: str, term: Term) -> bool:
    if term.name == "all":
        return True
    if term.name in LOOKS_UP:
        _spend(visit)
    if term.name in ("ip4", "ip6"):
        return ipaddress.ip_address(visit.address) in ipaddress.ip_network(term.value, strict=False)
    target = _target(visit, domain, term)
    if term.name == "include":
        result = _check(visit, target)
        if result is Result.NONE:
            raise Stopped(Result.BROKEN)
        return result is Result.PASS
    if term.name == "exists":
        return bool(_ask(visit, target, "A"))
    if term.name == "mx":
        hosts = [row.split(" ")[-1] for row in _ask(visit, target, "MX")][:10]
        return any(
            _covers(term, address, visit) for host in hosts for address in addresses(visit.resolver, host)
        )
    # "ptr" is left unmatched: receivers skip it, and nobody should lean on it (5.5).
    is_six = ":" in visit.address
    return term.name == "a" and any(
        _covers(term, address, visit) for address in _ask(visit, target, "AAAA" if is_six else "A")
    )


def _covers(term: Term, address: str, visit: Visit) -> bool:
    seen, given = ipaddress.ip_address(visit.address), ipaddress.ip_address(address)
    bits = term.bits4 if given.version == 4 else term.bits6
    return seen.version == given.version and seen in ipaddress.ip_network(f"{address}/{bits}", strict=False)


def _ask(visit: Visit, name: str, kind: str) -> tuple[str, ...]:
    answer = visit.resolver.ask(name, kind)
    if answer.is_silent:
        raise Stopped(Result.SILENT)
    if not answer.values:
        visit.void += 1
        if visit.void > MOST_VOID:
            raise Stopped(Result.BROKEN)
    return answer.values


def _spend(visit: Visit) -> None:
    visit.lookups += 1
    if visit.lookups > MOST_LOOKUPS:
        raise Stopped(Result.BROKEN)


def _target(visit: Visit, domain: str, term: Term) -> str:
    return _MACRO.sub(lambda found: _expanded(found, visit, domain), term.value) if term.value else domain


def _expanded(found: re.Match[str], visit: Visit, domain: str) -> str:
    if found[5]:
        return _OTHERS[found[5]]
    local, _, own = visit.sender.partition("@")
    address = ipaddress.ip_address(visit.address)
    value = {
        "s": visit.sender, "l": local, "o": own, "d": domain, "h": domain,
        "i": str(address) if address.version == 4 else ".".join(address.exploded.replace(":", "")),
        "v": "in-addr" if address.version == 4 else "ip6",
    }[found[1].lower()]  # fmt: skip
    parts = re.split(f"[{re.escape(found[4] or '.')}]", value)
    if found[3]:
        parts.reverse()
    kept = ".".join(parts[-int(found[2]) :] if found[2] and int(found[2]) else parts)
    return quote(kept, safe="") if found[1].isupper() else kept
