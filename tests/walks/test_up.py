"""One command: `perijove up` tells where everything is, brings back a process that dies, and ends them all at Ctrl+C."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.walks.conftest import PERIJOVE, Publication, free_port


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[Publication, subprocess.Popen[str], str]]:
    """A running `perijove up` on a fresh folder, and what it said once the site was open."""
    mailbox = {"PERIJOVE_MAILBOX_PORT": str(free_port())}
    publication = Publication(tmp_path, free_port(), more=mailbox)
    process = subprocess.Popen(
        [PERIJOVE, "up"],
        env=publication.environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = ""
    assert process.stdout
    while "It works once" not in said:
        line = process.stdout.readline()
        assert line, f"it ended early, after saying:\n{said}"
        said += line
    said += process.stdout.readline()
    yield publication, process, said
    process.terminate()
    process.wait(60)
    process.stdout.close()


def test_it_tells_where_everything_is_and_ends_at_ctrl_c(
    started: tuple[Publication, subprocess.Popen[str], str],
) -> None:
    publication, process, said = started
    assert f"{publication.url}/studio/mailbox" in said
    invitation = re.search(r"http://\S+/studio/invitation/\S+", said)
    assert invitation and urllib.request.urlopen(invitation[0]).status == 200
    children = family(process.pid)
    assert len(children) >= 4, "web and its workers, clock, mailbox"
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_process_that_is_killed_comes_back(started: tuple[Publication, subprocess.Popen[str], str]) -> None:
    publication, process, _ = started
    (web,) = [pid for pid in family(process.pid) if parent(pid) == process.pid and "granian" in words(pid)]
    os.killpg(web, signal.SIGKILL)
    until(lambda: answers(publication.url), "the site is back")


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Waits for processes outside ours; nothing else tells when they are ready."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=5).status == 200)
    except OSError:
        return False


def family(root: int) -> set[int]:
    """Every process that descends from ``root``."""
    known = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found, more = set[int](), {root}
    while more:
        more = {pid for pid in known - found if parent(pid) in more}
        found |= more
    return found


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
