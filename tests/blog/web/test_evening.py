"""The sky on the pages, against dates that almanacs print."""

from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from blog.web import evening


def test_the_next_phases_come_in_order_and_at_their_known_times() -> None:
    ahead = evening.phases_after(datetime(2026, 8, 10, tzinfo=UTC))
    assert [phase.name for phase in ahead] == ["New moon", "First quarter", "Full moon", "Last quarter"]
    # The total solar eclipse of 12 August 2026 and the partial lunar eclipse of 28 August stand at these phases.
    assert abs(ahead[0].at - datetime(2026, 8, 12, 17, 37, tzinfo=UTC)) < timedelta(minutes=2)
    assert abs(ahead[2].at - datetime(2026, 8, 28, 4, 19, tzinfo=UTC)) < timedelta(minutes=2)


def test_a_phase_that_is_now_is_followed_by_the_next_one_a_month_later() -> None:
    new = evening.phases_after(datetime(2026, 8, 10, tzinfo=UTC))[0].at
    later = evening.phases_after(new + timedelta(hours=1))
    assert later[0].name == "First quarter" and later[-1].name == "New moon"
    assert all(phase.at > new for phase in later)


def test_the_month_ahead_has_twenty_eight_nights_and_names_each_phase_once() -> None:
    nights = evening.nights_ahead()
    named = [night.phase for night in nights if night.phase]
    assert len(nights) == 28
    assert len(named) == len(set(named)) and len(named) >= 3


def test_the_strip_stays_the_same_for_an_hour() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    shown = evening.sky_at(at)
    assert shown is evening.sky_at(at)
    assert shown.moon.phase_name == "waxing gibbous" and "<svg" in shown.disc


def test_the_page_draws_the_moon_the_month_and_the_planets(reader: FlaskClient) -> None:
    html = reader.get("/sky").get_data(as_text=True)
    assert html.count("moons__one") >= 28 and "The inner planets" in html and "Africa/Lagos" in html
