"""D5: the disk is full, then freed: whatever was going on goes on by itself."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.faults.stage import Row, Stage


def full_then_freed(stage: Stage, readers: int, killed: bool = True) -> Row:
    """Once while a sender works, and once more with the sender killed meanwhile, so that its journal is found on a full disk."""
    assert stage.place.disk
    stage.close_edition(readers)
    filler, rounds, faults = stage.place.disk / "filler", (False, True) if killed else (False,), list[str]()
    # At a pace, so that the edition is not over before the disk is full.
    paced = f"smtp://127.0.0.1:{stage.recorder.port}?per_second={readers // 4}"
    worker = stage.work(smtp_url=paced)
    for number, dies in enumerate(rounds, 1):
        stage.comes(number * readers // 4)
        spoken = stage.company.log.stat().st_size
        fill(stage, filler)
        if not stage.until(lambda at=spoken: is_noticed(stage, at), within=60):  # type: ignore[misc]
            faults.append("nobody noticed")
        if dies:
            stage.kill(worker)
            spoken = stage.company.log.stat().st_size
            worker = stage.work(smtp_url=paced)
            stage.until(lambda at=spoken: stage.company.says("clock.beat_failed", at), within=30)  # type: ignore[misc]
        filler.unlink()
        revive(stage)
    faults += [] if stage.until(stage.is_done, within=120) else ["letters were left"]
    faults += stage.part([worker]) + unsound(stage)
    return stage.judge("D5 disk full, then freed", len(rounds), faults)


def fill(stage: Stage, filler: Path) -> None:
    """To the last byte; what SQLite's log occupies is taken from it first, so that it has to grow again."""
    with filler.open("wb", buffering=0) as file:
        for _ in range(3):
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                shorten_log(stage)


def shorten_log(stage: Stage) -> None:
    if stage.db.is_sqlite:
        with stage.db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            with suppress(OperationalError):  # It has no room even for that.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def is_noticed(stage: Stage, since: int) -> bool:
    return stage.company.says("cannot_be_written", since) or stage.company.says("beat_failed", since)


def revive(stage: Stage) -> None:
    """PostgreSQL ends itself when its own log finds no room; what supervises it starts it again."""
    server = stage.place.server
    if server and server.process and server.process.poll() is not None:
        server.start()


def unsound(stage: Stage) -> list[str]:
    if not stage.db.is_sqlite:
        return []
    with stage.db.reading() as s:
        said = s.scalar(text("PRAGMA integrity_check"))
    return [] if said == "ok" else [f"integrity check: {said}"]
