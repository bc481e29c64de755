"""What an examination finds, in words for a person. Pure; every check of this room answers with these."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STRING = 255
"""Octets that one character string of a TXT record can hold (RFC 1035, 3.3)."""
TOLD = 600
"""Characters of a foreign record that are worth showing."""


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """What is looked at, in the order of the page."""

    DOMAIN = "The sender’s domain"
    FREE_MAIL = "Whose domain it is"
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    ALIGNMENT = "Alignment"
    REVERSE = "Reverse name"
    TLS = "Encryption"
    ONE_CLICK = "One-click unsubscribe"
    FORM = "Headers"
    SITE = "The site’s address"
    POSTAL = "Postal address"


@dataclass(frozen=True)
class Record:
    """A DNS record to paste."""

    name: str
    kind: str
    value: str

    @property
    def quoted(self) -> str:
        """As zone files want it: quoted strings of at most 255 octets."""
        return " ".join(f'"{self.value[at : at + STRING]}"' for at in range(0, len(self.value), STRING))

    @property
    def is_long(self) -> bool:
        return len(self.value) > STRING


@dataclass(frozen=True)
class Finding:
    check: Check
    health: Health
    sentence: str
    found: tuple[str, ...] = ()
    """What stands in the DNS, or what the server said."""
    paste: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One of the large mailbox providers' rules for bulk senders, and whether we keep it."""

    title: str
    health: Health
    sentence: str


@dataclass(frozen=True)
class Diagnosis:
    at: datetime
    domain: str
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    readers: int = 0

    def count(self, health: Health) -> int:
        return sum(finding.health is health for finding in self.findings)

    @property
    def is_bulk(self) -> bool:
        """Whether the list is long enough for 5,000 mails a day to one provider to be thinkable."""
        return self.readers >= 5000


def shown(text: str) -> str:
    """A foreign record, short enough for a page, without characters that do not print."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:TOLD])
    return plain + (" …" if len(text) > TOLD else "")
