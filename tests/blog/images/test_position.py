"""A place in the sky is read as people write it and said in one way."""

import pytest

from blog.images import position
from blog.refusals import Invalid


@pytest.mark.parametrize(
    "text",
    [
        "05h 35m 17s −05° 23′ 28″",
        "05 35 17 -05 23 28",
        "5:35:17, -5:23:28",
        "5h35m17.0s -5d23m28s",
        "83.820833 -5.391111",
    ],
)
def test_a_position_is_read_in_hours_and_in_degrees(text: str) -> None:
    assert position.parse(text) == pytest.approx((83.820833, -5.391111), abs=1e-5)


def test_what_is_said_is_read_again_as_the_same() -> None:
    for ra, dec in ((0.0, 0.0), (359.99, 89.5), (258.43, -0.25), (83.82, -37.1)):
        assert position.parse(position.say(ra, dec)) == pytest.approx((ra, dec), abs=0.005)
    assert position.say(None, None) == ""


@pytest.mark.parametrize("text", ["somewhere", "361 5", "10 95", "25h 0m 0s +5° 0′ 0″", "83.8"])
def test_what_is_no_position_is_told_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="05h 35m 17s"):
        position.parse(text)
