"""Files are kept whole or not at all, and only where they belong."""

import errno
import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blog.images.storage import Disk
from blog.refusals import Unavailable

KEY = "ab" * 32


def test_what_was_put_is_found_under_its_name(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"from a file")
    disk.put(KEY, "480.jpg", b"small")
    disk.put(KEY, "original.tif", tmp_path / "long")
    assert disk.names(KEY) == ["480.jpg", "original.tif"]
    assert disk.path(KEY, "480.jpg") == tmp_path / "media" / "ab" / KEY / "480.jpg"
    path = disk.path(KEY, "original.tif")
    assert path and path.read_bytes() == b"from a file"


def test_putting_again_replaces_the_file_and_leaves_no_scraps(disk: Disk) -> None:
    disk.put(KEY, "480.jpg", b"old")
    disk.put(KEY, "480.jpg", b"new")
    path = disk.path(KEY, "480.jpg")
    assert path and path.read_bytes() == b"new"
    assert [entry.name for entry in path.parent.iterdir()] == ["480.jpg"]


def test_removing_takes_every_file_of_one_picture_only(disk: Disk) -> None:
    disk.put(KEY, "480.jpg", b"a")
    disk.put("ac" * 32, "480.jpg", b"b")
    disk.remove(KEY)
    disk.remove(KEY)
    assert disk.names(KEY) == []
    assert disk.has("ac" * 32, "480.jpg")


def test_the_keys_are_told_with_the_moment_of_the_last_change(disk: Disk) -> None:
    assert list(disk.keys()) == []
    for key in (KEY, "ac" * 32):
        disk.put(key, "480.jpg", b"a")
    before = dict(disk.keys())
    assert before.keys() == {KEY, "ac" * 32}
    os.utime(disk.folder / "ab" / KEY, (0, 0))
    assert dict(disk.keys())[KEY] == datetime(1970, 1, 1, tzinfo=UTC)
    disk.put(KEY, "480.jpg", b"b")
    assert dict(disk.keys())[KEY] >= before[KEY]


@pytest.mark.parametrize(
    "name", ["../480.jpg", "..", "a/b.jpg", "480.jpg\n", "/etc/passwd", ".hidden.jpg", "", "480", "ä.jpg"]
)
def test_a_name_that_is_none_of_ours_finds_and_writes_nothing(disk: Disk, tmp_path: Path, name: str) -> None:
    assert disk.path(KEY, name) is None
    with pytest.raises(ValueError, match="not a name"):
        disk.put(KEY, name, b"x")
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize("key", ["..", "", "AB" * 32, "ab" * 31 + "..", "ab" * 32 + "\n"])
def test_a_key_that_is_none_of_ours_is_an_unknown_picture(disk: Disk, tmp_path: Path, key: str) -> None:
    (tmp_path / "media").mkdir()
    disk.remove(key)
    assert disk.path(key, "480.jpg") is None
    assert disk.names(key) == []
    assert (tmp_path / "media").is_dir()


def test_a_full_disk_is_told_in_a_sentence_and_leaves_no_half_file(tmp_path: Path) -> None:
    class FullDevice:
        """A file that can be opened and breaks off while it is read, as a full disk does while it is written."""

        def open(self, _mode: str) -> object:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    disk = Disk(tmp_path)
    with pytest.raises(Unavailable, match="disk is full"):
        disk.put(KEY, "480.jpg", FullDevice())  # type: ignore[arg-type]
    assert list((tmp_path / "ab" / KEY).iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    with pytest.raises(Unavailable, match="could not keep"):
        Disk(tmp_path / "media").put(KEY, "480.jpg", b"x")


def test_whoever_is_alone_with_a_key_has_everybody_else_wait(disk: Disk) -> None:
    with disk.alone(KEY), (disk.folder / ".alone" / "ab").open() as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (disk.folder / ".alone" / "ab").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert list(disk.keys()) == []
