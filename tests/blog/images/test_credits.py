"""What a file says of itself is read as words only, and never lets a hostile packet do harm."""

import time

import pytest

from blog.images import credits
from blog.images.told import LENGTHS, Told
from tests.blog.images import drawing


def test_caption_credit_and_licence_are_read_in_their_first_language() -> None:
    assert credits.read(drawing.HEBE.decode()) == Told(
        caption="Hebe, seen twice", credit="Observatory of the Tests", licence="CC BY 4.0"
    )


def test_astronomy_s_own_words_are_read() -> None:
    told = credits.read(drawing.AVM)
    assert told.title == "Wings of the Butterfly"
    assert told.credit == "ESA/Hubble & NASA, A. Tester"
    assert told.rights == "© ESA/Hubble"
    assert told.licence == "CC BY 4.0"
    assert told.source_url == "https://example.org/images/heic0000/"
    assert told.instrument == "Hubble Space Telescope (WFC3), Very Large Telescope (FORS2)"
    assert told.objects == "NGC 6302, Butterfly Nebula"
    assert (told.ra, told.dec) == (258.43, -37.1)
    assert set(told.names) == {*LENGTHS, "position"} - {"caption"}


@pytest.mark.parametrize(
    ("frame", "value"), [("GAL", "258.43"), ("ICRS", "361"), ("ICRS", "NaN"), ("ICRS", "x"), ("ICRS", "")]
)
def test_a_place_that_is_none_on_our_maps_is_left_out(frame: str, value: str) -> None:
    told = credits.read(drawing.AVM.replace("ICRS", frame).replace("258.43", value))
    assert (told.ra, told.dec) == (None, None)


def test_rights_stand_in_where_no_credit_is_given() -> None:
    packet = (
        drawing.HEBE.decode()
        .replace("xmpRights:UsageTerms", "dc:rights")
        .replace("photoshop:Credit", "photoshop:City")
    )
    assert credits.read(packet).credit == "CC BY 4.0"


def test_no_field_is_longer_than_its_column() -> None:
    told = credits.read(
        drawing.HEBE.decode().replace("CC BY 4.0", "x" * 900).replace("Observatory", "y" * 900)
    )
    assert (len(told.licence), len(told.credit)) == (LENGTHS["licence"], LENGTHS["credit"])


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "no XML at all",
        "<open><never closed>",
        '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "\x00\ud7ff\ufffe",
    ],
)
def test_a_broken_or_hostile_packet_says_nothing(packet: str) -> None:
    assert credits.read(packet) == Told()


def test_a_packet_of_thousands_of_elements_inside_each_other_costs_no_time() -> None:
    depth = 25_000
    began = time.monotonic()
    assert credits.read("<a>x" * depth + "</a>" * depth) == Told()
    assert time.monotonic() - began < 2
