"""A world that stands in a dictionary: its DNS, its mail servers, and a publication that does everything right in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from newsletter.doctor.case import Case
from newsletter.doctor.dial import Handshake
from newsletter.doctor.resolver import SILENCE, Answer, Outcome
from newsletter.doctor.route import Route, Way
from tests.conftest import NOON
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]

Records = dict[tuple[str, str], tuple[str, ...]]

GOOD: Records = {
    ("sky.example", "A"): ("192.0.2.1",),
    ("sky.example", "MX"): ("10 mail.sky.example",),
    ("sky.example", "TXT"): ("some-proof=1", "v=spf1 mx ip6:2001:db8::/32 -all"),
    ("mail.sky.example", "A"): ("192.0.2.25",),
    ("_dmarc.sky.example", "TXT"): ("v=DMARC1; p=quarantine; rua=mailto:reports@sky.example",),
    ("25.2.0.192.in-addr.arpa", "PTR"): ("mail.sky.example",),
}


@dataclass
class World:
    """A resolver of the dictionary kind. What is neither in it nor above something in it does not exist."""

    records: Records = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, name: str, kind: str) -> Answer:
        self.asked.append((name, kind))
        if name in self.silent:
            return SILENCE
        if values := self.records.get((name, kind)):
            return Answer(Outcome.FOUND, values)
        is_there = any(known == name or known.endswith(f".{name}") for known, _ in self.records)
        return Answer(Outcome.EMPTY if is_there else Outcome.MISSING)

    def put(self, name: str, kind: str, *values: str) -> None:
        self.records[name, kind] = values


@dataclass
class Exchange:
    """Mail servers that answer as they were told to."""

    answers: Mapping[str, Handshake]

    def call(self, host: str, port: int, tls: bool) -> Handshake:
        return self.answers.get(host, Handshake(False, "Connection refused"))


SOUND = Handshake(True, "", True, True, "TLSv1.3", NOON.replace(year=2027))


@pytest.fixture
def world() -> World:
    return World(dict(GOOD))


@pytest.fixture
def case() -> Case:
    """Mail from sky.example by its own server."""
    return Case(
        domain="sky.example", return_domain="sky.example", route=Route(Way.OWN, "mail.sky.example", 587),
        selector="perijove", site="https://sky.example", postal_address="1 Dome Road",
    )  # fmt: skip


def by_relay(case: Case, host: str = "smtp.carrier.example") -> Case:
    return replace(case, route=Route(Way.RELAY, host, 587))


def moved(domain: str) -> World:
    """The good world with another name of its domain, for tests that need one outside the reserved endings."""
    return World(
        {
            (name.replace("sky.example", domain), kind): _told(domain, values)
            for (name, kind), values in GOOD.items()
        }
    )


def _told(domain: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.replace("sky.example", domain) for value in values)
