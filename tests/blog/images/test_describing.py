"""Words about a picture are kept as given where they can be kept, and refused field by field where not."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from blog.db import Database
from blog.images import tagging
from blog.images.describing import Description, describe
from blog.images.model import Image
from blog.images.reading import Picture, pictures
from blog.images.renditions import render_due
from blog.images.storage import Disk
from blog.refusals import Invalid, NotFound
from tests.blog.images import drawing
from tests.blog.images.conftest import TakeIn

Describe = Callable[..., Picture]


@pytest.fixture
def described(db: Database, take_in: TakeIn) -> Describe:
    """The picture as it reads after these words were given to it."""

    def give(**words: Any) -> Picture:
        picture = take_in(drawing.png(6, 6))
        with db.transaction() as s:
            describe(s, picture.id, Description(**words))
        with db.reading() as s:
            return pictures(s, [picture.id])[picture.id]

    return give


def test_all_words_of_a_picture_are_kept(described: Describe) -> None:
    words = {
        "alt": "Two moons", "decorative": False, "long_description": "One line.\n\nAnother.", "caption": "Both in view",
        "credit": "An observatory", "licence": "CC BY 4.0", "source_url": "https://example.org/a?b=1", "focal_x": 0, "focal_y": 100,
    }  # fmt: skip
    picture = described(**words)
    assert {name: getattr(picture, name) for name in words} == words


def test_one_line_fields_are_kept_on_one_line_without_control_characters(described: Describe) -> None:
    picture = described(alt="  Two\r\nmoons\x00 ", caption="One\r\nTwo\x07", credit="\ud800A")
    assert (picture.alt, picture.caption, picture.credit) == ("Two moons", "One\nTwo", "A")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("alt", "a" * 501, "501 characters. Keep it under 500"),
        ("licence", "a" * 121, "Keep it under 120"),
        ("source_url", "javascript:alert(1)", "whole web address"),
        ("source_url", "//example.org/a", "whole web address"),
        ("source_url", "https://", "whole web address"),
        ("source_url", "https://[", "whole web address"),
        ("source_url", "https://example.org/a b", "whole web address"),
        ("focal_x", 101, "between 0 and 100"),
        ("focal_y", -1, "between 0 and 100"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    described: Describe, field: str, value: object, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        described(**{field: value})
    assert list(refused.value.fields) == [field]
    assert sentence in refused.value.fields[field][0]


def test_a_picture_that_is_gone_cannot_be_described(db: Database) -> None:
    with pytest.raises(NotFound, match="no longer there"), db.transaction() as s:
        describe(s, 404, Description())


def test_new_words_alone_do_not_send_a_picture_back_to_be_rendered(
    db: Database, disk: Disk, take_in: TakeIn, described: Describe, noon: datetime
) -> None:
    picture = take_in(drawing.png(6, 6))
    render_due(db, disk, noon)
    described(alt="Still the same square")
    with db.reading() as s:
        image = s.get(Image, picture.id)
        assert image and image.rendered_at == noon


def test_words_from_the_file_wait_until_they_are_confirmed_or_changed(
    db: Database, take_in: TakeIn, tmp_path: Path
) -> None:
    picture = take_in(drawing.with_xmp(drawing.jpeg(tmp_path, 12, 12)))
    assert picture.unconfirmed == ("caption", "credit", "licence")
    given = {"caption": picture.caption, "credit": picture.credit, "licence": "CC0 1.0"}
    for confirmed, left in (((), ("caption", "credit")), (("credit",), ("caption",)), (("caption",), ())):
        with db.transaction() as s:
            describe(s, picture.id, Description(**given, confirmed=confirmed))
        with db.reading() as s:
            assert pictures(s, [picture.id])[picture.id].unconfirmed == left


def test_tags_are_kept_small_and_once_and_stay_where_nothing_is_said(db: Database, take_in: TakeIn) -> None:
    picture = take_in(drawing.png(6, 7))
    for said in (("Nebula", " nebula ", "", "star\x00 birth"), None):
        with db.transaction() as s:
            describe(s, picture.id, Description(tags=said))
        assert tagging.tags_of(db, picture.id) == ("nebula", "star birth")
    assert [(tag.name, tag.pictures) for tag in tagging.all_tags(db)] == [("nebula", 1), ("star birth", 1)]


def test_a_new_credit_sends_a_picture_back_to_have_it_written_in(
    db: Database, disk: Disk, take_in: TakeIn, described: Describe, noon: datetime
) -> None:
    picture = take_in(drawing.png(6, 6))
    render_due(db, disk, noon)
    described(credit="Somebody")
    assert render_due(db, disk, noon) == 1
    assert picture.key
