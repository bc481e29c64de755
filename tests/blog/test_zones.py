"""Time zones by name: which there are, and which one was meant."""

from blog import zones


def test_a_zone_is_known_by_its_own_name_alone() -> None:
    assert {"UTC", "Europe/London", "Pacific/Kiritimati"} <= zones.names()
    assert not {"", "London", "Europe/Londno", "../etc/passwd"} & zones.names()


def test_a_slip_of_the_pen_finds_the_zone_that_was_meant() -> None:
    assert zones.find_near("Europe/Londno") == "Europe/London"
    assert zones.find_near("the far side of the Moon") is None
