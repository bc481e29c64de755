"""Whole stories: the real processes, a real mail server, a real browser."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from blog import clock
from blog.accounts import staffing
from blog.accounts.roles import RoleName
from blog.db import Database
from tests.conftest import shared
from tests.mailserver import RecordingServer, recording_server

ROOT = Path(__file__).parents[2]
PERIJOVE = Path(sys.executable).parent / "perijove"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ADMINISTRATOR = ("Ada Kovač", "ada@example.org", "a-long-walk-under-stars")


@dataclass
class Publication:
    """A publication in a folder of its own, run by the real commands."""

    data: Path
    port: int
    database_url: str = ""
    smtp_url: str = ""
    more: dict[str, str] = field(default_factory=dict)
    program: Path = PERIJOVE

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "PERIJOVE_DATA": str(self.data), "PERIJOVE_PORT": str(self.port), "PERIJOVE_DATABASE_URL": self.database_url,
            "PERIJOVE_SMTP_URL": self.smtp_url, "PERIJOVE_SENDER": "Perijove <digest@example.org>",
            "PERIJOVE_LOG_LEVEL": "warning", **self.more,
        }  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PERIJOVE_")}
        return kept | {name: value for name, value in own.items() if value}

    def command(self, *words: str, given: str = "") -> str:
        """Runs ``perijove WORDS`` to its end and returns what it printed."""
        done = subprocess.run(
            [self.program, *words],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            cwd=self.data,
            timeout=300,
        )
        assert done.returncode == 0, (
            f"perijove {words[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self.program, *words], env=self.environment, cwd=self.data, start_new_session=True
        )

    def tick(self, at: datetime) -> None:
        """One tick of the clock as if it were ``at``."""
        self.command("clock", "--once", "--at", at.isoformat())

    @contextmanager
    def served(self) -> Iterator[None]:
        process = self.start("web")
        try:
            self.wait_for(process)
            yield
        finally:
            process.terminate()
            process.wait()

    def wait_for(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/robots.txt", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)  # a process outside ours is starting: nothing tells when it listens
        pytest.fail("the web server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def add_administrator(publication: Publication) -> None:
    name, email, password = ADMINISTRATOR
    publication.command("create-admin", "--name", name, "--email", email, "--password-stdin", given=password)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for all walks of this process."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI must run every test")
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_server(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The demonstration publication, served; for looking, not for changing."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demonstration, data)
    publication = Publication(data, free_port())
    with publication.served():
        yield publication


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's data folder, to be copied; made by whichever test process comes first: drawing the pictures takes a while."""
    base = shared(tmp_path_factory)
    made = Publication(base / "demonstration", free_port())
    with (base / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.data.exists():
            made.data.mkdir()
            made.command("up", "--demo", "--prepare")
            add_administrator(made)
    return made.data


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[RecordingServer]:
    folder = tmp_path / "mail"
    folder.mkdir()
    with recording_server(folder) as server:
        yield server


@pytest.fixture
def publication(tmp_path: Path, database_url: str, mail_server: RecordingServer) -> Iterator[Publication]:
    """An empty publication with an administrator, on each database, that mails through ``mail_server``."""
    data = tmp_path / "data"
    data.mkdir()
    is_sqlite = database_url.startswith("sqlite")
    if is_sqlite:
        (tmp_path / "perijove.db").rename(data / "perijove.db")
    made = Publication(data, free_port(), "" if is_sqlite else database_url, mail_server.url)
    # As the commands do it, which other walks show: two processes less for each of these.
    db = Database(f"sqlite:///{data / 'perijove.db'}" if is_sqlite else database_url)
    staffing.make(db, *ADMINISTRATOR, RoleName.ADMINISTRATOR, clock.now())
    db.close()
    with made.served():
        yield made


def sign_in(page: Page, publication: Publication) -> None:
    _, email, password = ADMINISTRATOR
    page.goto(f"{publication.url}/studio/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").first.fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{publication.url}/studio")


def faults(page: Page | BrowserContext) -> list[str]:
    """What axe finds on the page, one line a fault."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [
        f"{fault['id']}: {fault['help']} at {fault['nodes'][0]['target']} {fault['nodes'][0]['html'][:120]}"
        for fault in found.response["violations"]
    ]
