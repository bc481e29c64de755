"""Closing an edition for a million readers, beside the bare INSERT … SELECT of the same rows, while visitors look on and sign up."""

import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import open_house
from bench.filling import World, freeze
from bench.measure import Measure, within
from bench.pages import PERIJOVE
from bench.rates import CONNECTIONS
from bench.scene import Scene
from bench.senders import Sender, order
from bench.sinks import cheap
from bench.tools import free_port, wait_for
from blog import clock
from newsletter.subscribers import signup
from newsletter.subscribers.origins import Origin

CLOSING, FIRST, PAGE = 10, 2, 1
"""Seconds: for closing, from then to the first mail, and for a page meanwhile."""


def closing(scene: Scene) -> Iterator[Measure]:
    """A sender is up and looks for letters each second, as it does in life."""
    world, on = scene.world, scene.on
    with cheap(scene.folder) as sink, _site(world) as page:
        sender = Sender(order(world, sink, CONNECTIONS, mails=200, beats=True)).begin()
        with _Asking(page) as visitor, _Asking(_sign_up(world)) as joiner:
            began = time.monotonic()
            freeze(world)
            closed = time.monotonic()
        sender.told()
        first = sink.count.first_at
    letters = f"{world.readers:,} readers, {on}"
    yield within(f"closing an edition for {letters}", closed - began, "s", CLOSING, _bare(world))
    yield visitor.told(f"a page's longest wait meanwhile, {on}", PAGE)
    yield joiner.told(f"a sign-up's longest wait meanwhile, {on}", CLOSING)
    yield within(f"from closing to the first mail, {letters}", max(first - closed, 0.001), "s", FIRST)


def _bare(world: World) -> float:
    """Seconds in which the database copies these rows into a table without an index."""
    house = open_house(world.settings)
    with house.db.transaction() as s:
        s.execute(text("CREATE TABLE bare AS SELECT * FROM letter WHERE id < 0"))
    began = time.perf_counter()
    with house.db.transaction() as s:
        s.execute(text("INSERT INTO bare SELECT * FROM letter WHERE kind = 'digest'"))
    spent = time.perf_counter() - began
    with house.db.transaction() as s:
        s.execute(text("DROP TABLE bare"))
    house.db.close()
    return spent


class _Asking(threading.Thread):
    """Does the same again and again, 20 times a second at most, and keeps the longest it took."""

    def __init__(self, deed: Callable[[int], None]) -> None:
        super().__init__(daemon=True)
        self._deed, self._over = deed, threading.Event()
        self.longest, self.failed = 0.0, 0

    def __enter__(self) -> "_Asking":
        self._deed(0)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        number = 1
        while not self._over.wait(0.05):
            began = time.perf_counter()
            while not self._done(number):
                pass
            self.longest = max(self.longest, time.perf_counter() - began)
            number += 1

    def _done(self, number: int) -> bool:
        """Whoever is refused by a fault tries again."""
        try:
            self._deed(number)
        except (OSError, OperationalError):
            self.failed += 1
            return False
        return True

    def told(self, name: str, limit: float) -> Measure:
        """A fault is never within the limit, however short the wait was."""
        if self.failed:
            return within(f"{name}, and {self.failed} FAILED", self.longest, "s", 0)
        return within(name, self.longest, "s", limit)


def _sign_up(world: World) -> Callable[[int], None]:
    """Somebody new asks for the digest; it is a transaction that writes."""
    house = open_house(world.settings)

    def ask(number: int) -> None:
        signup.ask(house.db, f"new{number}@example.net", Origin("/"), clock.now(), world.settings)

    return ask


@contextmanager
def _site(world: World) -> Iterator[Callable[[int], None]]:
    """The real web command; a visitor asks for its home page and for a search, which no cache answers."""
    port, settings = free_port(), world.settings
    env = {
        **os.environ, "PERIJOVE_DATA": str(settings.data), "PERIJOVE_DATABASE_URL": settings.database_url, "PERIJOVE_PORT": str(port),
        "PERIJOVE_SECRET_KEY": "bench", "PERIJOVE_LOG_LEVEL": "error", "PERIJOVE_WEB_WORKERS": "1",
    }  # fmt: skip
    process = subprocess.Popen([PERIJOVE, "web"], env=env, stdout=subprocess.DEVNULL)

    def visit(number: int) -> None:
        path = f"search?q=star{number}" if number % 2 else ""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
            answer.read()

    try:
        wait_for(port, 120)
        yield visit
    finally:
        process.terminate()
        process.wait()
