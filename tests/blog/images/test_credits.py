"""What a file says of itself is read as words only, and never lets a hostile packet do harm."""

import time

import pytest

from blog.images import credits
from blog.images.credits import Told
from tests.blog.images import drawing


def test_caption_credit_and_licence_are_read_in_their_first_language() -> None:
    assert credits.read(drawing.HEBE.decode()) == Told(
        "Hebe, seen twice", "Observatory of the Tests", "CC BY 4.0"
    )


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
    assert (len(told.licence), len(told.credit)) == (credits.LICENCE, credits.CREDIT)


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
