"""Every size is made once, in the background, and one bad picture holds up no other."""

import subprocess
import sys
import uuid
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.images import foreman, library
from blog.images.describing import Description, describe
from blog.images.model import Image
from blog.images.renditions import is_anything_due, names_of, render_due
from blog.images.storage import Disk
from tests.blog.images import drawing
from tests.blog.images.conftest import TakeIn


def test_every_size_is_made_in_every_format_and_marked_done(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(500, 30))
    assert render_due(db, disk, noon) == 1
    assert disk.names(picture.key) == [
        "480.avif", "480.jpg", "480.webp", "500.avif", "500.jpg", "500.webp", "original.png", "square.jpg",
    ]  # fmt: skip
    assert rendered_at(db, picture.id) == noon
    assert render_due(db, disk, noon) == 0


@pytest.mark.parametrize("name", ["480.avif", "480.webp", "480.jpg"])
def test_a_rendition_has_the_width_that_its_name_says(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime, name: str
) -> None:
    picture = take_in(drawing.png(700, 350))
    render_due(db, disk, noon)
    path = disk.path(picture.key, name)
    assert path
    header = foreman.inspect(path)
    assert (header.width, header.height) == (480, 240)


def test_the_names_of_a_large_picture_end_at_2400_pixels() -> None:
    assert names_of(5000, 6000)[-4:] == ("2400.avif", "2400.webp", "2400.jpg", "square.jpg")
    assert len(names_of(5000, 6000)) == 16
    assert names_of(5000, 6001)[-1] == "zoom.zip"


def test_no_rendition_tells_where_or_with_what_a_photo_was_taken(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime, tmp_path: Path
) -> None:
    photo = drawing.with_xmp(drawing.with_exif(drawing.jpeg(tmp_path, 60, 40), orientation=3))
    picture = take_in(photo, "phone.jpg")
    render_due(db, disk, noon)
    for name in names_of(picture.width, picture.height):
        path = disk.path(picture.key, name)
        assert path
        data = path.read_bytes()
        assert not any(trace in data for trace in (b"GPS-OF-HOME", b"Exif", b"EXIF", b"Autre"))


def test_credit_and_licence_stand_in_every_file_that_readers_get(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(6001, 1))
    for credit in ("Ada & her telescope", "Somebody else"):
        with db.transaction() as s:
            describe(s, picture.id, Description(credit=credit, licence="CC BY 4.0"))
        assert render_due(db, disk, noon) == 1
        for name in names_of(picture.width, picture.height):
            path = disk.path(picture.key, name)
            assert path
            data = path.read_bytes()
            assert escape(credit).encode() in data, name
            assert b"https://creativecommons.org/licenses/by/4.0/" in data


def test_a_picture_that_can_be_looked_at_from_near_has_tiles_of_every_size(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(6200, 40, drawing.red_then_blue(6200)))
    assert not picture.zooms
    render_due(db, disk, noon)
    path = disk.path(picture.key, "zoom.zip")
    assert path
    with zipfile.ZipFile(path) as archive:
        levels = {name.split("/")[1] for name in archive.namelist() if name.endswith(".jpg")}
        assert levels == {str(level) for level in range(14)}
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    with db.reading() as s:
        assert s.scalars(select(Image.zooms)).one()


def test_a_very_tall_picture_is_rendered_in_every_format(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(2, 29_000))
    assert render_due(db, disk, noon) == 1
    assert disk.has(picture.key, "2.webp")


def test_the_square_shows_what_the_focal_point_points_at(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime, tmp_path: Path
) -> None:
    picture = take_in(drawing.png(800, 200, drawing.red_then_blue(800)))
    for focal_x, colour in ((0, drawing.RED), (100, drawing.BLUE)):
        with db.transaction() as s:
            describe(s, picture.id, Description(focal_x=focal_x))
        assert render_due(db, disk, noon) == 1
        square = disk.path(picture.key, "square.jpg")
        assert square
        assert foreman.inspect(square).width == foreman.inspect(square).height == 240
        assert drawing.near(drawing.colour_of(square, tmp_path), colour)


def test_the_oldest_picture_comes_first_and_no_more_than_asked(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime
) -> None:
    first, second, third = (take_in(drawing.png(10, n)) for n in (1, 2, 3))
    assert render_due(db, disk, noon, most=2) == 2
    assert [rendered_at(db, p.id) is None for p in (first, second, third)] == [False, False, True]
    assert is_anything_due(db, noon)
    assert render_due(db, disk, noon) == 1 and not is_anything_due(db, noon)


def test_a_picture_that_cannot_be_rendered_rests_and_lets_the_others_pass(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    bad = take_in(unique_png())
    disk.remove(bad.key)
    good = take_in(drawing.png(11, 11))
    assert render_due(db, disk, noon, most=1) == 0
    assert render_due(db, disk, noon, most=1) == 1
    assert rendered_at(db, good.id) == noon
    assert f"picture {bad.id} was not rendered (try 1)" in caplog.text
    assert "original of this picture is missing" in caplog.text


def test_a_picture_that_rested_is_tried_again_later_and_later(
    db: Database, disk: Disk, take_in: TakeIn, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    data = unique_png()
    picture = take_in(data)
    disk.remove(picture.key)
    for minutes, tries in ((0, 1), (0.5, 1), (1, 2), (6.9, 2), (7, 3), (42.9, 3), (43, 4)):
        render_due(db, disk, noon + timedelta(minutes=minutes))
        assert caplog.text.count("was not rendered") == tries
    take_in(data)
    assert render_due(db, disk, noon + timedelta(hours=2)) == 1


def test_a_focal_point_moved_while_rendering_is_rendered_again(
    db: Database, tmp_path: Path, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(12, 12))

    class Interrupted(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            super().put(key, name, data)
            with db.transaction() as s:
                describe(s, picture.id, Description(focal_x=10))

    disk = Disk(tmp_path / "media")
    assert render_due(db, Interrupted(disk.folder), noon) == 0
    assert render_due(db, disk, noon) == 1


def test_a_picture_deleted_while_rendering_leaves_no_files(
    db: Database, tmp_path: Path, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(13, 13))

    class Deleting(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            super().put(key, name, data)
            if name == "square.jpg":
                library.delete(db, Disk(self.folder), picture.id, lambda _s, _id: 0)
                super().put(key, name, b"written a moment too late")

    disk = Deleting(tmp_path / "media")
    assert render_due(db, disk, noon) == 0
    assert disk.names(picture.key) == []


def test_two_processes_at_once_finish_a_picture_once(
    db: Database, tmp_path: Path, take_in: TakeIn, noon: datetime
) -> None:
    picture = take_in(drawing.png(14, 14))

    class Overtaken(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            super().put(key, name, data)
            if name == "square.jpg":
                assert render_due(db, Disk(self.folder), noon) == 1

    assert render_due(db, Overtaken(tmp_path / "media"), noon) == 0
    assert rendered_at(db, picture.id) == noon


def test_libvips_never_comes_into_the_process_that_asks() -> None:
    """A fresh interpreter imports all that a web process does, and libvips is not among it."""
    probe = "import sys, app; app.create_app; sys.exit(any('vips' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", probe]).returncode == 0


def unique_png() -> bytes:
    """Failures are remembered by picture, for the life of the process: each test has one of its own."""
    colour = uuid.uuid4().bytes
    return drawing.png(5, 1, lambda x, _y: (colour[x], colour[x + 5], colour[x + 10]))


def rendered_at(db: Database, image_id: int) -> datetime | None:
    with db.reading() as s:
        return s.scalars(select(Image.rendered_at).where(Image.id == image_id)).one()
