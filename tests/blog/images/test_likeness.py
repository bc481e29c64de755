"""The same view in another size and format is near; another view is not."""

import math
from pathlib import Path

from blog.images import foreman
from blog.images.likeness import is_near, likeness_of
from tests.blog.images import drawing


def waves(x: int, y: int) -> drawing.Colour:
    return (int(127 + 120 * math.sin(x / 17 + y / 40)), int(127 + 120 * math.cos(y / 13)), (x * 3) % 256)


def other(x: int, y: int) -> drawing.Colour:
    return (int(127 + 120 * math.cos(x / 29)), int(127 + 120 * math.sin((x * y) / 900)), (y * 5) % 256)


def likeness(folder: Path, data: bytes) -> str:
    (folder / "one").write_bytes(data)
    return foreman.quick(folder / "one", folder, ["20.jpg"], crisp=False).likeness


def test_a_smaller_copy_in_another_format_is_near_and_another_picture_is_not(tmp_path: Path) -> None:
    whole = likeness(tmp_path, drawing.png(300, 200, waves))
    smaller = likeness(tmp_path, drawing.jpeg(tmp_path, 150, 100, lambda x, y: waves(2 * x, 2 * y)))
    assert is_near(whole, smaller)
    assert not is_near(whole, likeness(tmp_path, drawing.png(300, 200, other)))


def test_a_flat_picture_is_like_no_other(tmp_path: Path) -> None:
    assert likeness(tmp_path, drawing.png(50, 50)) == ""
    assert likeness_of(b"too short") == ""
    assert not is_near("", "")
