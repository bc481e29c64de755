"""A database is brought to the present shape once, whoever starts at the same moment."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect

from blog.db import Database
from blog.upgrading import upgrade

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
