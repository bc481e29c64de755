"""What is promised of delivery, shown in short; ``bench/run faults`` shows it in full."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import empty
from tests.faults.places import Ground
from tests.faults.stage import Place
from tests.faults.table import Promise, cases


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Ground:
    """A database of the test process, as ``database_url`` gives it."""

    @contextmanager
    def at(kind: str, folder: Path) -> Iterator[Place]:
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "perijove.db")
            yield Place(kind, f"sqlite:///{folder}/perijove.db", folder)
            return
        url: str = request.getfixturevalue("postgres_url")
        yield Place(kind, url, folder)
        empty(url)

    return at


@pytest.mark.parametrize(
    ("database", "promise"),
    [pytest.param(kind, one, id=f"{one.id}-{one.play.__name__}-{kind}") for kind, one in cases()],
)
def test_a_promise_holds(database: str, promise: Promise, ground: Ground, tmp_path: Path) -> None:
    row = promise.on(database, tmp_path, promise.small, ground)
    assert row.letters or promise.id == "S1", "no letter was sent"
    assert row.holds, row
