"""A database is brought to the present shape once, whoever starts at the same moment."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from blog.db import Database
from blog.upgrading import upgrade
from blog.work import _steps
from tests.postgres import Server

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from blog.db import Database
from blog.upgrading import upgrade
print("ready", flush=True)
sys.stdin.readline()
upgrade(Database(sys.argv[1]))
"""


def test_several_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/perijove.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == b"ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0]
    made = Database(url)
    assert "letter" in inspect(made.engine).get_table_names()
    upgrade(made)
    made.close()


@pytest.mark.parametrize(
    "left_at", ["03.00.00_50_post_cancel_notification.sql", "03.03.00_01_pre_priority_lock_fetch_job.sql"]
)
def test_the_engines_tables_follow_its_release_and_jobs_that_wait_stay(
    postgres: Server, left_at: str
) -> None:
    """As a database looks that an older release of the engine left: its steps up to some point, one job waiting."""
    fresh = Database(postgres.create(f"fresh{left_at[:5]}"))
    upgrade(fresh)
    old = Database(postgres.create(f"old{left_at[:5]}"))
    with old.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw
        waiting = "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('letters:', 'send:')"
        steps = [one.read_text() for one in _steps() if one.name <= left_at]
        for words in (*steps, waiting, f"COMMENT ON TABLE procrastinate_jobs IS '{left_at}'"):
            raw.execute(words)
            raw.commit()
    upgrade(old)
    upgrade(old)
    assert shape(old) == shape(fresh)
    with old.reading() as s:
        assert s.scalar(text("SELECT task_name FROM procrastinate_jobs")) == "send:"
    old.close()
    fresh.close()


def shape(db: Database) -> list[tuple[str, str]]:
    """The engine's columns and functions."""
    words = """
        SELECT table_name || '.' || column_name, data_type FROM information_schema.columns WHERE table_name LIKE 'procrastinate%'
        UNION ALL SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc WHERE proname LIKE 'procrastinate%' ORDER BY 1, 2
    """
    with db.reading() as s:
        return [(name, kind) for name, kind in s.execute(text(words))]
