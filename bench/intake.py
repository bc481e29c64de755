"""Memory of taking a large TIFF in, and of making every size and tile of it, beside libvips alone making one small JPEG.

What is counted is the process that does it and the workshop child that decodes, each at its most, over what both held
after a small picture: more than they ever held at once, never less.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bench.measure import Measure, within

LIMIT = 150.0
"""MiB beyond the idle worker."""
PATIENCE = 20.0
"""Seconds that an editor waits for the answer, at most."""
SIDES = {"100 MP": (10_000, 10_000), "200 MP": (20_000, 10_000)}
QUICK_SIDES = {"10 MP": (3_200, 3_200)}

DRAW = """
import sys, pyvips
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
noise = pyvips.Image.gaussnoise(width, height, mean=120, sigma=30)
sky = noise.bandjoin([noise * 0.8 + 10, noise * 1.1 - 5]).cast("uchar").copy(interpretation="srgb")
sky.tiffsave(path)
"""
ALONE = """
import sys, pyvips
print("idle", flush=True); sys.stdin.readline()
pyvips.Image.thumbnail(sys.argv[1], 960, size="down").jpegsave(sys.argv[2], Q=82)
print("done", flush=True); sys.stdin.readline()
"""
WORKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from blog.db import Database
from blog.images import intake, renditions
from blog.images.storage import Disk
from blog.upgrading import upgrade

folder, tiff, small = map(Path, sys.argv[1:])
db, disk, now = Database(f"sqlite:///{folder}/bench.db"), Disk(folder / "media"), datetime.now(UTC)
upgrade(db)

def take(path):
    intake.take_in(db, disk, path, path.name, None, now)

def render(_path):
    if not renditions.render_due(db, disk, now):
        sys.exit("nothing was rendered")

take(small)
render(small)
for deed in (take, render):
    print("idle", flush=True); sys.stdin.readline()
    deed(tiff)
    print("done", flush=True); sys.stdin.readline()
"""


def run(*, quick: bool) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="perijove-bench-") as name:
        folder = Path(name)
        small = _drawn(folder / "small.tif", 1200, 800)
        for label, (width, height) in (QUICK_SIDES if quick else SIDES).items():
            tiff = _drawn(folder / "large.tif", width, height)
            with _started(ALONE, tiff, folder / "alone.jpg") as alone:
                ceiling, ceiling_seconds = _most(alone, _idle(alone))
            # The TIFF was read a moment ago in both cases, so neither waits for the disk.
            with _started(WORKER, _fresh(folder), tiff, small) as worker:
                idle = _idle(worker)
                taken, seconds = _most(worker, idle)
                _hear(worker.stdout, "idle")
                rendered, _ = _most(worker, idle)
            yield within(f"TIFF of {label}, taken in: memory beyond idle", taken, "MiB", LIMIT, ceiling)
            yield within(f"TIFF of {label}, all sizes and tiles: memory", rendered, "MiB", LIMIT, ceiling)
            yield within(f"TIFF of {label}, taken in: time", seconds, "s", PATIENCE, ceiling_seconds)


def _fresh(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def _drawn(path: Path, width: int, height: int) -> Path:
    subprocess.run([sys.executable, "-c", DRAW, str(path), str(width), str(height)], check=True)
    return path


@contextmanager
def _started(program: str, *words: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _idle(process: subprocess.Popen[str]) -> float:
    """MiB that it holds before the first large deed."""
    _hear(process.stdout, "idle")
    return sum(_memory(pid, "VmRSS") for pid in [process.pid, *_children(process.pid)])


def _most(process: subprocess.Popen[str], idle: float) -> tuple[float, float]:
    """MiB at the most over ``idle``, and seconds, of the next deed."""
    for pid in [process.pid, *_children(process.pid)]:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    began = time.monotonic()
    _tell(process.stdin)
    _hear(process.stdout, "done")
    seconds = time.monotonic() - began
    most = sum(_memory(pid, "VmHWM") for pid in {process.pid, *_children(process.pid)})
    _tell(process.stdin)
    return most - idle, seconds


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int, what: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def _hear(pipe: IO[str] | None, word: str) -> None:
    if pipe is None or pipe.readline().strip() != word:
        sys.exit(f"the process that is measured never said “{word}”")


def _tell(pipe: IO[str] | None) -> None:
    assert pipe
    pipe.write("\n")
    pipe.flush()
