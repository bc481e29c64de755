"""The wheel, in an environment that has nothing else of ours, serves the site and sends one digest."""

import re
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blog import clock
from tests.walks.conftest import ROOT, Publication, free_port

SOURCE_ONLY = "pyvips,flask-principal"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of commands of a fresh environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("perijove-*.whl")
    run(sys.executable, "-m", "venv", str(folder / "venv"))
    pip = (
        str(folder / "venv" / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    )
    lock = str(ROOT / "requirements" / "run.lock")
    run(*pip, "--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCE_ONLY, "-r", lock)
    run(*pip, "--no-deps", "--no-index", str(wheel))
    yield folder / "venv" / "bin"


def run(*words: str) -> None:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"


def test_the_wheel_serves_the_site_and_sends_one_digest(installed: Path, tmp_path: Path) -> None:
    data, mails = tmp_path / "data", tmp_path / "mails"
    data.mkdir()
    publication = Publication(data, free_port(), smtp_url=f"file://{mails}", program=installed / "perijove")
    publication.command("migrate")
    publication.tick(clock.now() - timedelta(days=2))
    publication.command("demo", "load")
    with publication.served():
        page = urllib.request.urlopen(publication.url).read().decode()
        style = re.search(r'href="(/static/dist/site-[^"]+\.css)"', page)
        assert style and urllib.request.urlopen(publication.url + style[1]).status == 200
    add_reader(data / "perijove.db", "reader@example.org")
    publication.tick((clock.now() + timedelta(days=1)).replace(hour=7, minute=1, tzinfo=UTC))
    (mail,) = mails.glob("*.eml")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail.read_bytes()


def add_reader(database: Path, address: str) -> None:
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    with sqlite3.connect(database) as connection:
        connection.execute(
            "INSERT INTO subscriber (address, address_key, state, source, created_at, asked_at, confirmed_at)"
            " VALUES (?, ?, 'confirmed', '', ?, ?, ?)",
            (address, address, at, at, at),
        )
