"""Random walks through a newsroom, each from an empty database. Used by the state machines of this folder."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from blog.db import Database
from blog.settings import Settings, build
from tests.cast import Newsroom
from tests.conftest import empty


def walk(
    machine: type[RuleBasedStateMachine], make: Callable[[], Newsroom], examples: int, steps: int
) -> None:
    run_state_machine_as_test(
        type(machine.__name__, (machine,), {"make": staticmethod(make)}),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    return build(data=tmp_path, site_url="http://localhost:8000", secret_key="a-key-for-tests-only")


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path, plain: Settings) -> Callable[[], Newsroom]:
    def fresh() -> Newsroom:
        path = tmp_path / "perijove.db"
        for old in tmp_path.glob("perijove.db*"):
            old.unlink()
        shutil.copy(sqlite_template, path)
        return Newsroom(Database(f"sqlite:///{path}"), plain)

    return fresh


@pytest.fixture
def fresh_postgres(postgres_url: str, plain: Settings) -> Iterator[Callable[[], Newsroom]]:
    def fresh() -> Newsroom:
        empty(postgres_url)
        return Newsroom(Database(postgres_url), plain)

    yield fresh
    empty(postgres_url)
