"""Starts senders, each a process of its own, and reads from their accounts what a message cost."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select

from app import open_house
from bench.filling import World
from bench.sender import Glimpse, Order, Told
from bench.sinks import Sink
from blog.settings import Settings
from newsletter.delivery.model import Letter, LetterState
from newsletter.doctor import keys, sighting
from newsletter.doctor.keys import Key, Kind
from newsletter.doctor.resolver import Answer, Outcome

WARM = 500
"""So many mails after its start a sender has written what all letters share, and has its connections."""


class Sender:
    """A sender that has come up and waits for its word."""

    def __init__(self, order: Order) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.sender", json.dumps(asdict(order))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._hear()

    def begin(self) -> Self:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return self

    def told(self) -> Told:
        """Waits for its end."""
        said = json.loads(self._hear())
        self._process.wait()
        glimpses = [Glimpse(**one) for one in said.pop("glimpses")]
        return Told(**said, glimpses=glimpses)

    def _hear(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "a sender ended without a word"
        return line


def order(world: World, to: Sink | int, connections: int, **more: Any) -> Order:
    """What a sender of this world needs to know to send to a cheap sink, or to a port where nobody counts."""
    settings, port, count = world.settings, to, ""
    if isinstance(to, Sink):
        port, count = to.count.port, str(to.count.path)
    chosen = {
        "data": str(settings.data), "database_url": settings.database_url, "smtp_url": f"smtp://127.0.0.1:{port}",
        "smtp_connections": connections, "secret_key": settings.secret_key.get_secret_value(), "sender": settings.sender, "log_level": "error",
    }  # fmt: skip
    return Order(chosen, count=count, **more)


def accepted(world: World) -> int:
    """How many letters of the ledger are."""
    house = open_house(world.settings)
    with house.db.reading() as s:
        found = s.scalar(select(func.count()).where(Letter.state == LetterState.ACCEPTED)) or 0
    house.db.close()
    return found


def cost(told: Told) -> float:
    """Microseconds of processor time a message, from the moment it was warm to when the last outcome was written down."""
    warm, last = _warm(told)[0], told.glimpses[-1]
    return (last.cpu - warm.cpu) / max(last.mails - warm.mails, 1) * 1e6


def rate(told: Told) -> float:
    """Messages a second, over the same stretch."""
    warm, last = _warm(told)[0], told.glimpses[-1]
    return (last.mails - warm.mails) / max(last.at - warm.at, 1e-9)


def growth(told: Told) -> tuple[float, float]:
    """MiB of resident memory, on average, in the first and in the last quarter of the way."""
    seen = [one.mib for one in _warm(told)]
    some = max(len(seen) // 4, 1)
    return sum(seen[:some]) / some, sum(seen[-some:]) / some


@contextmanager
def keyed(settings: Settings) -> Iterator[None]:
    """With an RSA-2048 key that signs, since the DNS, as we tell it, has its record."""
    key = keys.make_for(settings, Kind.RSA)
    try:
        sighting.look(settings, _Dns(key))
        yield
    finally:
        key.path.unlink()


@dataclass(frozen=True)
class _Dns:
    key: Key

    def ask(self, name: str, kind: str) -> Answer:
        return Answer(Outcome.FOUND, (self.key.record,))


def is_signed(sample: Path) -> bool:
    """Whether the first mail that came bears a signature."""
    return sample.is_file() and b"dkim-signature:" in sample.read_bytes().partition(b"\r\n\r\n")[0].lower()


def _warm(told: Told) -> list[Glimpse]:
    begun = told.glimpses[0].mails
    done = told.glimpses[-1].mails - begun
    return [one for one in told.glimpses if one.mails - begun >= min(WARM, done // 4)]
