"""The shelf finds pictures by their words and gives none away that a story still shows."""

from pathlib import Path

import pytest

from blog.db import Database
from blog.images import library
from blog.images.describing import Description, describe
from blog.images.storage import Disk
from blog.refusals import Conflict, NotFound
from tests.blog.images import drawing
from tests.blog.images.conftest import TakeIn


@pytest.fixture
def shelf(db: Database, take_in: TakeIn) -> list[int]:
    """Three pictures: a described comet, a credited nebula without alt text, a decorative line."""
    words = [
        (
            "comet.png",
            Description(alt="A comet over 100% dark hills", credit="An Observatory", licence="CC0"),
        ),
        ("m42.png", Description(caption="The Orion nebula", credit="An Observatory")),
        ("line.png", Description(decorative=True, licence="CC0")),
    ]
    ids = []
    for number, (filename, description) in enumerate(words, 1):
        picture = take_in(drawing.png(number, 1), filename)
        with db.transaction() as s:
            describe(s, picture.id, description)
        ids.append(int(picture.id))
    return ids


@pytest.mark.parametrize(
    ("words", "missing", "found"),
    [
        ("", "", ["line.png", "m42.png", "comet.png"]),
        ("COMET", "", ["comet.png"]),
        ("observatory orion", "", ["m42.png"]),
        ("m42", "", ["m42.png"]),
        ("100%", "", ["comet.png"]),
        ("%", "", ["comet.png"]),
        ("_", "", []),
        ("a\x00b '\"; --", "", []),
        ("", "alt", ["m42.png"]),
        ("", "credit", ["line.png"]),
        ("", "licence", ["m42.png"]),
        ("", "nonsense", ["line.png", "m42.png", "comet.png"]),
    ],
)
def test_pictures_are_found_by_words_and_by_what_they_lack(
    db: Database, shelf: list[int], words: str, missing: str, found: list[str]
) -> None:
    page = library.search(db, words, 1, missing)
    assert [picture.filename for picture in page.items] == found
    assert page.total == len(found)


def test_a_page_beyond_the_shelf_is_its_last(db: Database, shelf: list[int]) -> None:
    for number in (-3, 0, 1, 99):
        page = library.search(db, "", number)
        assert (page.number, page.pages, len(page.items)) == (1, 1, 3)


def test_a_deleted_picture_is_gone_with_its_files(db: Database, disk: Disk, shelf: list[int]) -> None:
    key = library.search(db, "comet", 1).items[0].key
    library.delete(db, disk, shelf[0], lambda _s, _id: 0)
    assert library.search(db, "comet", 1).total == 0
    assert disk.names(key) == []
    with pytest.raises(NotFound):
        library.delete(db, disk, shelf[0], lambda _s, _id: 0)


@pytest.mark.parametrize(("count", "words"), [(1, "in 1 place"), (3, "in 3 places")])
def test_a_picture_that_is_used_somewhere_stays(
    db: Database, disk: Disk, shelf: list[int], count: int, words: str
) -> None:
    with pytest.raises(Conflict, match=words):
        library.delete(db, disk, shelf[0], lambda _s, _id: count)
    assert library.search(db, "", 1).total == 3


def test_words_of_the_file_that_wait_are_found(db: Database, take_in: TakeIn, tmp_path: Path) -> None:
    take_in(drawing.png(3, 3), "silent.png")
    told = take_in(drawing.with_xmp(drawing.jpeg(tmp_path, 9, 9)), "told.jpg")
    assert [picture.id for picture in library.search(db, "", 1, "confirming").items] == [told.id]
