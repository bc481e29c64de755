"""An import from the desk's side: hand in a file, start, stop, take back, and look how it stands. Called by the desk."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, Gone, NotFound
from newsletter.lists import reading as lists
from newsletter.moving import cells, formats, unpacking
from newsletter.moving.judging import Options
from newsletter.moving.model import BUSY, ImportRun, RunId, RunState

KEPT = timedelta(days=7)
"""How long a file is kept after the last that was done with it."""
STALLED = timedelta(seconds=60)
SHOWN = 50
WENT_ON = "That import has gone on in the meantime. Look at it again."


@dataclass(frozen=True)
class Rejected:
    table: str
    number: int
    typed: str
    reason: str


@dataclass(frozen=True)
class RunView:
    id: RunId
    filename: str
    format: str
    state: RunState
    total: int
    position: int
    counts: Mapping[str, int]
    """What the check found, by verdict."""
    done: Mapping[str, int]
    """What was done, by verdict."""
    undone: Mapping[str, int]
    rejected: tuple[Rejected, ...]
    extras: tuple[str, ...]
    """Columns that we have no place for."""
    strangers: tuple[str, ...]
    """Lists that the file names and that are not here."""
    fault: str
    created_at: datetime
    moved_at: datetime
    by: str
    has_file: bool

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def newcomers(self) -> int:
        return self.counts.get("new", 0) + self.counts.get("pending", 0)

    @property
    def changes(self) -> int:
        """Lines that lead to anything at all."""
        return self.newcomers + sum(self.counts.get(name, 0) for name in ("ended", "filled", "stopped"))

    @property
    def arrived(self) -> int:
        """Readers who came in, confirmed or yet to confirm."""
        return self.done.get("new", 0) + self.done.get("pending", 0)

    @property
    def made(self) -> int:
        """Rows that the import made: also those of readers who had left elsewhere."""
        return sum(self.done.get(name, 0) for name in ("new", "pending", "ended"))

    @property
    def percent(self) -> int:
        return min(100, self.position * 100 // self.total) if self.total else 0

    def is_stalled(self, at: datetime) -> bool:
        return self.is_busy and at - self.moved_at > STALLED


def receive(db: Database, filename: str, stream: IO[bytes], by: str, at: datetime) -> RunId:
    """Keeps the file for its check. Raises Invalid where it cannot be read at all."""
    name = cells.clean(filename.replace("\\", "/").rpartition("/")[2], 200) or "readers.csv"
    found = unpacking.unpack(stream, name)
    with db.transaction() as s:
        run = ImportRun(
            filename=name, format=found.format, content=found.content, total=found.lines, created_at=at, moved_at=at,
            by=by[:120], report={"extras": list(found.extras)},
        )  # fmt: skip
        s.add(run)
        s.flush()
        return RunId(run.id)


def start(db: Database, run_id: int, options: Options, at: datetime) -> None:
    """Raises Conflict where it runs or ran already, Gone where its file is not kept any more."""
    with db.transaction() as s:
        run = _get(s, run_id, RunState.READY)
        if s.scalar(select(ImportRun.id).where(ImportRun.id == run.id, ImportRun.content.is_(None))):
            raise Gone("That file is not kept any more. Send it again.")
        run.state, run.options, run.position, run.moved_at = RunState.RUNNING, asdict(options), 0, at


def stop(db: Database, run_id: int, at: datetime) -> None:
    """What was taken in stays; it can go on later, or be taken back."""
    with db.transaction() as s:
        run = _get(s, run_id, RunState.RUNNING)
        run.state, run.moved_at = RunState.STOPPED, at


def go_on(db: Database, run_id: int, at: datetime) -> None:
    """From where it was stopped, or where it failed."""
    with db.transaction() as s:
        run = _get(s, run_id, RunState.STOPPED, RunState.FAILED)
        run.state = RunState(run.report.get("failed_in", RunState.RUNNING))
        run.report = {name: told for name, told in run.report.items() if name not in ("fault", "failed_in")}
        run.moved_at = at


def take_back(db: Database, run_id: int, at: datetime) -> bool:
    """Where nothing was taken in yet, the file just goes: then False, there is no such import any more."""
    with db.transaction() as s:
        run = _get(s, run_id, *(state for state in RunState if state not in (RunState.RUNNING, *_GOING)))
        if run.state in (RunState.CHECKING, RunState.READY) or not run.options:
            s.delete(run)
            return False
        run.state, run.position, run.moved_at, run.busy_until = RunState.REMOVING, 0, at, None
        return True


def listing(db: Database) -> tuple[RunView, ...]:
    """The newest first."""
    with db.reading() as s:
        rows = s.execute(
            select(ImportRun, ImportRun.content.is_not(None)).order_by(ImportRun.id.desc()).limit(SHOWN)
        )
        return tuple(_view(run, has_file) for run, has_file in rows)


def get(db: Database, run_id: int) -> RunView:
    with db.reading() as s:
        row = s.execute(
            select(ImportRun, ImportRun.content.is_not(None)).where(ImportRun.id == run_id)
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such import.")
        return _view(row[0], row[1])


def destinations(db: Database) -> tuple[tuple[str, str], ...]:
    """Slug and name of each list that readers can be brought to; the daily one also before it was first needed."""
    with db.reading() as s:
        found = tuple((view.slug, view.name) for view in lists.every_list(s))
    return found or ((lists.DAILY, "Daily digest"),)


def sweep(db: Database, at: datetime) -> int:
    """Removes files, and the addresses in their reports, seven days after the last that was done with them."""
    old = (ImportRun.moved_at < at - KEPT, ImportRun.content.is_not(None), ImportRun.state.not_in(BUSY))
    with db.transaction() as s:
        swept = s.scalars(select(ImportRun).where(*old).with_for_update()).all()
        for run in swept:
            run.report = {name: told for name, told in run.report.items() if name != "rejected"}
            s.flush()
            s.execute(update(ImportRun).where(ImportRun.id == run.id).values(content=None))
        return len(swept)


_GOING = (RunState.REMOVING, RunState.REMOVED)


def _get(s: Session, run_id: int, *states: RunState) -> ImportRun:
    run = s.get(ImportRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound("There is no such import.")
    if run.state not in states:
        raise Conflict(WENT_ON)
    return run


def _view(run: ImportRun, has_file: bool) -> RunView:
    told = run.report
    return RunView(
        RunId(run.id), run.filename, formats.label(run.format), RunState(run.state), run.total, run.position,
        told.get("counts", {}), told.get("done", {}), told.get("undone", {}),
        tuple(Rejected(*one) for one in told.get("rejected", [])), tuple(told.get("extras", [])),
        tuple(told.get("strangers", [])), told.get("fault", ""), run.created_at, run.moved_at, run.by, has_file,
    )  # fmt: skip
