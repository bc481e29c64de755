"""Where the scenarios play: a publication with an edition to send, its processes, and the recorder that counts what comes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import insert, select

from blog import clock
from blog.db import Database
from blog.settings import Settings, build
from newsletter.delivery import books
from newsletter.delivery.model import Letter
from newsletter.editions import compiling
from newsletter.editions.model import Edition
from newsletter.lists import reading as lists
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription
from tests.cast import Newsroom
from tests.faults import deeds
from tests.faults.company import WELL, Company
from tests.faults.recording import LONG, Account, Recorder, read_record, recorder
from tests.postgres import Server

MOMENT = 0.05
"""Seconds between two looks at something that does not tell by itself; a mail that comes meanwhile ends it sooner."""


@dataclass(frozen=True)
class Place:
    """An empty, migrated database and a folder beside it."""

    kind: str
    """sqlite or postgresql."""
    url: str
    folder: Path
    server: Server | None = None
    """PostgreSQL's, where it is the scenario's own."""
    disk: Path | None = None
    """What the database and the data folder lie on, where they have one to themselves."""


@dataclass(frozen=True)
class Row:
    """What came of a scenario."""

    promise: str
    database: str
    letters: int
    rounds: int
    """Kills, or whatever else was done to it so often."""
    lost: int = 0
    duplicates: int = 0
    connections: int = 0
    """The most that were open at once."""
    balanced: bool = True
    faults: tuple[str, ...] = ()
    """What does not hold, in words."""
    note: str = ""

    @property
    def holds(self) -> bool:
        return not self.lost and self.balanced and not self.faults


class Stage:
    def __init__(self, place: Place, recorder: Recorder, company: Company) -> None:
        self.place, self.recorder, self.company = place, recorder, company
        data = (place.disk or place.folder) / "data"
        data.mkdir(exist_ok=True)
        self.words: dict[str, object] = {
            "data": data, "database_url": place.url, "site_url": "http://news.example.org", "secret_key": "a-key-for-tests-only",
            "smtp_url": f"smtp://127.0.0.1:{recorder.port}", "smtp_connections": 8, "sender": "Perijove <digest@example.org>",
        }  # fmt: skip
        self.db = Database(place.url)
        self.room = Newsroom(self.db, self.settings)

    @property
    def settings(self) -> Settings:
        return build(**self.words)

    def begin(self, readers: int, at: datetime | None = None, stories: int = 3) -> None:
        """A list that began two days before, so many readers, some stories."""
        at = at or clock.now()
        began = at - timedelta(days=2)
        self.room.begin(began)
        rows = [
            {"address": f"r{n}@example.org", "address_key": f"r{n}@example.org", "state": SubscriberState.CONFIRMED, "created_at": began,
             "asked_at": began, "confirmed_at": began}
            for n in range(readers)
        ]  # fmt: skip
        with self.db.transaction() as s:
            s.execute(insert(Subscriber), rows)
            daily = lists.default_list(s, at).id
            ids = s.scalars(select(Subscriber.id)).all()
            s.execute(
                insert(Subscription),
                [{"subscriber_id": one, "list_id": daily, "since": began} for one in ids],
            )
        for number in range(stories):
            self.room.publish(f"Story {number}", at - timedelta(minutes=10 + number))

    def close_edition(self, readers: int) -> None:
        """An edition has just closed; a letter to each reader is ready."""
        self.begin(readers)
        compiling.send_now(self.db, clock.now(), self.settings)

    def work(self, ahead: float = 0.0, **settings: object) -> ForkServerProcess:
        """A worker whose clock is so many seconds ahead."""
        return self.company.start(deeds.send, self.words | settings, ahead=ahead)

    def crowded_worker(self) -> ForkServerProcess:
        return self.company.start(deeds.send_in_a_crowd, self.words)

    def kill(self, process: ForkServerProcess) -> None:
        self.recorder.kill_comes()
        self.company.kill(process)

    def comes(self, number: int, what: str = "mails", recorder: Recorder | None = None) -> bool:
        """Waits until so many mails have come."""
        end = clock.now() + timedelta(seconds=LONG)
        while not (so := (recorder or self.recorder).until(number, what, within=2)) and clock.now() < end:
            self.company.check()
        return so

    def until(self, is_so: Callable[[], bool], within: float = LONG) -> bool:
        """Looks again and again."""
        end = clock.now() + timedelta(seconds=within)
        while not (so := is_so()) and clock.now() < end:
            self.company.check()
            self.recorder.until(self.recorder.number() + 1, within=MOMENT)
        return so

    def is_done(self) -> bool:
        with self.db.reading() as s:
            return s.scalar(select(Letter.id).where(Letter.settled_at.is_(None)).limit(1)) is None

    def is_quiet(self) -> bool:
        """Nobody has a letter in hand."""
        with self.db.reading() as s:
            return s.scalar(select(Letter.id).where(Letter.state == "sending").limit(1)) is None

    def finish(self, ahead: float = 0.0) -> list[str]:
        """Lets it come to its end undisturbed; says what went wrong."""
        processes = [self.work(ahead)]
        faults = [] if self.until(self.is_done) else ["letters were left"]
        return faults + self.part(processes)

    def part(self, processes: list[ForkServerProcess]) -> list[str]:
        for process in processes:
            process.terminate()
        ended = [self.company.stop(process) for process in processes]
        return [f"a process ended with {code}" for code in ended if code not in WELL]

    def judge(self, promise: str, rounds: int, faults: list[str], note: str = "") -> Row:
        """The books against what came: nobody counts as accepted whose mail did not come, and nobody else got any."""
        account = read_record(self.recorder.record)
        missing, strangers, balanced = self._compare(account)
        return Row(
            promise, self.place.kind, account.letters, rounds, missing, account.duplicates,
            account.most_connections, balanced, (*faults, *account.faults[:5], *strangers[:5]), note,
        )  # fmt: skip

    def _compare(self, account: Account) -> tuple[int, list[str], bool]:
        with self.db.reading() as s:
            rows = s.execute(
                select(Letter.id, Letter.address, Letter.state).where(Letter.kind == "digest")
            ).all()
            editions = s.execute(select(Edition.id, Edition.recipients).where(Edition.recipients > 0)).all()
            kept = {one.id: books.count(s, "digest", one.id, clock.now()) for one in editions}
        accepted = {row.id for row in rows if row.state == "accepted"}
        owed = {row.id: row.address for row in rows if row.state not in ("refused", "skipped")}
        strangers = [f"letter {one} is accepted and never came" for one in accepted - account.mails.keys()]
        strangers += [
            f"letter {one} was not for who got it"
            for one, copies in account.mails.items()
            if owed.get(one) != copies[0].recipient
        ]
        return (
            len(owed.keys() - account.mails.keys()),
            strangers,
            all(is_balanced(kept[one.id], one.recipients) for one in editions),
        )

    def close(self) -> None:
        self.db.close()


def is_balanced(kept: books.Balance, candidates: int) -> bool:
    ended = kept.accepted + kept.refused + kept.skipped + kept.uncertain
    return kept.total == candidates == ended and not kept.waiting


@contextmanager
def stage(place: Place) -> Iterator[Stage]:
    with ExitStack() as stack:
        listening = stack.enter_context(recorder(place.folder / "record.txt"))
        company = stack.enter_context(Company(place.folder / "log.txt"))
        made = Stage(place, listening, company)
        stack.callback(made.close)
        yield made


def together(rows: list[Row], note: str = "") -> Row:
    """Several runs as one line."""
    first = rows[0]
    return replace(
        first, letters=sum(row.letters for row in rows), rounds=sum(row.rounds for row in rows), lost=sum(row.lost for row in rows),
        duplicates=sum(row.duplicates for row in rows), connections=max(row.connections for row in rows),
        balanced=all(row.balanced for row in rows), faults=tuple(fault for row in rows for fault in row.faults),
        note=note or first.note,
    )  # fmt: skip
