"""Letters a second, the whole path (claim, compose, send, verdict in the ledger), beside ``smtp-source`` into the same ``smtp-sink``."""

import os
import pwd
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from app import open_house, timetable, tokens
from bench.measure import Measure
from bench.tools import find, free_port, wait_for
from blog import clock
from blog.demo import loading
from blog.settings import Settings, build
from blog.upgrading import upgrade
from newsletter.delivery import books
from newsletter.delivery.sending import send_ready
from newsletter.delivery.transport import open_transport
from newsletter.editions import compiling
from newsletter.editions.composing import composers
from newsletter.lists import reading as lists
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription
from tests.postgres import Server

CONNECTIONS = 8


def run(*, quick: bool) -> Iterator[Measure]:
    letters = 500 if quick else 5000
    with tempfile.TemporaryDirectory(prefix="perijove-bench-") as name:
        folder = Path(name)
        yield from _on("sqlite", "", folder / "sqlite", letters)
        if Server.is_installed():
            with Server(folder) as server:
                yield from _on("postgresql", server.create("bench"), folder / "postgresql", letters)


def _on(label: str, database_url: str, data: Path, letters: int) -> Iterator[Measure]:
    data.mkdir()
    with sink() as port:
        settings = build(
            data=data, database_url=database_url, smtp_url=f"smtp://127.0.0.1:{port}", smtp_connections=CONNECTIONS,
            secret_key="bench", sender="Perijove <digest@example.org>", log_level="error",
        )  # fmt: skip
        size = _fill(settings, letters)
        ceiling = source(port, letters, size)
        spent = _send(settings, letters)
    yield Measure(f"letters sent, {label}, {size // 1024} KiB", letters / spent, "letters/s", ceiling, 0.08)


def _fill(settings: Settings, letters: int) -> int:
    """The demonstration, ``letters`` readers and a closed edition; returns the bytes of one of its letters."""
    house = open_house(settings)
    at = clock.now()
    upgrade(house.db)
    compiling.compile_due(house.db, at - timedelta(days=2), settings)
    loading.load(house.db, house.storage, at)
    _readers(settings, letters, at)
    compiling.send_now(house.db, at, settings)
    return _one_size(settings)


def _readers(settings: Settings, letters: int, at: datetime) -> None:
    rows = [
        {"address": f"reader{n}@example.org", "address_key": f"reader{n}@example.org", "state": SubscriberState.CONFIRMED,
         "created_at": at, "asked_at": at, "confirmed_at": at}
        for n in range(letters)
    ]  # fmt: skip
    with open_house(settings).db.transaction() as s:
        s.execute(insert(Subscriber), rows)
        list_id, ids = lists.default_list(s, at).id, s.scalars(select(Subscriber.id)).all()
        s.execute(
            insert(Subscription), [{"subscriber_id": id_, "list_id": list_id, "since": at} for id_ in ids]
        )


def _one_size(settings: Settings) -> int:
    """Sends one letter into a folder to see how long it is; the ledger counts it like any other."""
    house = open_house(settings)
    folder = settings.data / "one"
    transport = open_transport(f"file://{folder.resolve()}")
    send_ready(
        house.db, transport, composers(settings, tokens(settings)), clock.now, "bench-one", 1, connections=1
    )
    (mail,) = folder.glob("*.eml")
    return mail.stat().st_size


def _send(settings: Settings, letters: int) -> float:
    """Seconds for all letters that are left, through the clock's own verb."""
    house = open_house(settings)
    verbs = timetable(house, threading.Event())
    began = time.perf_counter()
    verbs.send(datetime.now(UTC))
    spent = time.perf_counter() - began
    with house.db.reading() as s:
        kept = books.balance(s, "digest", 1, clock.now())
    assert kept.accepted == letters, f"{kept.accepted} of {letters} letters were accepted"
    return spent


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink on a port of the loopback."""
    (program,) = find("smtp-sink")
    port = free_port()
    as_other = ["-u", "nobody"] if os.geteuid() == 0 and pwd.getpwnam("nobody") else []
    process = subprocess.Popen(
        [program, *as_other, "-c", f"127.0.0.1:{port}", "1000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def source(port: int, letters: int, size: int) -> float:
    """Messages a second of smtp-source with kept connections (-d), of the same size and number of connections."""
    (program,) = find("smtp-source")
    began = time.perf_counter()
    subprocess.run(
        [program, "-d", "-m", str(letters), "-s", str(CONNECTIONS), "-l", str(size), "-f", "a@example.org", "-t", "b@example.org",
         f"127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return letters / (time.perf_counter() - began)
