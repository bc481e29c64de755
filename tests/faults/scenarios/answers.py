"""D3: every bad answer at every step of the talk. Nothing is lost, nothing counts as accepted without a 250, no line hangs, and the
others get theirs. The sender's clock is moved by hand, so that a rest of an hour takes no time.
"""

import ssl
import time
from datetime import UTC, datetime

from newsletter.delivery import pausing
from newsletter.delivery.pipelining import Pipelined
from tests.faults.stage import Row, Stage
from tests.mailserver import DRIP, DROP, GARBAGE, SILENCE, Fault, RecordingServer, recording_server
from tests.newsletter.delivery.office import Clock, Office

LATER = ["421 4.3.2 Closing", "450 4.7.1 Greylisted", "451 4.3.0 Trouble", "452 4.3.1 Full"]
ODD = [DROP, SILENCE, GARBAGE, DRIP, "250 2.0.0 Out of turn", "99 What", "354 Go on"]
FAIR = {
    "connect": "220",
    "ehlo": "250",
    "starttls": "220",
    "mail": "250",
    "rcpt": "250",
    "data": "354",
    "dot": "250",
}
BEFORE, ABOUT = ("connect", "ehlo", "starttls", "mail"), ("rcpt", "data", "body", "dot")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TIMEOUT = 0.3
STUCK = 30.0
"""Seconds: many times what the time-outs of one run add up to, and a fiftieth of what a server can drag one answer out to."""


def deeds(step: str) -> list[str]:
    return (
        [deed for deed in LATER + ODD if not deed.startswith(FAIR[step])] if step in FAIR else [DROP, SILENCE]
    )


SHUT_OUT = sum(len(deeds(step)) for step in BEFORE) + 5
"""A wrong password, a server without STARTTLS though we insist on it, and three ways to offer it and not to keep the promise."""


def every_answer(stage: Stage, letters: int) -> Row:
    """First what keeps us from being heard at all, with all letters waiting; then what befalls single letters; then all is well."""
    poor = [
        Fault(step, deed, whom=f"poor.{step}.{n}@") for step in ABOUT for n, deed in enumerate(deeds(step))
    ]
    # Without a certificate: it offers encryption, and can keep the promise to nobody.
    hollow = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with recording_server(stage.place.folder, login=("we", "password"), tls=hollow) as server:
        office = Office(stage.db, Clock(NOON), smtp(server))
        office.write(*(f"r{n}" for n in range(letters)), *(fault.whom.strip("@") for fault in poor))
        faults = shut_out(office, server) + unlucky(office, server, poor, letters)
        server.faults, office.transport.timeout = [], 5.0  # type: ignore[attr-defined]
        office.send_for(days=0.1)
        kept, copies = office.balance(), server.copies()
        faults += [f"{n} copies for {one}" for one, n in copies.items() if n > 1]
        return Row(
            "D3 bad answers", stage.place.kind, len(server.received), len(poor) + SHUT_OUT, kept.total - len(copies),
            len(server.received) - len(copies), server.most_at_once, kept.accepted == kept.total == len(copies), tuple(faults),
        )  # fmt: skip


def shut_out(office: Office, server: RecordingServer) -> list[str]:
    found = []
    for step in BEFORE:
        office.transport = smtp(server, starttls="opportunistic" if step == "starttls" else "never")
        for deed in deeds(step):
            server.faults = [Fault(step, deed)]
            found += hurried(office, f"{deed} at {step}")
            found += [] if server.faults[0].struck else [f"{deed} at {step} was not tried"]
            found += nothing_used_up(office, f"{deed} at {step}", server)
            office.clock.passes(seconds=70)
    server.faults = []
    found += refused(office, server, "535", smtp(server, login=("we", "wrong")))
    for wish in ("opportunistic", "require"):
        found += refused(
            office, server, f"STARTTLS offered and failing ({wish})", smtp(server, starttls=wish)
        )
    server.faults = [Fault("starttls", "502 5.5.1 Not today")]
    found += refused(office, server, "STARTTLS offered and denied", smtp(server, starttls="require"))
    server.faults, server.tls = [], None
    found += refused(office, server, "STARTTLS gone", smtp(server, starttls="require"))
    office.transport = smtp(server)
    return found


def refused(office: Office, server: RecordingServer, what: str, transport: Pipelined) -> list[str]:
    office.transport = transport
    found = hurried(office, what) + nothing_used_up(office, what, server)
    pausing.resume(office.db, office.clock())
    return found


def unlucky(office: Office, server: RecordingServer, poor: list[Fault], letters: int) -> list[str]:
    server.faults = poor
    found = hurried(office, "bad answers to single letters")
    found += [f"{fault.deed} at {fault.step} was not tried" for fault in poor if not fault.struck]
    kept = office.balance()
    if (kept.accepted, kept.refused, kept.waiting) != (letters, 0, len(poor)):
        found.append(f"{kept.accepted} of {letters} went on, {kept.refused} refused, {kept.waiting} wait")
    return found


def hurried(office: Office, what: str) -> list[str]:
    began = time.monotonic()
    office.send()
    return [f"stuck at {what}"] if time.monotonic() - began > STUCK else []


def nothing_used_up(office: Office, what: str, server: RecordingServer) -> list[str]:
    kept = office.balance()
    return [] if kept.ready == kept.total and not server.received else [f"{what} used letters up"]


def smtp(
    server: RecordingServer, login: tuple[str, str] = ("we", "password"), starttls: str = "never"
) -> Pipelined:
    """Waits only a moment for its server."""
    return Pipelined(
        "127.0.0.1", server.port, timeout=TIMEOUT, hello="tests.example.org", login=login, starttls=starttls
    )
