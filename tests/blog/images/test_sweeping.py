"""Files without a row go after a day; everything else stays."""

import os
from datetime import UTC, datetime, timedelta

from blog.db import Database
from blog.images.storage import Disk
from blog.images.sweeping import sweep
from tests.blog.images import drawing
from tests.blog.images.conftest import TakeIn

ORPHAN, YOUNG = "ab" * 32, "ac" * 32
DAY = timedelta(days=1)


def aged(disk: Disk, key: str, at: datetime) -> None:
    os.utime(disk.folder / key[:2] / key, (at.timestamp(), at.timestamp()))


def test_files_without_a_row_go_after_a_day_and_younger_ones_stay(
    db: Database, disk: Disk, noon: datetime
) -> None:
    for key, age in ((ORPHAN, DAY + timedelta(minutes=1)), (YOUNG, DAY - timedelta(minutes=1))):
        disk.put(key, "480.jpg", b"half taken in")
        aged(disk, key, noon - age)
    assert sweep(db, disk, noon) == 1
    assert disk.names(ORPHAN) == [] and disk.names(YOUNG) == ["480.jpg"]
    assert sweep(db, disk, noon) == 0


def test_a_picture_of_the_library_keeps_its_files_however_old(
    db: Database, disk: Disk, noon: datetime, take_in: TakeIn
) -> None:
    picture = take_in(drawing.png(40, 20))
    aged(disk, picture.key, noon - 400 * DAY)
    assert sweep(db, disk, noon) == 0
    assert disk.names(picture.key)


def test_what_is_no_picture_s_folder_is_none_of_our_business(
    db: Database, disk: Disk, noon: datetime
) -> None:
    strange = disk.folder / "ab" / "notes"
    misplaced = disk.folder / "cd" / ORPHAN
    for folder in (strange, misplaced):
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    assert sweep(db, disk, noon) == 0
    assert strange.is_dir() and misplaced.is_dir()


def test_a_library_that_never_held_a_picture_has_nothing_to_sweep(db: Database, disk: Disk) -> None:
    assert sweep(db, disk, datetime(2026, 11, 22, tzinfo=UTC)) == 0
    assert not disk.folder.exists()
