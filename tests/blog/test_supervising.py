"""Children that run side by side, end in order, and never outlive the one who started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CHILD = """
import signal, sys, time
from pathlib import Path
name, slow = sys.argv[1], float(sys.argv[2])
def end(*_):
    time.sleep(slow)
    with open("ended", "a") as file:
        file.write(name + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
Path(name).touch()
time.sleep(60)
"""
PARENT = """
import sys
from blog.supervising import Supervisor
child = [sys.executable, "child.py"]
commands = {"mailbox": [*child, "mailbox", "0"], "clock": [*child, "clock", "0.5"]}
sys.exit(Supervisor(commands, last=("mailbox",)).run())
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def parent(tmp_path: Path) -> subprocess.Popen[bytes]:
    (tmp_path / "child.py").write_text(CHILD)
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    wait_until(lambda: (tmp_path / "mailbox").exists() and (tmp_path / "clock").exists())
    return started


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_ends_the_mailbox_after_those_who_still_write_to_it(
    parent: subprocess.Popen[bytes], tmp_path: Path, number: int
) -> None:
    parent.send_signal(number)
    assert parent.wait(20) == 0
    assert (tmp_path / "ended").read_text().split() == ["clock", "mailbox"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killed_without_a_word_it_leaves_nobody_behind(
    parent: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    parent.kill()
    parent.wait()
    ended = tmp_path / "ended"
    wait_until(lambda: ended.exists() and sorted(ended.read_text().split()) == ["clock", "mailbox"])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # processes outside ours: nothing tells
