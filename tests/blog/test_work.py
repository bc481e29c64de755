"""Background work, by whoever asks (SQLite) or by workers (PostgreSQL): what is asked for is done, whoever dies."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from blog import clock
from blog.db import Database
from blog.work import Errand, Queue, open_work
from tests.conftest import empty

ROOT = Path(__file__).parents[2]
SOON = 20.0
KILLED = """
import sys, threading
from blog import clock
from blog.db import Database
from blog.work import Errand, Queue

def begin(_at):
    print("begun", flush=True)
    sys.stdin.readline()

Queue(Database(sys.argv[1])).serve([Errand("send:", begin, "letters:", 1, is_shared=True)], clock.now, threading.Event())
"""


class Crew:
    """Workers in threads of their own, as ``perijove worker`` runs them in processes."""

    def __init__(self, db: Database) -> None:
        self.db, self.stop = db, threading.Event()
        self._threads: list[threading.Thread] = []

    def ask(self, errand: Errand) -> None:
        open_work(self.db).ask(errand, clock.now())

    def join(self, *errands: Errand, stop: threading.Event | None = None) -> threading.Thread:
        words = (errands, clock.now, stop or self.stop)
        thread = threading.Thread(target=open_work(self.db).serve, args=words)
        thread.start()
        self._threads.append(thread)
        return thread

    def jobs(self) -> list[tuple[str, str]]:
        with self.db.reading() as s:
            found = text(
                "SELECT task_name, status::text FROM procrastinate_jobs WHERE task_name <> 'tidy' ORDER BY id"
            )
            return [(name, status) for name, status in s.execute(found)]

    def go_home(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(SOON)
            assert not thread.is_alive()


@pytest.fixture
def crew(db: Database) -> Iterator[Crew]:
    made = Crew(db)
    yield made
    made.go_home()


def errand(verb: Callable[[datetime], object], name: str = "render") -> Errand:
    return Errand(name, verb, "pictures", 1)


def until(holds: Callable[[], object]) -> None:
    """For what only a look at the database tells."""
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # workers' loops outside ours: nothing tells


def test_what_is_asked_for_is_done_with_the_time_of_its_doing(crew: Crew) -> None:
    done, times = threading.Event(), list[datetime]()

    def render(at: datetime) -> None:
        times.append(at)
        done.set()

    before = clock.now()
    crew.join(errand(render))
    crew.ask(errand(render))
    assert done.wait(SOON) and before <= times[0] <= clock.now()


def test_an_errand_that_fails_is_done_when_it_is_asked_for_again(crew: Crew) -> None:
    tries, done = [1, 2], threading.Event()

    def render(_at: datetime) -> None:
        if tries.pop() == 2:
            raise RuntimeError("the disk is full")
        done.set()

    crew.join(errand(render))
    try:
        crew.ask(errand(render))
    except RuntimeError:
        assert crew.db.is_sqlite, "whoever asks a worker does not hear of it"
    else:
        until(lambda: len(tries) == 1 and not crew.jobs())
    crew.ask(errand(render))
    assert done.wait(SOON)


@pytest.fixture
def queue(postgres_url: str) -> Iterator[Crew]:
    """A crew where there is a queue: with SQLite there is none to look at."""
    made = Crew(Database(postgres_url))
    yield made
    made.go_home()
    made.db.close()
    empty(postgres_url)


def test_what_is_not_due_leaves_no_job_and_what_waits_leaves_no_second(queue: Crew) -> None:
    one = errand(lambda _at: None)
    queue.ask(replace(one, is_due=lambda _at: False))
    assert queue.jobs() == []
    queue.ask(one)
    queue.ask(one)
    assert queue.jobs() == [("render", "todo")]


def test_clocks_that_ask_in_the_same_moment_leave_one_job(queue: Crew) -> None:
    together, one = threading.Barrier(4), errand(lambda _at: None)

    def ask() -> None:
        work = open_work(queue.db)
        together.wait(SOON)
        work.ask(one, clock.now())

    clocks = [threading.Thread(target=ask) for _ in range(4)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join(SOON)
    assert queue.jobs() == [("render", "todo")]


def test_two_workers_share_what_may_be_shared(queue: Crew) -> None:
    """Each waits for the other in the middle of its job: alone none would come to its end."""
    both, met = threading.Barrier(2), list[int]()

    def send(_at: datetime) -> None:
        met.append(both.wait(SOON))

    one = Errand("send:", send, "letters:", 1, is_shared=True)
    for _ in range(2):
        queue.join(one)
    queue.ask(one)
    until(lambda: both.n_waiting)
    queue.ask(one)
    until(lambda: len(met) == 2)
    assert sorted(met) == [0, 1]


def test_what_one_worker_does_alone_is_not_asked_for_meanwhile(queue: Crew) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def sweep(_at: datetime) -> None:
        begun.set()
        assert go_on.wait(SOON)

    one = errand(sweep, "sweep")
    queue.join(one)
    queue.ask(one)
    assert begun.wait(SOON)
    queue.ask(one)
    assert queue.jobs() == [("sweep", "doing")]
    go_on.set()
    until(lambda: queue.jobs() == [])


def test_a_long_errand_holds_up_no_other_queue_and_no_other_errand_of_its_own(queue: Crew) -> None:
    done, go_on = threading.Barrier(3), threading.Event()
    one = Errand("send:", lambda _at: go_on.wait(SOON), "letters:", 1)
    others = [
        Errand("send:other", lambda _at: done.wait(SOON), "letters:a relay with a name of fifty letters", 1),
        Errand("move", lambda _at: done.wait(SOON), "chores", 1),
        Errand("sweep", lambda _at: go_on.wait(SOON), "chores", 1),
    ]
    queue.join(one, *others)
    for errand_ in (one, others[2], *others[:2]):
        queue.ask(errand_)
    done.wait(SOON)
    go_on.set()


def test_told_to_stop_a_worker_finishes_what_it_holds_and_leaves_the_rest(queue: Crew) -> None:
    begun, stop, ended = threading.Event(), threading.Event(), list[bool]()

    def send(_at: datetime) -> None:
        begun.set()
        ended.append(stop.wait(SOON))

    one = Errand("send:", send, "letters:", 1, is_shared=True)
    thread = queue.join(one, stop=stop)
    queue.ask(one)
    assert begun.wait(SOON)
    queue.ask(one)
    stop.set()
    thread.join(SOON)
    assert ended == [True] and queue.jobs() == [("send:", "todo")]
    with queue.db.reading() as s:
        assert s.scalar(text("SELECT count(*) FROM procrastinate_workers")) == 0


def test_when_a_worker_is_killed_in_the_middle_the_next_beat_finds_another(queue: Crew) -> None:
    done = threading.Event()
    one = Errand("send:", lambda _at: done.set(), "letters:", 1, is_shared=True)
    queue.ask(one)
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, queue.db.url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert killed.stdin and killed.stdout and killed.stdout.readline() == b"begun\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert queue.jobs() == [("send:", "doing")]
    queue.ask(one)
    queue.join(one)
    assert done.wait(SOON)


def test_what_the_dead_held_is_forgotten_and_asked_for_again(queue: Crew) -> None:
    done = threading.Event()
    one = errand(lambda _at: done.set())
    with queue.db.transaction() as s:
        s.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 seconds')")
        )
        s.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id)"
                " SELECT 'pictures', 'render', 'render', 'doing', id FROM procrastinate_workers"
            )
        )
    queue.ask(one)
    assert queue.jobs() == [("render", "doing"), ("render", "todo")]
    queue.join(one)
    assert done.wait(SOON)
    until(lambda: queue.jobs() == [])


def test_a_database_that_throws_workers_out_has_them_back(queue: Crew) -> None:
    done, one = threading.Event(), errand(lambda _at: done.set())
    queue.join(one)
    with queue.db.engine.connect() as connection:
        workers = text("SELECT count(*) FROM procrastinate_workers")
        until(lambda: connection.scalar(workers) or connection.rollback())
        connection.execute(text("DELETE FROM procrastinate_workers"))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(others))
        connection.commit()
    queue.ask(one)
    assert done.wait(SOON)


def test_the_kind_follows_the_database(db: Database) -> None:
    assert isinstance(open_work(db), Queue) is not db.is_sqlite
