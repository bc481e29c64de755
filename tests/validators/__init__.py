"""Judges that are not ours, installed from their lock file: html-validate, schema.org's types, Google's rules for rich results,
the parsers of sitemaps and of JSON Feed, and Lighthouse."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FLAGS = "--headless=new --no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run"
TRIES = 5
"""Now and then Chromium begins before Lighthouse looks (NO_NAVSTART), which Lighthouse asks to try again."""


def installed(shop: Path) -> Path:
    """The folder with the judges in it, made by whichever test process comes first."""
    with shop.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shop.exists():
            making = shop.with_suffix(".new")
            making.mkdir()
            for name in ("package.json", "package-lock.json", "judge.mjs"):
                shutil.copy(HERE / name, making / name)
            _run(making, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            making.rename(shop)
    return shop


def judge(shop: Path, folder: Path) -> dict[str, Any]:
    """How many of each kind in ``folder`` were ``judged``, and what was ``found`` wrong, by file."""
    told: dict[str, Any] = json.loads(_run(shop, "node", "judge.mjs", str(folder)))
    return told


def lighthouse(shop: Path, url: str, chromium: str) -> dict[str, Any]:
    """Lighthouse's report on ``url`` as it looks by default: as a phone of the middle class on slow 4G, which it simulates."""
    for _ in range(TRIES):
        told = _run(
            shop, "node", "node_modules/lighthouse/cli/index.js", url, "--quiet", "--output=json", "--output-path=stdout",
            f"--chrome-flags={FLAGS}", CHROME_PATH=chromium,
        )  # fmt: skip
        report: dict[str, Any] = json.loads(told)
        if "runtimeError" not in report:
            return report
    raise AssertionError(report["runtimeError"])


def _run(shop: Path, *words: str, **more: str) -> str:
    done = subprocess.run(
        words, cwd=shop, env={**os.environ, **more}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0 or "NO_NAVSTART" in done.stderr, (
        f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    )
    return done.stdout
