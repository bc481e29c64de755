"""One command: `perijove up` tells where everything is, brings back a process that dies, and ends them all at Ctrl+C."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mailserver import RecordingServer
from tests.postgres import Server
from tests.walks.conftest import PERIJOVE, Publication, free_port


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[Publication, subprocess.Popen[str], str]]:
    """A running `perijove up` on a fresh folder, and what it said once the site was open."""
    mailbox = {"PERIJOVE_MAILBOX_PORT": str(free_port())}
    publication = Publication(tmp_path, free_port(), more=mailbox)
    with up(publication) as (process, said):
        yield publication, process, said


@contextmanager
def up(publication: Publication) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [PERIJOVE, "up"],
        env=publication.environment,
        cwd=publication.data,
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
    yield process, said
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
    until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()], "they have all ended", 5)


def test_a_process_that_is_killed_comes_back(started: tuple[Publication, subprocess.Popen[str], str]) -> None:
    publication, process, _ = started
    (web,) = [
        pid for pid in family(process.pid) if parent(pid) == process.pid and "blog.web.server" in words(pid)
    ]
    worker, *_ = [pid for pid in family(web) if pid != web]
    os.kill(worker, signal.SIGKILL)
    until(lambda: len(family(web) - {web, worker}) == 2, "there are two workers again")
    os.kill(web, signal.SIGKILL)
    until(lambda: answers(publication.url), "the site is back")


def test_on_postgresql_workers_send_a_confirmation_within_seconds_also_after_one_was_killed(
    tmp_path: Path, postgres: Server, mail_server: RecordingServer
) -> None:
    url = postgres.create("up")
    publication = Publication(tmp_path, free_port(), url, mail_server.url)
    with up(publication) as (process, _):
        sign_up(publication, "ann@example.org")
        until(lambda: mail_server.copies() == {"ann@example.org": 1}, "the first confirmation")
        sign_up(publication, "bob@example.org")
        asked = time.time()
        until(lambda: mail_server.copies()["bob@example.org"] == 1, "the second confirmation")
        assert mail_server.received[-1].at - asked < 10
        (worker,) = [pid for pid in family(process.pid) if words(pid).endswith("perijove worker ")]
        os.kill(worker, signal.SIGKILL)
        sign_up(publication, "cleo@example.org")
        until(lambda: mail_server.copies()["cleo@example.org"] == 1, "the confirmation by the next worker")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert set(mail_server.copies().values()) == {1}


def sign_up(publication: Publication, address: str) -> None:
    body = json.dumps({"email": address}).encode()
    asked = urllib.request.Request(
        f"{publication.url}/api/subscribers", body, {"Content-Type": "application/json"}
    )
    assert urllib.request.urlopen(asked, timeout=20).status == 202


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
