"""The two databases, the clock of the tests and the cast. Every test that asks for ``db`` runs once on each database."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

import blog.models  # noqa: F401
import newsletter.models  # noqa: F401
from blog.db import Base, Database
from blog.settings import Settings, build
from blog.upgrading import upgrade
from tests.postgres import Server
from tests.routes import RememberedRule

pytest_plugins = ["tests.cast"]

OF_THE_ENGINE = [f"procrastinate_{name}" for name in ("events", "periodic_defers", "jobs", "workers")]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday noon that stands for "now" wherever a test does not care."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long walks first, so that short tests fill what is left of two processes."""
    items.sort(key=lambda item: "walks" not in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def applications_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test has an application of its own; compiling its templates and addresses anew would be most of its time."""
    templates = shared(tmp_path_factory) / "templates"
    templates.mkdir(exist_ok=True)
    kept = FileSystemBytecodeCache(str(templates))
    Flask.jinja_options = {"bytecode_cache": kept}
    Flask.url_rule_class = RememberedRule


def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, which all its test processes see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file, copied for each test; made by whichever test process comes first."""
    path = shared(tmp_path_factory) / "empty.db"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            made = Database(f"sqlite:///{path.with_suffix('.new')}")
            upgrade(made)
            with made.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            made.close()
            path.with_suffix(".new").rename(path)
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One PostgreSQL server for this test process, without durability; skipped loudly where none is installed."""
    if not Server.is_installed():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must run every test")
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with Server(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    url = postgres.create("perijove")
    made = Database(url)
    upgrade(made)
    made.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database that this test has to itself."""
    if request.param == "sqlite":
        path = tmp_path / "perijove.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("postgres_url")
    yield url
    empty(url)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a publication that lives in this test's own folder, on the database of ``db``."""
    data = tmp_path / "data"
    data.mkdir()
    url = "" if database_url.startswith("sqlite") else database_url
    made = build(
        data=data, database_url=url, site_url="http://localhost:8000", secret_key="a-key-for-tests-only"
    )
    if not url:
        (data / "perijove.db").symlink_to(tmp_path / "perijove.db")
    return made


def empty(url: str) -> None:
    """Takes every row out of a PostgreSQL database and starts its numbers anew; open transactions of a test are ended.

    Only where there are rows, and by DELETE: TRUNCATE makes new files for every table and index, which takes ten times as long.
    """
    made = Database(url)
    names = [*(table.name for table in Base.metadata.sorted_tables), *OF_THE_ENGINE]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    with made.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys need no care
        for name in connection.scalars(text(filled)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))
        connection.execute(
            text(
                "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        )
    made.close()
