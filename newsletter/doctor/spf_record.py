"""Reading one SPF record (RFC 7208, 4.6 and 12): its terms and every fault of its form. Pure."""

import ipaddress
import re
from dataclasses import dataclass

VERSION = "v=spf1"
LOOKS_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
"""Terms that ask the DNS; ten of them are allowed in all."""
KNOWN = LOOKS_UP | {"all", "ip4", "ip6"}
_TERM = re.compile(r"([+\-~?]?)([A-Za-z][\w.\-]*)(?:([:=/])(.*))?", re.DOTALL)
_MASKS = re.compile(r"(.*?)(?:/(\d{1,3}))?(?://(\d{1,3}))?", re.DOTALL)


@dataclass(frozen=True)
class Term:
    """A mechanism, or the modifier ``redirect``."""

    name: str
    qualifier: str = "+"
    value: str = ""
    """The domain or network; empty means the record's own domain."""
    bits4: int = 32
    bits6: int = 128

    @property
    def has_macro(self) -> bool:
        return "%" in self.value


@dataclass(frozen=True)
class SpfRecord:
    terms: tuple[Term, ...]
    faults: tuple[str, ...]

    def find(self, name: str) -> Term | None:
        return next((term for term in self.terms if term.name == name), None)


def is_spf(text: str) -> bool:
    return text.lower() == VERSION or text.lower().startswith(VERSION + " ")


def read(text: str) -> SpfRecord:
    """Never raises: what cannot be read becomes a fault, a sentence's end for a person."""
    terms: list[Term] = []
    faults: list[str] = []
    for word in text.split(" ")[1:]:
        if word:
            read_one = _read_term(word)
            if isinstance(read_one, Term):
                terms.append(read_one)
            elif read_one:
                faults.append(read_one)
    if sum(term.name == "redirect" for term in terms) > 1:
        faults.append("“redirect=” stands in it twice")
    return SpfRecord(tuple(terms), tuple(faults))


def _read_term(word: str) -> Term | str:
    """A fault's words, empty for a modifier that means nothing here."""
    found = _TERM.fullmatch(word)
    told = f"“{word[:60]}”"
    if not found:
        return f"{told} is nothing that SPF knows"
    sign, name, mark, value = found[1], found[2].lower(), found[3] or "", found[4] or ""
    if mark == "=":
        if sign or (name == "redirect" and not value):
            return f"{told} is not written as a modifier is"
        return Term(name, value=value) if name == "redirect" else ""
    if name not in KNOWN or name == "redirect":
        return f"{told} is nothing that SPF knows"
    # A mask stands directly behind a or mx, without a domain.
    return _mechanism(name, sign or "+", f"/{value}" if mark == "/" else value, mark, told)


def _mechanism(name: str, sign: str, value: str, mark: str, told: str) -> Term | str:
    if name == "all":
        return Term(name, sign) if not mark else f"{told} takes nothing behind it"
    if name in ("ip4", "ip6"):
        return (
            Term(name, sign, value) if _is_network(value, int(name[2])) else f"{told} names no {name} network"
        )
    if name in ("include", "exists"):
        return Term(name, sign, value) if value and mark == ":" else f"{told} names no domain"
    if mark == ":" and not value:
        return f"{told} names no domain"
    if name == "ptr":
        return Term(name, sign, value)
    split = _MASKS.fullmatch(value)
    four, six = int((split and split[2]) or 32), int((split and split[3]) or 128)
    if not split or four > 32 or six > 128 or "/" in split[1]:
        return f"{told} has a mask that cannot be"
    return Term(name, sign, split[1], four, six)


def _is_network(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(value, strict=False).version == version
    except ValueError:
        return False
