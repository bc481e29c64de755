"""What the clock calls: a stretch of work on the oldest import that waits for some, whatever that is.

Any number of processes may call it. One claims an import; should two work on it all the same, the position on its row lets
each chunk count once.
"""

from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from blog.db import Database
from blog.settings import Settings
from newsletter.moving import checking, holding, taking, undoing
from newsletter.moving.holding import Held
from newsletter.moving.model import ImportRun, RunState

log = structlog.get_logger()
FAULT = (
    "Something broke on our side while this file was worked on. What came before stays; you can let it go on."
)


def run_due(db: Database, at: datetime, settings: Settings, most_seconds: float = 20.0) -> int:
    """Checks, takes in or takes back for about so long. Returns how many lines or readers were done; 0: nothing is due."""
    held = holding.claim(db, at, most_seconds)
    if held is None:
        return 0
    try:
        return _work(db, held, settings)
    except (OperationalError, InterfaceError):
        raise  # The database is away or busy; the next beat goes on from the last chunk.
    except Exception as error:
        # Only its kind: what the database says may quote a line of the file.
        log.error("import.failed", run=held.id, error=type(error).__name__)
        _fail(db, held)
        return 0
    finally:
        holding.release(db, held)


def is_anything_due(db: Database, at: datetime) -> bool:
    """A cheap look: is there an import with something to do that nobody works on?"""
    return holding.find_free(db, at) is not None


def _work(db: Database, held: Held, settings: Settings) -> int:
    if held.state == RunState.CHECKING:
        return checking.check(db, held, settings)
    if held.state == RunState.RUNNING:
        return taking.take(db, held, settings)
    return undoing.undo(db, held)


def _fail(db: Database, held: Held) -> None:
    with db.transaction() as s:
        run = s.get(ImportRun, held.id, with_for_update=True)
        if run:
            holding.write(run, fault=FAULT, failed_in=held.state.value)
            run.state = RunState.FAILED
