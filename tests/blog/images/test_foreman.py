"""A child that dies, hangs or babbles costs one picture at most, never the process that asked."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blog.images.foreman import JOBS_BEFORE_RECYCLING, Foreman
from blog.refusals import Invalid, Unavailable
from tests.blog.images import drawing

Programs = Callable[[str], Foreman]


@pytest.fixture
def foreman_of(tmp_path: Path) -> Iterator[Programs]:
    """A foreman of a child that runs ``body`` for each job it reads into ``line``."""
    made: list[Foreman] = []

    def make(body: str) -> Foreman:
        program = tmp_path / "child.py"
        program.write_text(
            f"import json, os, sys, time\nmark = {str(tmp_path / 'mark')!r}\nfor line in sys.stdin:\n    {body}\n"
        )
        made.append(Foreman(program))
        return made[-1]

    yield make
    for foreman in made:
        foreman.stop()


def test_a_child_killed_in_the_middle_of_a_job_is_replaced_and_the_job_done(foreman_of: Programs) -> None:
    foreman = foreman_of(
        "if not os.path.exists(mark): open(mark, 'w').close(); os.kill(os.getpid(), 9)\n    print(json.dumps({'colour': 'red'}), flush=True)"
    )
    assert foreman.ask({"do": "x"}, 20)["colour"] == "red"


def test_a_picture_that_kills_the_child_twice_is_refused(foreman_of: Programs) -> None:
    foreman = foreman_of("os.kill(os.getpid(), 11)")
    with pytest.raises(Invalid, match="damaged"):
        foreman.ask({"do": "x"}, 20)


def test_a_job_that_takes_too_long_is_ended_and_the_next_one_done(foreman_of: Programs) -> None:
    foreman = foreman_of(
        "time.sleep(60) if 'slow' in line else print(json.dumps({'pid': os.getpid()}), flush=True)"
    )
    before = foreman.ask({"do": "quick"}, 20)["pid"]
    started = time.monotonic()
    with pytest.raises(Invalid, match="took too long"):
        foreman.ask({"do": "slow"}, 0.2)
    assert time.monotonic() - started < 10
    assert foreman.ask({"do": "quick"}, 20)["pid"] != before
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_a_disk_that_is_full_for_the_child_is_our_fault_and_not_the_picture_s(foreman_of: Programs) -> None:
    foreman = foreman_of(
        "print(json.dumps({'fault': 'full', 'detail': 'No space left on device'}), flush=True)"
    )
    with pytest.raises(Unavailable, match="disk is full"):
        foreman.ask({"do": "x"}, 20)


def test_a_child_is_replaced_after_its_share_of_jobs(foreman_of: Programs) -> None:
    foreman = foreman_of("print(json.dumps({'pid': os.getpid()}), flush=True)")
    pids = [foreman.ask({"do": "x"}, 20)["pid"] for _ in range(JOBS_BEFORE_RECYCLING + 1)]
    assert len(set(pids[:JOBS_BEFORE_RECYCLING])) == 1
    assert pids[-1] != pids[0]


def test_a_child_that_went_away_between_two_jobs_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(drawing.png(9, 4))
    foreman = Foreman()
    job = {"do": "inspect", "source": str(tmp_path / "a.png")}
    foreman.ask(job, 20)
    assert foreman._child
    os.kill(foreman._child.pid, signal.SIGKILL)
    assert foreman.ask(job, 20)["width"] == 9
    foreman.stop()


def test_the_child_sees_none_of_our_secrets(foreman_of: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIJOVE_SECRET_KEY", "hush")
    foreman = foreman_of("print(json.dumps({'names': sorted(os.environ)}), flush=True)")
    names = foreman.ask({"do": "x"}, 20)["names"]
    assert not any(name.startswith("PERIJOVE") for name in names)
    assert "VIPS_BLOCK_UNTRUSTED" in names


def test_the_child_reads_no_format_that_we_do_not_take(tmp_path: Path) -> None:
    (tmp_path / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (tmp_path / "grey.pgm").write_bytes(b"P5 2 2 255\n\0\0\0\0")
    (tmp_path / "table.csv").write_text("1,2\n3,4\n")
    foreman = Foreman()
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(Invalid):
            foreman.ask({"do": "inspect", "source": str(path)}, 20)
    foreman.stop()
