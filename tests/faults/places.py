"""Where a publication may stand for a scenario: on either database, on a disk that may fill up, beside a server that may be restarted."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from blog.db import Database
from blog.upgrading import upgrade
from tests.faults.stage import Place
from tests.postgres import Server

DATABASES = ("sqlite", "postgresql")
Ground = Callable[[str, Path], AbstractContextManager[Place]]


@contextmanager
def steady(kind: str, folder: Path) -> Iterator[Place]:
    """A database of its own; PostgreSQL keeps what it committed through a restart."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(folder, durable=True)) if kind == "postgresql" else None
        url = server.create("perijove") if server else f"sqlite:///{folder}/perijove.db"
        yield _migrated(Place(kind, url, folder, server=server))


@contextmanager
def small_disk(kind: str, folder: Path, megabytes: int = 0) -> Iterator[Place]:
    """The database and the data folder on a disk of so many megabytes that has nothing else on it. Needs root."""
    server = Server(folder, durable=True) if kind == "postgresql" else None
    disk = server.socket if server else folder / "disk"
    disk.mkdir(exist_ok=True)
    size = megabytes or (160 if server else 48)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(disk)], check=True)
    try:
        with ExitStack() as stack:
            if server:
                stack.enter_context(server)
            url = server.create("perijove") if server else f"sqlite:///{disk}/perijove.db"
            yield _migrated(Place(kind, url, folder, server=server, disk=disk))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
        shutil.rmtree(disk, ignore_errors=True)


def _migrated(place: Place) -> Place:
    db = Database(place.url)
    upgrade(db)
    db.close()
    return place
