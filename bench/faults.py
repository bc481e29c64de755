"""Every promise of delivery in full, on both databases: who was missed, who got a second copy, whether the books balance.

``bench/run faults D1 S2`` plays some; ``--quick`` plays them small.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path

from blog.db import Database
from blog.upgrading import upgrade
from tests.faults.places import DATABASES
from tests.faults.stage import Place, Row, together
from tests.faults.table import PROMISES, cases
from tests.postgres import Server

ROWS = tuple(dict.fromkeys(promise.id for promise in PROMISES))


def run(*, quick: bool, only: Sequence[str] = ()) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="perijove-faults-")))
        grounds = Grounds(folder, stack)
        for kind, promise in cases():
            if only and promise.id not in only:
                continue
            size = promise.small if quick else promise.full
            yield together([
                promise.on(kind, grounds.folder(), size, grounds.at) for _ in range(1 if quick else promise.runs)
            ])  # fmt: skip


class Grounds:
    """A migrated database for every run, copied from one that was migrated once."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._numbers = folder, count(1)
        self._server = stack.enter_context(Server(folder, durable=True)) if Server.is_installed() else None
        assert self._server, "This needs PostgreSQL too: apt-get install postgresql"
        self._urls = {
            "sqlite": f"sqlite:///{folder}/template.db",
            "postgresql": self._server.create("template"),
        }
        for kind in DATABASES:
            db = Database(self._urls[kind])
            upgrade(db)
            if db.is_sqlite:
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.close()

    def folder(self) -> Path:
        made = self._folder / f"run{next(self._numbers)}"
        made.mkdir()
        return made

    @contextmanager
    def at(self, kind: str, folder: Path) -> Iterator[Place]:
        if kind == "sqlite":
            shutil.copy(self._folder / "template.db", folder / "perijove.db")
            yield Place(kind, f"sqlite:///{folder}/perijove.db", folder)
        else:
            assert self._server
            yield Place(kind, self._server.create(folder.name, like="template"), folder)


def show(row: Row, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(row) | {"holds": row.holds}), flush=True)
        return
    books = "books balance" if row.balanced else "BOOKS DO NOT BALANCE"
    print(
        f"{row.promise:<42}{row.database:<12}{row.letters:>7} letters {row.rounds:>4} rounds {row.lost:>3} lost {row.duplicates:>4}"
        f" duplicates {row.connections:>3} connections  {books}  {'holds' if row.holds else 'DOES NOT HOLD'}"
        f"  {'; '.join((row.note, *row.faults)).strip('; ')}",
        flush=True,
    )
