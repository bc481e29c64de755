"""The drawn picture of a story: one at a time, not again and again where it fails, and not kept for ever."""

import contextlib
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blog.images import lettering
from blog.images.foreman import surroundings
from blog.refusals import Unavailable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RINGS = lettering.Words("Rings", "Saturn", "The Daily Sky")


def test_of_many_who_ask_at_once_only_one_waits_for_a_drawing(tmp_path: Path) -> None:
    together, drawn = threading.Barrier(6), list[Path]()

    def ask(title: str) -> None:
        together.wait()
        with contextlib.suppress(Unavailable):
            drawn.append(lettering.drawn(lettering.Words(title, "", ""), tmp_path, NOON))

    threads = [threading.Thread(target=ask, args=(f"Rings {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(drawn) < 6


def test_what_could_not_be_drawn_is_not_tried_again_for_ten_minutes(tmp_path: Path) -> None:
    in_the_way = tmp_path / f"{RINGS.mark}.png" / "x"
    in_the_way.mkdir(parents=True)
    with pytest.raises(Unavailable):
        lettering.drawn(RINGS, tmp_path, NOON)
    in_the_way.rmdir()
    in_the_way.parent.rmdir()
    with pytest.raises(Unavailable):
        lettering.drawn(RINGS, tmp_path, NOON + timedelta(minutes=9))
    assert lettering.drawn(RINGS, tmp_path, NOON + timedelta(minutes=11)).is_file()


def test_what_was_drawn_long_ago_is_swept(tmp_path: Path) -> None:
    for name, days in (("old", 91), ("young", 89)):
        (tmp_path / f"{name}.png").touch()
        at = (NOON - timedelta(days=days)).timestamp()
        os.utime(tmp_path / f"{name}.png", (at, at))
    assert lettering.sweep(tmp_path, NOON) == 1 and (tmp_path / "young.png").is_file()
    assert lettering.sweep(tmp_path / "never", NOON) == 0


def test_a_child_is_told_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIJOVE_SECRET_KEY", "secret")
    assert "secret" not in surroundings().values() and "PATH" in surroundings()
