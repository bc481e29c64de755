"""What press agencies, cameras and observatories write into files is read, in this order of trust, and never what tells a place on Earth."""

import random
import struct
from dataclasses import replace

import pytest

from blog.images import exif, iptc, metadata
from blog.images.foreman import Header
from blog.images.told import Told, licence_of
from tests.blog.images import drawing

NOTHING = Header(1, 1, "", b"", b"")
PRESS = {
    105: b"Comet over the hills",
    120: "Seen on Süd hill".encode("cp1252"),
    110: b"An Agency",
    116: b"(c) An Agency",
}
CAMERA = {
    0x010E: b"A comet\0",
    0x013B: b"Ada Lens\0",
    0x8298: "© Ada, CC BY-SA 4.0\0".encode(),
    0x010F: b"Maker\0",
}


def test_the_words_of_the_press_are_read_in_old_letters_too() -> None:
    assert iptc.read(drawing.iim(PRESS)) == Told(
        title="Comet over the hills", caption="Seen on Süd hill", credit="An Agency", rights="(c) An Agency"
    )


@pytest.mark.parametrize("order", "<>")
def test_author_description_and_copyright_of_a_camera_are_read_and_its_maker_is_not(order: str) -> None:
    told = exif.read(b"Exif\0\0" + drawing.exif(CAMERA, order))
    assert told == Told(
        caption="A comet", credit="Ada Lens", rights="© Ada, CC BY-SA 4.0", licence="CC BY-SA 4.0"
    )


def test_the_title_that_windows_writes_is_read() -> None:
    assert exif.read(drawing.exif({0x9C9B: "Über uns\0".encode("utf-16-le")})).title == "Über uns"


def test_what_a_camera_writes_by_itself_is_no_caption() -> None:
    assert exif.read(drawing.exif({0x010E: b"OLYMPUS DIGITAL CAMERA\0"})) == Told()


def test_each_kind_of_notes_fills_what_the_one_before_it_left_open() -> None:
    notes = replace(NOTHING, xmp=drawing.HEBE.decode(), iptc=drawing.iim(PRESS), exif=drawing.exif(CAMERA))
    told = metadata.read(notes)
    assert (told.title, told.caption) == ("Comet over the hills", "Hebe, seen twice")
    assert (told.credit, told.rights) == ("Observatory of the Tests", "(c) An Agency")


def test_broken_notes_say_less_and_never_fail() -> None:
    dice = random.Random(6)
    for whole in (drawing.iim(PRESS), drawing.exif(CAMERA), b"\x1c\x02\x05\x80\x04" + bytes(9)):
        for _ in range(400):
            broken = bytearray(whole[: dice.randrange(len(whole) + 1)])
            for _ in range(3):
                if broken:
                    broken[dice.randrange(len(broken))] = dice.randrange(256)
            iptc.read(bytes(broken))
            exif.read(bytes(broken))
    assert exif.read(struct.pack("<2sHI", b"II", 42, 0xFFFFFFFF)) == Told()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Creative Commons Attribution 4.0 International License", "CC BY 4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 3.0", "CC BY-NC-SA 3.0"),
        ("https://creativecommons.org/licenses/by-nd/2.0/", "CC BY-ND 2.0"),
        ("CC-BY 4.0", "CC BY 4.0"),
        ("CC BY-SA 4.0", "CC BY-SA 4.0"),
        ("CC0", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("Ask the press office", "Ask the press office"),
        ("", ""),
    ],
)
def test_a_licence_has_its_short_name_however_it_is_meant(said: str, meant: str) -> None:
    assert licence_of(said) == meant
