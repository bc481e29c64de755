"""A picture comes in whole, upright and known, or is refused with a sentence and leaves nothing."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from blog.accounts.model import AccountId
from blog.db import Database
from blog.images import foreman, intake
from blog.images.describing import Description, describe
from blog.images.model import Image
from blog.images.renditions import render_due
from blog.images.storage import FULL, Disk
from blog.refusals import Invalid, Unavailable
from tests.blog.images import drawing
from tests.blog.images.conftest import TakeIn


def test_a_picture_is_kept_as_it_came_with_two_quick_sizes(take_in: TakeIn, disk: Disk) -> None:
    data = drawing.png(1100, 60)
    picture = take_in(data, "nebula.png")
    assert (picture.width, picture.height, picture.filename) == (1100, 60, "nebula.png")
    assert disk.names(picture.key) == ["480.jpg", "960.jpg", "original.png"]
    original = disk.path(picture.key, "original.png")
    assert original and original.read_bytes() == data
    assert picture.placeholder.startswith("data:image/webp;base64,")
    assert drawing.near(
        (int(picture.colour[1:3], 16), int(picture.colour[3:5], 16), int(picture.colour[5:], 16)), drawing.RED
    )


def test_a_small_picture_is_never_made_larger(take_in: TakeIn, disk: Disk) -> None:
    assert disk.names(take_in(drawing.png(7, 5)).key) == ["7.jpg", "original.png"]


def test_the_same_file_under_another_name_is_the_same_picture(
    db: Database, disk: Disk, noon: datetime
) -> None:
    data = drawing.png(20, 10)
    first, was_here = intake.take_in(db, disk, io.BytesIO(data), "a.png", None, noon)
    again, is_here = intake.take_in(db, disk, io.BytesIO(data), "b.png", None, noon)
    assert (was_here, is_here) == (False, True)
    assert again == first


def test_a_file_on_disk_can_be_taken_in_as_well(
    db: Database, disk: Disk, noon: datetime, tmp_path: Path
) -> None:
    (tmp_path / "moon.png").write_bytes(drawing.png(20, 10))
    picture, _ = intake.take_in(db, disk, tmp_path / "moon.png", "moon.png", None, noon)
    assert picture.width == 20
    assert (tmp_path / "moon.png").exists()


def test_a_picture_whose_files_were_lost_is_mended_by_taking_it_in_again(take_in: TakeIn, disk: Disk) -> None:
    picture = take_in(drawing.png(20, 10))
    disk.remove(picture.key)
    assert take_in(drawing.png(20, 10)).id == picture.id
    assert disk.has(picture.key, "original.png")


def test_a_mended_picture_bears_the_words_that_it_has_and_not_those_of_its_file(
    db: Database, take_in: TakeIn, disk: Disk, noon: datetime
) -> None:
    picture = take_in(drawing.png(20, 10))
    with db.transaction() as s:
        describe(s, picture.id, Description(credit="An observatory"))
    render_due(db, disk, noon)
    disk.remove(picture.key)
    take_in(drawing.png(20, 10))
    assert render_due(db, disk, noon) == 1
    small = disk.path(picture.key, "20.jpg")
    assert small and b"An observatory" in small.read_bytes()


def test_a_camera_s_turn_is_applied_and_the_place_it_was_taken_is_gone(
    take_in: TakeIn, disk: Disk, tmp_path: Path
) -> None:
    photo = drawing.with_exif(drawing.jpeg(tmp_path, 60, 40), orientation=6)
    picture = take_in(photo, "phone.jpg")
    assert (picture.width, picture.height) == (40, 60)
    made = disk.path(picture.key, "40.jpg")
    assert made
    header = foreman.inspect(made)
    assert (header.width, header.height) == (40, 60)
    assert b"GPS-OF-HOME" in photo
    assert b"GPS-OF-HOME" not in made.read_bytes()
    assert b"Exif" not in made.read_bytes()


def test_what_a_file_says_of_itself_fills_caption_credit_and_licence(take_in: TakeIn, tmp_path: Path) -> None:
    picture = take_in(drawing.with_xmp(drawing.jpeg(tmp_path, 30, 30)), "hebe.jpg")
    assert (picture.caption, picture.credit, picture.licence) == (
        "Hebe, seen twice",
        "Observatory of the Tests",
        "CC BY 4.0",
    )


def test_everything_a_file_tells_is_there_to_be_confirmed(take_in: TakeIn, tmp_path: Path) -> None:
    photo = drawing.with_xmp(drawing.jpeg(tmp_path, 31, 30), drawing.AVM.encode())
    picture = take_in(photo, "butterfly.jpg")
    assert (picture.title, picture.objects) == ("Wings of the Butterfly", "NGC 6302, Butterfly Nebula")
    assert picture.position == "17h 13m 43s −37° 06′ 00″"
    assert set(picture.unconfirmed) == {
        "title", "credit", "rights", "licence", "source_url", "instrument", "objects", "position",
    }  # fmt: skip


def test_what_is_transparent_is_shown_on_white(take_in: TakeIn) -> None:
    assert take_in(drawing.clear_png(20, 20)).colour == "#ffffff"


def test_measurements_outside_the_range_of_a_screen_are_shown_in_full(take_in: TakeIn) -> None:
    red, green, blue = bytes.fromhex(take_in(drawing.measurements(64, 8), "flux.tif").colour[1:])
    assert 110 < red == green == blue < 145


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "file is empty"),
        (b"<html><script>alert(1)</script>", "not a picture we can take. Pictures can be JPEG, PNG"),
        (b"%PDF-1.7\n", "not a picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "Export the drawing as a PNG"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        (drawing.bomb(40_000, 40_000), "40,000 × 40,000 pixels"),
        (drawing.bomb(30_001, 2), "30,001 × 2 pixels"),
        (drawing.bomb(20_000, 10_001), "200 million"),
        (drawing.bomb(2_000, 2_000), "damaged or cut short"),
        (drawing.png(50, 50)[:-60], "damaged or cut short"),
        (b"\xff\xd8\xff", "damaged or cut short"),
        (b"GIF89a" + b"\xff" * 100, "damaged or cut short"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20), "damaged or cut short"),
        (b"\0\0\0\x20ftypavif" + bytes(40), "damaged or cut short"),
        (b"II*\0" + b"\xff" * 100, "damaged or cut short"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(
    db: Database, disk: Disk, take_in: TakeIn, data: bytes, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        take_in(data, "photo.jpg")
    assert count(db) == 0
    assert not disk.folder.exists()


def test_a_photo_that_breaks_off_is_refused(take_in: TakeIn, tmp_path: Path) -> None:
    whole = drawing.jpeg(tmp_path, 200, 200, lambda x, y: (x, y, (x * y) % 256))
    with pytest.raises(Invalid, match="cut short"):
        take_in(whole[: len(whole) // 2], "photo.jpg")


def test_too_large_a_file_is_refused_before_the_rest_of_it_is_read(
    db: Database, disk: Disk, noon: datetime
) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            self.read_bytes += size
            return b"\xff\xd8\xff" + bytes(size - 3)

    endless = Endless()
    with pytest.raises(Invalid, match="larger than 5 MB"):
        intake.take_in(db, disk, endless, "endless.jpg", None, noon, 5 << 20)  # type: ignore[arg-type]
    assert endless.read_bytes < 8 << 20


def test_a_disk_that_fills_up_half_way_leaves_neither_files_nor_a_row(
    db: Database, tmp_path: Path, noon: datetime
) -> None:
    class Filling(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            if name.startswith("480"):
                raise Unavailable(FULL)
            super().put(key, name, data)

    disk = Filling(tmp_path / "media")
    with pytest.raises(Unavailable, match="disk is full"):
        intake.take_in(db, disk, io.BytesIO(drawing.png(500, 10)), "a.png", None, noon)
    assert count(db) == 0
    assert list(disk.keys()) == []


def test_a_row_that_cannot_be_written_leaves_no_files(db: Database, disk: Disk, noon: datetime) -> None:
    nobody = AccountId(404)
    with pytest.raises(IntegrityError):
        intake.take_in(db, disk, io.BytesIO(drawing.png(5, 5)), "a.png", nobody, noon)
    assert list(disk.keys()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Photos\\m 31.jpg", "m 31.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n\u202ec.png", "abc.png"),
        ("", "picture.png"),
        ("ü" * 300, "ü" * 255),
    ],
)
def test_a_file_name_is_kept_for_people_only(take_in: TakeIn, given: str, kept: str) -> None:
    assert take_in(drawing.png(5, 5), given).filename == kept


def test_every_fault_on_either_side_names_a_next_step() -> None:
    for sentence in (foreman.BROKEN, foreman.TOO_SLOW, foreman.BUSY, FULL):
        assert "try" in sentence.lower()


def count(db: Database) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(Image)) or 0
