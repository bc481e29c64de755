"""Asking the DNS: one Protocol, the kind that asks it, and a notebook that asks nothing twice and stops at the deadline."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.resolver

TIMEOUT = 3.0
"""Seconds for one look-up, all servers and tries together."""


class Outcome(StrEnum):
    FOUND = "found"
    EMPTY = "empty"
    """The name exists and has no such record."""
    MISSING = "missing"
    """There is no such name."""
    SILENT = "silent"
    """No answer came, so nothing is known."""


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    values: tuple[str, ...] = ()
    """TXT: the strings joined. MX: ``10 mail.example.org``. Names end without a dot."""

    @property
    def is_silent(self) -> bool:
        return self.outcome is Outcome.SILENT


SILENCE = Answer(Outcome.SILENT)


class Resolver(Protocol):
    def ask(self, name: str, kind: str) -> Answer:
        """The records of ``kind`` (A, AAAA, MX, TXT, PTR) at ``name``; never raises."""


class Dns:
    """The DNS as this machine's resolver tells it."""

    def ask(self, name: str, kind: str) -> Answer:
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return Answer(Outcome.MISSING)
        try:
            found = dns.resolver.Resolver().resolve(
                asked, kind, lifetime=TIMEOUT, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return Answer(Outcome.MISSING)
        except (dns.exception.DNSException, OSError):
            return SILENCE
        values = tuple(_words(kind, row) for row in found.rrset or ())
        return Answer(Outcome.FOUND if values else Outcome.EMPTY, values)


class Notebook:
    """One examination's view of another resolver: each question is asked once, and none after the deadline."""

    def __init__(
        self, resolver: Resolver, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._resolver, self._clock, self._ends = resolver, clock, clock() + seconds
        self._known: dict[tuple[str, str], Answer] = {}
        self._lock = Lock()

    def ask(self, name: str, kind: str) -> Answer:
        question = (name.rstrip(".").lower(), kind)
        with self._lock:
            known = self._known.get(question)
        if known is None:
            known = SILENCE if self._clock() >= self._ends else self._resolver.ask(*question)
            with self._lock:
                self._known[question] = known
        return known


def addresses(resolver: Resolver, host: str) -> tuple[str, ...]:
    """IPv4 first; empty also where nobody answered."""
    return resolver.ask(host, "A").values + resolver.ask(host, "AAAA").values


def _words(kind: str, row: Any) -> str:
    if kind == "TXT":
        return b"".join(row.strings).decode("utf-8", "replace")
    if kind == "MX":
        return f"{row.preference} {row.exchange.to_text(omit_final_dot=True)}"
    return str(row.to_text()).rstrip(".")
