"""Keeps one workshop child per process and hands it jobs, one at a time. ``intake.py`` and ``renditions.py`` ask it."""

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blog.images.likeness import likeness_of
from blog.images.storage import FULL
from blog.refusals import Invalid, Unavailable

PROGRAM = Path(__file__).with_name("workshop.py")
JOBS_BEFORE_RECYCLING = 40
QUICK_SECONDS = 60.0
RENDER_SECONDS = 180.0

BROKEN = "This picture is damaged or cut short. Open it in a picture editor, save it again and try that copy."
TOO_SLOW = "This picture took too long to open. Export it as a JPEG and try that copy."
BUSY = "Many pictures are being taken in just now. Nothing was saved. Try again in a minute."


@dataclass(frozen=True)
class Header:
    width: int
    height: int
    """Upright, in pixels."""
    xmp: str
    iptc: bytes
    exif: bytes
    """Notes in the file, as they are; empty where there are none."""


@dataclass(frozen=True)
class Sample:
    colour: str
    placeholder: str
    likeness: str


def inspect(source: Path) -> Header:
    """Size and metadata from the header alone. Raises Invalid with a sentence for a file that cannot be read."""
    told = _foreman.ask({"do": "inspect", "source": str(source)}, QUICK_SECONDS)
    return Header(
        told["width"], told["height"], told["xmp"], b64decode(told["iptc"]), b64decode(told["exif"])
    )


def quick(source: Path, folder: Path, names: Sequence[str], crisp: bool, words: str = "") -> Sample:
    """Writes ``names`` into ``folder`` while a person waits, and decodes the whole picture once: a broken one is Invalid."""
    return _ask_for(source, folder, names, crisp, words, (50, 50), QUICK_SECONDS)


def render(
    source: Path, folder: Path, names: Sequence[str], crisp: bool, focal: tuple[int, int], words: str = ""
) -> Sample:
    """Writes ``names`` into ``folder``, each with the XMP packet ``words``; ``focal`` in percent places the square."""
    return _ask_for(source, folder, names, crisp, words, focal, RENDER_SECONDS)


def _ask_for(
    source: Path,
    folder: Path,
    names: Sequence[str],
    crisp: bool,
    words: str,
    focal: tuple[int, int],
    seconds: float,
) -> Sample:
    job = {
        "do": "render",
        "source": str(source),
        "folder": str(folder),
        "names": list(names),
        "crisp": crisp,
        "words": words,
        "focal": focal,
    }
    told = _foreman.ask(job, seconds)
    return Sample(told["colour"], told["placeholder"], likeness_of(b64decode(told["grey"])))


class Foreman:
    """Safe to share between threads. Starts its child on the first job; the child ends with this process."""

    def __init__(self, program: Path = PROGRAM) -> None:
        self.program = program
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._jobs = 0

    def ask(self, job: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """The child's answer. A child that dies is replaced and the job tried once more, then the picture is called Invalid."""
        if not self._turn.acquire(timeout=seconds):
            raise Unavailable(BUSY)
        try:
            answer = self._try(job, seconds) or self._try(job, seconds)
        finally:
            self._turn.release()
        if answer is None or answer.get("fault") == "broken":
            raise Invalid(BROKEN)
        if answer.get("fault") == "full":
            raise Unavailable(FULL)
        return answer

    def stop(self) -> None:
        """Ends the child, mid-job or not. The next job starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _try(self, job: Mapping[str, object], seconds: float) -> dict[str, Any] | None:
        """None when the child died without an answer."""
        child = self._ready_child()
        try:
            _tell(child, job)
            line = _hear(child, seconds)
        except TimeoutError:
            self.stop()
            raise Invalid(TOO_SLOW) from None
        except OSError:
            self.stop()
            return None
        answer: dict[str, Any] = json.loads(line) | {"answered": True}
        return answer

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the child belongs to the other process; its pipe must not be shared.
            self._child, self._owner = None, os.getpid()
            atexit.register(self.stop)
        self._jobs += 1
        if self._jobs > JOBS_BEFORE_RECYCLING:
            self.stop()
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child, self._jobs = _start(self.program), 1
        return self._child


_foreman = Foreman()


def surroundings() -> dict[str, str]:
    """What a child is handed on of our environment: none of the settings, in which secrets stand."""
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}


def _start(program: Path) -> subprocess.Popen[bytes]:
    # What is freed goes back to the system at once: without the thresholds a child keeps up to 100 MB of it.
    settings = {
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": "1",
        "VIPS_WARNING": "0",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "131072",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }
    return subprocess.Popen(
        [sys.executable, "-I", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={**surroundings(), **settings, "LANG": "C.UTF-8"},
        start_new_session=True,
    )


def _tell(child: subprocess.Popen[bytes], job: Mapping[str, object]) -> None:
    assert child.stdin
    child.stdin.write(json.dumps(job).encode() + b"\n")


def _hear(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    assert child.stdout
    heard, deadline = b"", time.monotonic() + seconds
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        while not heard.endswith(b"\n"):
            if not waiting.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(child.stdout.fileno(), 1 << 16)
            if not piece:
                raise BrokenPipeError
            heard += piece
    return heard
