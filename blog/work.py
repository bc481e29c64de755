"""Who works in the background: the clock's own process, or whichever worker is free. The only file that knows Procrastinate.

The clock (``newsletter/schedule.py``) *asks* for errands. With SQLite, asking is doing. With PostgreSQL it leaves a job that wakes a
worker at once, on whatever machine. The queue decides nothing: a verb finds in the database what is due, so a job that is lost is
asked for again at the next beat, and one too many finds nothing to do.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import Connection, text

from blog.db import Database

# Imported where it is used: with SQLite nothing of it is ever loaded, and a web process never needs it.
if TYPE_CHECKING:
    from procrastinate import App

log = structlog.get_logger()
LOOK = 0.5
"""Seconds between looks at the queue; the database wakes a worker at once, but a call may be lost while it looks."""
DEAD = 30.0
"""A worker that gave no sign for so many seconds is dead; one that lives gives one every ten."""
LONGEST_QUEUE = 40
"""PostgreSQL's channels have 63 letters, and the engine puts 23 before the queue's name."""


def _always(_at: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Errand:
    """One call of a verb that any machine may make. However often it is asked for, at most one of a name waits."""

    name: str
    verb: Callable[[datetime], object]
    queue: str
    """A worker has as many hands for a queue as it has errands in it; queues never wait for each other."""
    seconds: float
    """How often it is asked for."""
    is_due: Callable[[datetime], bool] = _always
    """A cheap look whether there is anything to do."""
    is_shared: bool = False
    """Several workers may be at it at the same time."""


class Work(Protocol):
    def ask(self, errand: Errand, at: datetime) -> None:
        """Has the errand done: before this returns, or by a worker soon after. Raises only what is wrong with asking, or what the verb raises here."""

    def serve(self, errands: Sequence[Errand], now: Callable[[], datetime], stop: threading.Event) -> bool:
        """Does what others ask for until ``stop`` is set and what was begun is done. False at once where nobody leaves anything to do."""


def open_work(db: Database) -> Work:
    """Connects to nothing yet."""
    return Embedded() if db.is_sqlite else Queue(db)


class Embedded:
    """Whoever asks does it."""

    def ask(self, errand: Errand, at: datetime) -> None:
        errand.verb(at)

    def serve(self, errands: Sequence[Errand], now: Callable[[], datetime], stop: threading.Event) -> bool:
        return False


WAITS = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id"
    " WHERE job.queueing_lock = :name AND (job.status = 'todo' OR NOT :shared AND job.status = 'doing'"
    " AND worker.last_heartbeat > now() - :dead * interval '1 second'))"
)


class Queue:
    """Procrastinate's tables in our own database. Whoever asks leaves a job there, and workers take it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asking: App | None = None

    def ask(self, errand: Errand, at: datetime) -> None:
        from procrastinate.exceptions import AlreadyEnqueued

        if not errand.is_due(at):
            return
        # Two clocks that ask in the same moment meet the unique row.
        with suppress(AlreadyEnqueued), self._db.transaction() as s:
            words = {"name": errand.name, "shared": errand.is_shared, "dead": DEAD}
            if not s.scalar(WAITS, words):
                raw = s.connection().connection.dbapi_connection
                self._defer(errand, raw)

    def serve(self, errands: Sequence[Errand], now: Callable[[], datetime], stop: threading.Event) -> bool:
        # Away at the start, the database is told of in plain words; later it is waited for.
        with self._db.reading() as s:
            s.execute(text("SELECT 1"))
        asyncio.run(self._serve(errands, now, stop))
        return True

    def _defer(self, errand: Errand, raw: Any) -> None:
        from procrastinate import App, SyncPsycopgConnector

        # Never opened: it writes through the connection that it is given.
        self._asking = self._asking or App(connector=SyncPsycopgConnector())
        job = self._asking.configure_task(
            errand.name, queue=_named(errand.queue), queueing_lock=errand.name, connection=raw
        )
        job.defer()

    async def _serve(
        self, errands: Sequence[Errand], now: Callable[[], datetime], stop: threading.Event
    ) -> None:
        app = self._app(errands, now)
        widths = Counter(_named(errand.queue) for errand in errands)
        # Room for every hand, for whoever waits for the stop, and for looking up names.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(errands) + 4))
        async with app.open_async():
            hands = [asyncio.create_task(_work_off(app, queue, width)) for queue, width in widths.items()]
            await asyncio.to_thread(stop.wait)
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)

    def _app(self, errands: Sequence[Errand], now: Callable[[], datetime]) -> "App":
        from procrastinate import App, PsycopgConnector

        _, words = self._db.engine.dialect.create_connect_args(self._db.engine.url)
        words.pop("context", None)
        # Short patience: the pool's own would still wait for minutes when a database is back after an hour.
        app = App(
            connector=PsycopgConnector(
                kwargs=words, min_size=1, max_size=4, timeout=5.0, reconnect_timeout=3.0
            )
        )
        for errand in errands:
            app.task(name=errand.name, queue=_named(errand.queue))(_deed(errand, now))
        # The engine watches over its own listeners only where it has something periodic to do as well.
        tidying = app.task(name="tidy", queue=_named(errands[-1].queue), queueing_lock="tidy")(_tidy(app))
        app.periodic(cron="* * * * *")(tidying)
        return app


async def _work_off(app: "App", queue: str, width: int) -> None:
    """One queue's hands. Cancelled, they finish what they hold; thrown out by a database that went away, they begin anew."""
    from procrastinate.exceptions import ConnectorException

    while True:
        try:
            await app.run_worker_async(
                queues=[queue], concurrency=width, name=queue, fetch_job_polling_interval=LOOK, delete_jobs="always",
                install_signal_handlers=False, stalled_worker_timeout=DEAD,
            )  # fmt: skip
        except ConnectorException as error:
            log.warning("work.interrupted", queue=queue, error=type(error.__cause__ or error).__name__)
        except Exception:
            log.exception("work.broken", queue=queue)
        await asyncio.sleep(1)


def _deed(errand: Errand, now: Callable[[], datetime]) -> Callable[[], None]:
    def do() -> None:
        try:
            errand.verb(now())
        except Exception:
            log.exception("work.errand_failed", errand=errand.name)

    return do


def _tidy(app: "App") -> Callable[[int], Any]:
    """Forgets the jobs of dead workers. Whatever they left undone has been asked for again since."""
    from procrastinate.exceptions import ConnectorException
    from procrastinate.jobs import Status

    async def tidy(timestamp: int) -> None:
        await app.job_manager.prune_stalled_workers(DEAD)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
            with suppress(ConnectorException):  # It came to its end meanwhile.
                await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)

    return tidy


def _named(queue: str) -> str:
    """The name under which the engine knows a queue."""
    if len(queue.encode()) <= LONGEST_QUEUE:
        return queue
    return f"{queue[:8]}{sha256(queue.encode()).hexdigest()[:24]}"


STANDS_AT = text(
    "SELECT to_regclass('procrastinate_jobs') IS NOT NULL, obj_description(to_regclass('procrastinate_jobs'))"
)


def is_prepared(connection: Connection) -> bool:
    """Whether the engine's tables have the shape that its present release wants; with SQLite it has none."""
    if connection.dialect.name == "sqlite":
        return True
    _, stands_at = connection.execute(STANDS_AT).one()
    return bool(stands_at == _steps()[-1].name)


def prepare(connection: Connection) -> None:
    """Makes the engine's tables, or takes the steps that newer releases of it brought, each in a transaction of its own.

    The engine counts no steps of its own; the last one taken stands in the comment of its table of jobs.
    """
    is_there, stands_at = connection.execute(STANDS_AT).one()
    connection.rollback()
    steps = _steps()
    missing = [(step, step) for step in steps if step.name > (stands_at or "")]
    raw = connection.connection.dbapi_connection
    assert raw is not None
    for words, step in missing if is_there else [(_engine() / "schema.sql", steps[-1])]:
        with connection.begin():
            # Many statements at once, with percent signs in them: not for SQLAlchemy.
            raw.execute(words.read_text(encoding="utf-8"))
            raw.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{step.name}'")


def _steps() -> list[Path]:
    return sorted((_engine() / "migrations").glob("*.sql"))


def _engine() -> Path:
    """Where the engine keeps its SQL; found without loading it, which takes half a second."""
    found = find_spec("procrastinate")
    assert found and found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "sql"
