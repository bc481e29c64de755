"""The relays: ways by which letters leave, the publication's own and the named ones, as the settings say. Called by ``app.py``.

A relay's address carries, after its ``?``, how fast and how long is sent by it; what is left of the address is for ``transport``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import unquote_plus

from sqlalchemy import select, update

from blog.db import Database
from blog.settings import PREFIX, Settings, SettingsError
from newsletter.delivery.model import Letter

OWN = ""
"""The name of the publication's own mail server."""
WARMUP_DAYS = 14
MOST_CONNECTIONS = 64
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
AUTHS = ("plain", "login", "cram-md5", "xoauth2")
OPTIONS = (
    "connections", "per_second", "per_hour", "per_day", "warmup", "retry_hours", "auth", "pipelining",
)  # fmt: skip
FOR_TRANSPORT = ("starttls", "client")
"""Left to ``transport`` with smtp://, smtps:// and file://; it judges them."""


@dataclass(frozen=True)
class Warmup:
    """The written plan for a new address: so many messages on the first day (UTC), twice as many each day, for two weeks."""

    begins: date
    first: int

    def most(self, day: date) -> int | None:
        """Messages within any 24 hours that end on ``day``; before the plan begins as on its first day. None when it is over."""
        number = max(0, (day - self.begins).days)
        return self.first << number if number < WARMUP_DAYS else None


@dataclass(frozen=True)
class Pace:
    """Messages at most within any second, any hour and any 24 hours; None is no limit."""

    per_second: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    warmup: Warmup | None = None

    def is_free(self, now: datetime) -> bool:
        return not (self.per_second or self.per_hour or self.most_in_a_day(now))

    def most_in_a_day(self, now: datetime) -> int | None:
        warm = self.warmup.most(now.astimezone(UTC).date()) if self.warmup else None
        return min((cap for cap in (warm, self.per_day) if cap), default=None)


@dataclass(frozen=True)
class Relay:
    name: str
    url: str = field(repr=False)
    """For ``transport``: without the options below."""
    connections: int = 4
    pace: Pace = Pace()
    retry: timedelta = timedelta(hours=48)
    """So long a letter is tried that a server puts off."""
    auth: str = ""
    """Empty: the best that the server offers."""
    pipelining: bool = True


def parse(settings: Settings) -> tuple[Relay, ...]:
    """The publication's own first. Raises SettingsError with a line for each fault, none of which holds a word of an address."""
    faults: list[str] = []
    found = [_relay(OWN, settings.transport_url, settings.smtp_connections, f"{PREFIX}SMTP_URL", faults)]
    for place, pair in enumerate(settings.relays.split(), 1):
        name, is_pair, url = pair.partition("=")
        if not is_pair or not NAME.fullmatch(name) or "://" not in url:
            faults.append(
                f"{PREFIX}RELAYS, entry {place}: write name=smtp://host, the name in small letters, digits and hyphens, 40 at most."
            )
        elif name in (relay.name for relay in found):
            faults.append(f"{PREFIX}RELAYS: there are two relays called {name}.")
        else:
            found.append(_relay(name, url, settings.smtp_connections, f"{PREFIX}RELAYS, {name}", faults))
    if faults:
        raise SettingsError("\n".join(faults))
    return tuple(found)


def names(settings: Settings) -> tuple[str, ...]:
    """Of the relays that lists may choose beside the publication's own."""
    return tuple(relay.name for relay in parse(settings) if relay.name != OWN)


def standing_in(name: str, settings: Settings) -> str:
    """``name``, or the publication's own where no such relay is set any more."""
    return name if name and name in names(settings) else OWN


def adopt(db: Database, known: Sequence[Relay]) -> None:
    """Waiting letters of relays that are no longer set leave by the publication's own."""
    orphaned = (Letter.settled_at.is_(None), Letter.relay.not_in([relay.name for relay in known]))
    with db.reading() as s:
        if s.scalar(select(Letter.id).where(*orphaned).limit(1)) is None:
            return
    with db.transaction() as s:
        s.execute(
            update(Letter).where(*orphaned).values(relay=OWN),
            execution_options={"synchronize_session": False},
        )


def _relay(name: str, url: str, connections: int, where: str, faults: list[str]) -> Relay:
    address, _, query = url.partition("?")
    options = _Options(query)
    relay = Relay(
        name,
        url,
        options.number("connections", MOST_CONNECTIONS) or connections,
        Pace(
            options.number("per_second", 10_000),
            options.number("per_hour"),
            options.number("per_day"),
            options.warmup("warmup"),
        ),
        timedelta(hours=options.number("retry_hours", 240) or 48),
        options.choice("auth", AUTHS),
        options.choice("pipelining", ("yes", "no")) != "no",
    )
    rest = options.rest
    if address.partition("://")[0] in ("smtp", "smtps", "file"):
        options.refuse_unknown()
    faults += [f"{where}: {fault}" for fault in options.faults]
    return replace(relay, url=f"{address}?{'&'.join(rest)}" if rest else address)


class _Options:
    """What stands after the ``?``. What cannot be read becomes a fault; no fault repeats what was given, for a password that holds
    a ``?`` or a ``&`` ends up here.
    """

    def __init__(self, query: str) -> None:
        self.faults: list[str] = []
        self.rest: list[str] = []
        """Not asked for: the transport's."""
        self._given: dict[str, str] = {}
        for piece in filter(None, query.split("&")):
            name, _, value = piece.partition("=")
            if name in OPTIONS:
                self._given[name] = unquote_plus(value)
            else:
                self.rest.append(piece)

    def number(self, name: str, most: int = 10_000_000) -> int | None:
        given = self._given.get(name)
        if given is None:
            return None
        if not (given.isascii() and given.isdigit() and 1 <= int(given[:12]) <= most):
            self.faults.append(f"{name} is a whole number from 1 to {most}.")
            return None
        return int(given)

    def choice(self, name: str, among: Sequence[str]) -> str:
        given = self._given.get(name, "").lower()
        if name in self._given and given not in among:
            self.faults.append(f"{name} is one of {', '.join(among)}.")
            return ""
        return given

    def warmup(self, name: str) -> Warmup | None:
        given = self._given.get(name)
        if given is None:
            return None
        day, _, first = given.partition(":")
        try:
            begins = date.fromisoformat(day)
        except ValueError:
            begins = None
        if begins is None or not (first.isascii() and first.isdigit() and 1 <= int(first[:12]) <= 10_000_000):
            self.faults.append(f"{name} is a day and the number of its messages, like {name}=2026-12-01:500.")
            return None
        return Warmup(begins, int(first))

    def refuse_unknown(self) -> None:
        known = (*OPTIONS, *FOR_TRANSPORT)
        for piece in self.rest:
            name = piece.partition("=")[0]
            if name not in FOR_TRANSPORT:
                near = get_close_matches(name, known, 1)
                meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
                self.faults.append(
                    f"something after the ? is no option; {meant} In a password write %3F for ? and %26 for &."
                )
