"""D6: the database is restarted, locked, or has no connection left, while letters go out."""

import os
import signal

from tests.faults.stage import Row, Stage

CANNOT = "ledger.cannot_be_written"


def away(stage: Stage, readers: int, rounds: int, locked: float) -> Row:
    """PostgreSQL is restarted in the middle of everything; SQLite's lock is held by another for so many seconds."""
    stage.close_edition(readers)
    worker = stage.work()
    share = readers // (rounds + 1)
    for _ in range(rounds):
        stage.comes(stage.recorder.number() + share)
        if stage.place.server:
            stage.place.server.restart()
        else:
            with stage.db.transaction():
                stage.recorder.until(readers + 1, within=locked)
    faults = [] if stage.until(stage.is_done) else ["letters were left"]
    what = "PostgreSQL restarted -m immediate" if stage.place.server else f"SQLite locked for {locked:.0f} s"
    return stage.judge(f"D6 {what}", rounds, faults + stage.part([worker]))


def out_of_connections(stage: Stage, readers: int, patient: bool) -> Row:
    """The pool is empty: until the sender gives up waiting for it and tries again (``patient``), or for a moment."""
    stage.close_edition(readers)
    worker = stage.crowded_worker()
    assert worker.pid
    stage.comes(readers // 4)
    os.kill(worker.pid, signal.SIGUSR1)
    if patient:
        stage.until(lambda: stage.company.says(CANNOT), within=60)
    else:
        stage.recorder.until(readers + 1, within=1)
    stalled = readers - stage.recorder.number()
    os.kill(worker.pid, signal.SIGUSR2)
    faults = [] if stage.until(stage.is_done) else ["letters were left"]
    return stage.judge(
        "D6 pool exhausted", 1, faults + stage.part([worker]), f"{stalled} letters waited for it"
    )
