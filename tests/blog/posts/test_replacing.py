"""A picture's file can be replaced: its words and its places stay, and what asks for the old file is led to the new one."""

import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.images import intake, library
from blog.images.describing import Description, describe
from blog.images.model import Image
from blog.images.reading import Picture, pictures
from blog.images.renditions import render_due
from blog.images.storage import Disk
from blog.posts import deeds, reading, replacing
from blog.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.blog.images import drawing
from tests.blog.posts.building import block, story

UTC = ZoneInfo("UTC")
WORDS = Description(alt="A ring", credit="An observatory", licence="CC BY 4.0", focal_x=10, focal_y=90)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "media")


@pytest.fixture
def old(db: Database, disk: Disk, noon: datetime, edda: Person) -> Picture:
    taken, _ = intake.take_in(db, disk, io.BytesIO(drawing.png(500, 250)), "ring.png", edda.id, noon)
    with db.transaction() as s:
        describe(s, taken.id, WORDS)
    render_due(db, disk, noon)
    return look(db, taken)


def look(db: Database, picture: Picture) -> Picture:
    with db.reading() as s:
        return pictures(s, [picture.id])[picture.id]


def replace(db: Database, disk: Disk, picture: Picture, data: bytes, by: Person, at: datetime) -> Picture:
    replacing.replace_file(db, disk, picture.id, io.BytesIO(data), "better.png", by, at, zone=UTC)
    return look(db, picture)


def test_a_story_shows_the_new_file_with_the_words_that_the_picture_has(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    story(db, edda, "Rings", block("figure", image=old.id))
    new = replace(db, disk, old, drawing.png(1000, 500, drawing.red_then_blue(1000)), edda, noon)
    assert (new.id, new.alt, new.credit, new.filename, new.width) == (
        old.id,
        "A ring",
        "An observatory",
        "better.png",
        1000,
    )
    body = reading.article(db, "/2026/11/rings").article.body
    assert new.key in body and old.key not in body
    assert (new.focal_x, new.focal_y) == (10, 90)
    newest = deeds.latest(db, edda).items[0]
    assert (newest.kind, newest.words, newest.title) == ("new file", "better.png", "Rings")


def test_the_old_files_go_and_their_addresses_lead_to_the_new_ones(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    first = replace(db, disk, old, drawing.png(8, 8), edda, noon)
    second = replace(db, disk, old, drawing.png(9, 9), edda, noon)
    assert disk.names(old.key) == disk.names(first.key) == []
    assert disk.names(second.key) == ["9.jpg", "original.png"]
    assert library.successor(db, old.key) == library.successor(db, first.key) == second.key
    assert library.successor(db, second.key) is None
    assert render_due(db, disk, noon) == 1


def test_another_shape_has_its_focal_point_in_the_middle_again(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    new = replace(db, disk, old, drawing.png(100, 300), edda, noon)
    assert (new.focal_x, new.focal_y) == (50, 50)


def test_a_file_that_was_replaced_can_come_back(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    replace(db, disk, old, drawing.png(8, 8), edda, noon)
    again = replace(db, disk, old, drawing.png(500, 250), edda, noon)
    assert again.key == old.key and disk.has(old.key, "original.png")
    assert library.successor(db, old.key) is None


def test_the_same_file_and_that_of_another_picture_are_refused_with_a_sentence(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    intake.take_in(db, disk, io.BytesIO(drawing.png(7, 7)), "other.png", edda.id, noon)
    with pytest.raises(Invalid, match="very file that is here"):
        replace(db, disk, old, drawing.png(500, 250), edda, noon)
    with pytest.raises(Conflict, match="as “other.png”"):
        replace(db, disk, old, drawing.png(7, 7), edda, noon)
    with pytest.raises(Invalid, match="not a picture"):
        replace(db, disk, old, b"nothing of the kind", edda, noon)
    assert look(db, old) == old and disk.has(old.key, "480.avif")


def test_only_whoever_may_change_the_words_may_change_the_file(
    db: Database, disk: Disk, old: Picture, cleo: Person, edda: Person, noon: datetime
) -> None:
    with pytest.raises(Forbidden, match="somebody else's picture"):
        replace(db, disk, old, drawing.png(8, 8), cleo, noon)
    library.delete(db, disk, old.id, lambda _s, _id: 0)
    with pytest.raises(NotFound):
        replacing.replace_file(db, disk, old.id, io.BytesIO(b""), "a.png", edda, noon, zone=UTC)


def test_a_file_that_is_another_picture_s_by_the_time_it_is_rendered_stays_and_is_rendered_for_that_one(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    ring = drawing.png(500, 250)
    others: list[Picture] = []

    class Overtaken(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            super().put(key, name, data)
            if name == "square.jpg" and not others:
                replace(db, disk, old, drawing.png(8, 8), edda, noon)
                others.append(intake.take_in(db, disk, io.BytesIO(ring), "own.png", edda.id, noon)[0])
                with db.transaction() as s:
                    describe(s, others[0].id, Description(alt="A ring", credit="Somebody else"))
                assert render_due(db, disk, noon) == 2
                super().put(key, "480.jpg", b"with the words of the first picture")

    with db.transaction() as s:
        s.get_one(Image, old.id).rendered_at = None
    assert render_due(db, Overtaken(disk.folder), noon) == 0
    assert others and disk.has(old.key, "original.png")
    assert render_due(db, disk, noon) == 1
    small = disk.path(old.key, "480.jpg")
    assert small and b"Somebody else" in small.read_bytes()


def test_a_refused_file_changes_none_of_the_other_picture_s(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    other, _ = intake.take_in(db, disk, io.BytesIO(drawing.png(7, 7)), "other.png", edda.id, noon)
    small = disk.path(other.key, "7.jpg")
    before = small and small.read_bytes()
    with pytest.raises(Conflict):
        replace(db, disk, old, drawing.png(7, 7), edda, noon)
    assert before and small and small.read_bytes() == before


def test_two_who_replace_at_once_leave_the_files_of_the_last_only(
    db: Database, disk: Disk, old: Picture, edda: Person, noon: datetime
) -> None:
    between: list[Picture] = []

    class Slow(Disk):
        def put(self, key: str, name: str, data: bytes | Path) -> None:
            super().put(key, name, data)
            if name == "original.png" and not between:
                between.append(replace(db, disk, old, drawing.png(8, 8), edda, noon))

    last = replace(db, Slow(disk.folder), old, drawing.png(9, 9), edda, noon)
    assert [disk.names(one.key) for one in (old, *between)] == [[], []]
    assert disk.names(last.key) == ["9.jpg", "original.png"]
    assert library.successor(db, between[0].key) == last.key
