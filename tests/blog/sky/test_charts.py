"""The drawings, read back as XML: what stands where."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from blog.sky import charts
from blog.sky.almanac import Moon, Place
from blog.sky.spectrum import HYDROGEN
from blog.sky.stars import bright, figures

WHEN = datetime(2026, 1, 15, 21, tzinfo=UTC)
BERLIN = Place("Berlin", 52.52, 13.4, "Europe/Berlin")
SANTIAGO = Place("Santiago", -33.45, -70.67, "America/Santiago")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(moon: Moon) -> str:
    found = re.search(r'class="moon-lit" d="([^"]+)"', charts.moon_disc(moon))
    assert found
    return found[1]


def lit_area(angle: float) -> float:
    """Share of the disc inside the drawn outline, from its two arcs."""
    path = drawn(Moon("", 0, 0, angle < 180, angle))
    sweep = re.findall(r"A([\d.]+) [\d.]+ 0 0 ([01])", path)
    (limb, limb_way), (width, back_way) = [(float(w), way) for w, way in sweep]
    half = width / limb / 2
    return 0.5 - half if limb_way != back_way else 0.5 + half


@pytest.mark.parametrize(
    ("angle", "share"), [(0, 0), (60, 0.25), (90, 0.5), (120, 0.75), (180, 1), (240, 0.75), (300, 0.25)]
)
def test_the_lit_part_of_the_disc_is_exact(angle: float, share: float) -> None:
    assert lit_area(angle) == pytest.approx(share, abs=0.001)


def test_a_waxing_moon_is_lit_on_the_right_and_a_waning_one_on_the_left() -> None:
    assert "A46 46 0 0 1" in drawn(Moon("", 25, 5, True, 60))
    assert "A46 46 0 0 0" in drawn(Moon("", 25, 25, False, 300))


def test_the_small_moon_has_a_title_and_the_colour_of_its_text() -> None:
    disc = charts.moon_disc(Moon("waxing gibbous", 95, 12.9, True, 155), 20)
    assert "<title>Moon: waxing gibbous, 95% lit</title>" in disc
    assert set(re.findall(r'fill="([^"]+)"', disc)) == {"currentColor", "none"}
    assert "style=" not in disc


DRAWINGS: dict[str, Callable[[], str]] = {
    "star chart": lambda: charts.star_chart(WHEN, BERLIN),
    "southern star chart": lambda: charts.star_chart(WHEN, SANTIAGO),
    "constellation": lambda: charts.figure_chart("Orion", 26),
    "inner planets": lambda: charts.orbit_diagram(WHEN, "inner"),
    "outer planets": lambda: charts.orbit_diagram(WHEN, "outer"),
    "loop of Mars": lambda: charts.retrograde_loop(datetime(2024, 9, 15, tzinfo=UTC), 230),
    "moons of Jupiter": lambda: charts.galilean_moons(WHEN),
    "analemma": lambda: charts.analemma(2026, BERLIN),
    "month": lambda: charts.moon_calendar(2026, 8),
    "portrait": lambda: charts.moon_portrait(130, "Waxing gibbous"),
    "spectrum": lambda: charts.spectrum("Hydrogen", "Its own colours", HYDROGEN, bright=True),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_chart_is_whole_titled_and_brings_nothing_from_elsewhere(name: str) -> None:
    text = DRAWINGS[name]()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert (root.findtext(f"{SVG}title") or "").strip()
    assert "nan" not in text.lower()
    assert "href" not in text and "<script" not in text and "<style" not in text


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_chart_is_drawn_twice_alike(name: str) -> None:
    assert DRAWINGS[name]() == DRAWINGS[name]()


def words(text: str) -> set[str]:
    return {node.text or "" for node in ElementTree.fromstring(text).iter(f"{SVG}text")}


def test_a_january_evening_over_berlin_shows_orion_and_not_the_cross() -> None:
    shown = words(charts.star_chart(WHEN, BERLIN))
    assert {"Rigel", "Capella", "Jupiter", "N", "E", "S", "W"} <= shown
    assert not {"Acrux", "Canopus"} & shown


def test_the_same_evening_over_santiago_shows_canopus_and_not_capella() -> None:
    shown = words(charts.star_chart(WHEN, SANTIAGO))
    assert "Canopus" in shown
    assert "Capella" not in shown


def test_east_is_on_the_left() -> None:
    root = ElementTree.fromstring(charts.star_chart(WHEN, BERLIN))
    places = {node.text: float(node.get("x", "0")) for node in root.iter(f"{SVG}text")}
    assert places["E"] < places["N"] < places["W"]


def test_the_days_of_the_eclipses_are_ringed_in_august_2026() -> None:
    root = ElementTree.fromstring(charts.moon_calendar(2026, 8))
    ringed = {node.text for node in root.iter(f"{SVG}text") if node.get("fill") == "#F4B942"}
    assert {"12", "28"} <= ringed
    assert len(ringed) == 4


def test_every_line_of_a_figure_joins_known_stars() -> None:
    for name, chains in figures().items():
        assert all(number in bright() for chain in chains for number in chain), name


def test_the_brightest_stars_are_where_they_belong() -> None:
    sirius, polaris = bright()[2491], bright()[424]
    assert (sirius.ra, sirius.dec, sirius.magnitude) == pytest.approx((101.3, -16.7, -1.5), abs=0.1)
    assert polaris.dec == pytest.approx(89.3, abs=0.1)
