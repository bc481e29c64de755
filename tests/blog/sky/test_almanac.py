"""The almanac against dates that are known without it: eclipses happen at full and at new Moon."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blog.sky.almanac import Place, moon, quarters_after, sentences, tonight, wind

BERLIN = Place("Berlin", 52.52, 13.4, "Europe/Berlin")
LAGOS = Place("Lagos", 6.45, 3.39, "Africa/Lagos")
TROMSO = Place("Tromsø", 69.65, 18.96, "Europe/Oslo")
POLE = Place("South Pole", -90.0, 0.0, "UTC")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize("moment", [at(2025, 9, 7, 18, 12), at(2026, 3, 3, 11, 34), at(2022, 11, 8, 10, 59)])
def test_the_moon_is_full_at_a_total_lunar_eclipse(moment: datetime) -> None:
    shown = moon(moment)
    assert (shown.phase_name, shown.lit) == ("full moon", 100)
    assert abs(shown.angle - 180) < 1


@pytest.mark.parametrize("moment", [at(2026, 8, 12, 17, 46), at(2024, 4, 8, 18, 18), at(2026, 2, 17, 12, 12)])
def test_the_moon_is_new_at_a_solar_eclipse(moment: datetime) -> None:
    shown = moon(moment)
    assert (shown.phase_name, shown.lit) == ("new moon", 0)
    assert min(shown.angle, 360 - shown.angle) < 1


@pytest.mark.parametrize(
    ("days", "name", "waxing"),
    [
        (4, "waxing crescent", True),
        (11, "waxing gibbous", True),
        (18, "waning gibbous", False),
        (26, "waning crescent", False),
    ],
)
def test_between_the_named_phases_the_moon_waxes_and_wanes(days: int, name: str, waxing: bool) -> None:
    shown = moon(at(2026, 8, 12, 17, 46) + timedelta(days=days))
    assert (shown.phase_name, shown.waxing) == (name, waxing)
    assert abs(shown.age_days - days) < 0.2


def test_a_week_after_a_solar_eclipse_half_of_the_moon_is_lit() -> None:
    shown = moon(at(2026, 8, 20, 3))
    assert shown.phase_name == "first quarter"
    assert 48 <= shown.lit <= 52


def test_the_next_quarters_come_in_order_and_at_their_known_times() -> None:
    coming = quarters_after(at(2026, 8, 10))
    assert [name for name, _ in coming] == ["new moon", "first quarter", "full moon", "last quarter"]
    # The total solar eclipse of 12 August 2026 and the partial lunar eclipse of 28 August stand at these phases.
    assert abs(coming[0][1] - at(2026, 8, 12, 17, 37)) < timedelta(minutes=2)
    assert abs(coming[2][1] - at(2026, 8, 28, 4, 19)) < timedelta(minutes=2)


def test_a_quarter_that_has_passed_comes_again_a_month_later() -> None:
    new = quarters_after(at(2026, 8, 10))[0][1]
    later = quarters_after(new + timedelta(hours=1))
    assert later[0][0] == "first quarter" and later[-1][0] == "new moon"
    assert timedelta(days=29) < later[-1][1] - new < timedelta(days=30)


def test_at_each_quarter_the_moon_bears_its_name() -> None:
    for name, when in quarters_after(at(2026, 11, 22)):
        assert moon(when).phase_name == name


def test_an_evening_in_berlin_has_all_its_times_in_order() -> None:
    night = tonight(at(2026, 11, 22, 12), BERLIN)
    assert night.evening == date(2026, 11, 22)
    assert night.sunset and night.dark and night.dawn and night.sunrise
    assert night.sunset < night.dark < night.dawn < night.sunrise
    # The Sun sets in Berlin a few minutes after four in late November.
    assert abs(night.sunset - at(2026, 11, 22, 15, 4)) < timedelta(minutes=3)


def test_after_midnight_it_is_still_the_night_of_yesterday() -> None:
    assert tonight(at(2026, 11, 23, 1), BERLIN).evening == date(2026, 11, 22)
    assert tonight(at(2026, 11, 23, 7), BERLIN).evening == date(2026, 11, 23)


@pytest.mark.parametrize(("place", "moment"), [(TROMSO, at(2026, 6, 21, 12)), (POLE, at(2026, 12, 21, 12))])
def test_a_polar_day_has_neither_sunset_nor_planets(place: Place, moment: datetime) -> None:
    night = tonight(moment, place)
    assert (night.sunset, night.dark, night.dawn, night.sunrise, night.planets) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert sentences(night)[0] == "The Sun stays above the horizon all day."


def test_a_polar_night_has_no_sunset_but_may_have_planets() -> None:
    night = tonight(at(2026, 12, 21, 12), TROMSO)
    assert night.sunset is None
    assert sentences(night)[0] == "The Sun stays below the horizon all day."
    assert "Jupiter" in [planet.name for planet in night.planets]


def test_a_bright_summer_night_never_gets_dark() -> None:
    night = tonight(at(2026, 6, 21, 12), BERLIN)
    assert night.sunset and night.dark is None
    assert "twilight lasts all night" in sentences(night)[0]


def test_mars_at_opposition_is_up_all_night() -> None:
    mars = {planet.name: planet for planet in tonight(at(2025, 1, 16, 12), BERLIN).planets}["Mars"]
    assert mars.last - mars.first > timedelta(hours=12)
    assert (mars.direction, mars.magnitude) == ("south", pytest.approx(-1.4, abs=0.2))


def test_the_nights_sentences_name_every_planet_once() -> None:
    night = tonight(at(2026, 11, 22, 12), LAGOS)
    told = sentences(night)
    assert len(told) == 3
    assert all(told[2].count(planet.name) == 1 for planet in night.planets)


def test_winds_go_round_through_east() -> None:
    assert [wind(azimuth) for azimuth in (0, 90, 180, 270, 359)] == [
        "north",
        "east",
        "south",
        "west",
        "north",
    ]
