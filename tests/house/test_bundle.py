"""The files in static/dist are what frontend/ builds, byte for byte, and the front end's own tests pass."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "static" / "dist"
FRONTEND = ROOT / "frontend"
HEAVIEST = {"editor.js": 120, "lightbox.js": 24, "site.js": 6, "site.css": 14, "studio.css": 20}
"""KB, packed by gzip."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sources with its packages installed from the lock file, and nothing else."""
    if shutil.which("npm") is None:
        reason = (
            "npm is not installed, so the bundle cannot be rebuilt and compared (Debian: apt-get install npm)"
        )
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    shop = tmp_path_factory.mktemp("workshop")
    shutil.copytree(FRONTEND, shop / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(ROOT / "themes", shop / "themes")
    spec = Path("blog/posts/document.json")
    (shop / spec).parent.mkdir(parents=True)
    shutil.copy(ROOT / spec, shop / spec)
    npm(shop, "ci", "--prefer-offline", "--no-audit", "--no-fund")
    yield shop


def npm(shop: Path, *words: str) -> str:
    done = subprocess.run(
        ["npm", *words], cwd=shop / "frontend", capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"npm {' '.join(words)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in (".js", ".css", ".json")}


def test_the_built_files_are_what_the_sources_build(workshop: Path) -> None:
    npm(workshop, "run", "build", "--", str(workshop / "dist"))
    built, committed = files(workshop / "dist"), files(DIST)
    assert sorted(built) == sorted(committed), "run `npm run build` in frontend/ and commit static/dist"
    assert [name for name in built if built[name] != committed[name]] == []


def test_the_front_ends_own_tests_pass(workshop: Path) -> None:
    told = npm(workshop, "test", "--", "--test-reporter=tap")
    assert re.search(r"^# pass [1-9]", told, re.MULTILINE), told[-2000:]
    assert re.search(r"^# skipped 0$", told, re.MULTILINE), told[-2000:]


def test_the_manifest_names_a_packed_file_for_every_entry() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text())
    assert list(manifest) == sorted(manifest)
    assert {
        "site.css",
        "studio.css",
        "editor.css",
        "site.js",
        "lightbox.js",
        "studio.js",
        "editor.js",
    } <= manifest.keys()
    for name in manifest.values():
        assert all((DIST / f"{name}{ending}").is_file() for ending in ("", ".br", ".gz")), name


def test_no_built_file_is_heavier_than_its_budget() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text())
    weights = {entry: (DIST / f"{manifest[entry]}.gz").stat().st_size / 1024 for entry in HEAVIEST}
    assert {entry: round(kb) for entry, kb in weights.items() if kb > HEAVIEST[entry]} == {}


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        package.pop("funding", None)
        assert not re.search("https?:", json.dumps(package)), path
        assert path == "" or package["integrity"]


def test_there_is_one_copy_of_each_part_of_the_editor() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    parts = [path.rsplit("node_modules/", 1)[-1] for path in packages if "prosemirror-" in path]
    assert sorted(set(parts)) == sorted(parts)
