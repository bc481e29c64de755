"""The wheel, in an environment that has nothing else of ours, serves the site and sends one digest."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from blog import clock
from blog.db import Database
from blog.settings import build
from tests.cast import Newsroom
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
        "--no-compile",  # most of what comes is never imported
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
    publication.tick(clock.now())
    with closing(Database(f"sqlite:///{data / 'perijove.db'}")) as db:
        newsroom = Newsroom(db, build(data=data))
        newsroom.publish("Two moons rise", clock.now())
        newsroom.reader("reader@example.org", clock.now())
    publication.tick((clock.now() + timedelta(days=1)).replace(hour=7, minute=1, tzinfo=UTC))
    (mail,) = mails.glob("*.eml")
    assert b"Subject: Two moons rise" in mail.read_bytes()

    publication.command("demo", "load")
    with publication.served():
        page = urllib.request.urlopen(publication.url).read().decode()
        style = re.search(r'href="(/static/dist/site-[^"]+\.css)"', page)
        assert style and urllib.request.urlopen(publication.url + style[1]).status == 200
        picture = re.search(r'src="(/media/[^"]+)"', page)
        assert picture and urllib.request.urlopen(publication.url + picture[1]).status == 200
