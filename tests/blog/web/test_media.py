"""Picture files at their public address: kept for an hour when they are final, never the original."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog.db import Database
from blog.house import House
from blog.images.model import Image, ImageFormer
from blog.images.storage import Disk
from blog.refusals import NotFound
from blog.settings import build
from blog.web import images, wiring
from tests.conftest import NOON

LASTING = "public, max-age=3600, stale-while-revalidate=604800"
KEY = "c0ffee00" * 8
JPEG, AVIF = b"\xff\xd8\xff jpeg", b"....ftypavif"


@pytest.fixture
def client(tmp_path: Path, db: Database) -> Iterator[FlaskClient]:
    """A site with one picture: two quick sizes and one AVIF are ready, the rest is not yet."""
    disk = Disk(tmp_path / "media")
    for name, data in (
        ("480.jpg", JPEG),
        ("960.jpg", JPEG * 2),
        ("480.avif", AVIF),
        ("square.jpg", JPEG),
        ("original.jpg", b"raw"),
    ):
        disk.put(KEY, name, data)
    app = Flask("media")
    app.register_blueprint(images.blueprint)
    app.register_error_handler(NotFound, lambda refusal: (str(refusal), 404))
    wiring.install(app, House(build(data=tmp_path), db, disk, lambda *_: None))
    with app.test_client() as client:
        yield client


def test_a_rendition_is_sent_with_its_type_and_asked_for_anew_after_an_hour_since_its_credit_may_change(
    client: FlaskClient,
) -> None:
    with client.get(f"/media/{KEY}/480.avif") as answer:
        assert (answer.status_code, answer.data, answer.content_type) == (200, AVIF, "image/avif")
        assert answer.headers["Cache-Control"] == LASTING
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_a_size_that_is_not_ready_is_stood_in_for_by_the_nearest_jpeg_and_not_kept(
    client: FlaskClient,
) -> None:
    for name, data in (("2400.avif", JPEG * 2), ("960.webp", JPEG * 2), ("480.webp", JPEG)):
        with client.get(f"/media/{KEY}/{name}") as answer:
            assert (answer.status_code, answer.data, answer.content_type) == (200, data, "image/jpeg")
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_square_is_kept_for_an_hour_because_the_focal_point_may_move(client: FlaskClient) -> None:
    with client.get(f"/media/{KEY}/square.jpg") as answer:
        assert answer.headers["Cache-Control"] == LASTING


def test_a_browser_that_has_the_file_is_told_so(client: FlaskClient) -> None:
    with client.get(f"/media/{KEY}/480.jpg") as first:
        tag = first.headers["ETag"]
    with client.get(f"/media/{KEY}/480.jpg", headers={"If-None-Match": tag}) as second:
        assert (second.status_code, second.data) == (304, b"")


def test_a_part_of_a_file_can_be_asked_for(client: FlaskClient) -> None:
    with client.get(f"/media/{KEY}/480.jpg", headers={"Range": "bytes=0-2"}) as answer:
        assert (answer.status_code, answer.data) == (206, b"\xff\xd8\xff")
    with client.get(f"/media/{KEY}/480.jpg", headers={"Range": "bytes=900-"}) as answer:
        assert answer.status_code == 416


def test_head_answers_like_get_without_the_file(client: FlaskClient) -> None:
    with client.head(f"/media/{KEY}/480.jpg") as answer:
        assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(JPEG))


@pytest.mark.parametrize(
    "path",
    [
        f"{KEY}/original.jpg",
        f"{KEY}/480.png",
        f"{KEY}/0480.jpg",
        f"{KEY}/9999.jpg",
        f"{KEY}/480.jpg%00",
        f"{KEY}/..%2f480.jpg",
        f"{KEY}/../../perijove.db",
        f"{KEY.upper()}/480.jpg",
        f"{'0' * 64}/480.jpg",
        "%2e%2e/480.jpg",
        "%2e%2e/square.jpg",
    ],
)
def test_what_is_no_file_of_a_picture_is_not_found(client: FlaskClient, path: str) -> None:
    with client.get(f"/media/{path}") as answer:
        assert answer.status_code == 404


def test_a_tile_of_a_large_picture_is_sent_and_kept_as_long(client: FlaskClient, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tiles.zip", "w") as archive:
        archive.writestr("zoom.dzi", "<Image/>")
        for at, name in enumerate(("zoom_files/13/0_0.jpg", "zoom_files/13/12_3.jpg")):
            archive.writestr(name, JPEG * (at + 1))
    Disk(tmp_path / "media").put(KEY, "zoom.zip", tmp_path / "tiles.zip")
    answer = client.get(f"/media/{KEY}/zoom/13/12_3.jpg")
    assert (answer.status_code, answer.data, answer.content_type) == (200, JPEG * 2, "image/jpeg")
    assert answer.headers["Cache-Control"] == LASTING
    assert client.get(f"/media/{KEY}/zoom/13/0_0.jpg").data == JPEG
    for missing in (
        f"{KEY}/zoom/14/0_0.jpg",
        f"{KEY}/zoom/13/9_9.jpg",
        f"{'0' * 64}/zoom/13/0_0.jpg",
        f"{KEY}/zoom.zip",
    ):
        assert client.get(f"/media/{missing}").status_code == 404


def test_a_tile_never_mixes_an_archive_with_the_one_that_took_its_place(
    client: FlaskClient, tmp_path: Path
) -> None:
    for names, tile in ((("13/0_0", "13/1_0"), b"old"), (("13/1_0", "13/0_0"), b"other")):
        with zipfile.ZipFile(tmp_path / "tiles.zip", "w") as archive:
            for at, name in enumerate(names):
                archive.writestr(f"zoom_files/{name}.jpg", tile * (at + 1) + name.encode())
        Disk(tmp_path / "media").put(KEY, "zoom.zip", tmp_path / "tiles.zip")
        # The same moment, as on a disk with coarse times.
        os.utime(Disk(tmp_path / "media").path(KEY, "zoom.zip") or "", (1, 1))
        assert client.get(f"/media/{KEY}/zoom/13/0_0.jpg").data.endswith(b"13/0_0")


def test_a_file_that_another_one_replaced_leads_to_that_one(client: FlaskClient, db: Database) -> None:
    with db.transaction() as s:
        image = Image(
            key=KEY,
            filename="a.jpg",
            media_type="image/jpeg",
            bytes=1,
            width=960,
            height=640,
            created_at=NOON,
        )
        s.add(image)
        s.flush()
        s.add(ImageFormer(key="ab" * 32, image_id=image.id))
    answer = client.get(f"/media/{'ab' * 32}/960.avif")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/media/{KEY}/960.avif")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get(f"/media/{'ab' * 32}/original.jpg").status_code == 404
