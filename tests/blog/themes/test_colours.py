"""Words can be read on what they stand on, by day, by night and under red light."""

from pathlib import Path

import pytest

from blog.themes import colours

DEFAULT = Path(__file__).parents[3] / "themes" / "default"
TOKENS = colours.declared((DEFAULT / "tokens.css").read_text())
RED = colours.declared((DEFAULT / "red.css").read_text())
SITE = colours.read(TOKENS, RED)


def test_black_on_white_is_as_clear_as_can_be() -> None:
    assert colours.contrast((0, 0, 0), (255, 255, 255)) == 21
    assert round(colours.contrast((252, 251, 248), (20, 24, 43)), 2) == 16.98


@pytest.mark.parametrize("light", colours.LIGHTS)
def test_every_pair_of_the_sites_own_colours_is_clear(light: str) -> None:
    judged = [pair for pair in colours.pairs(SITE) if pair.light == light]
    wanted = sum(len(front.split()) * len(ground.split()) for _, front, ground in colours.NEEDED)
    assert len(judged) == wanted
    assert [pair for pair in judged if not pair.is_clear] == []


def test_red_light_has_no_green_and_no_blue_and_leaves_no_colour_as_it_was() -> None:
    assert colours.not_red(SITE) == []
    assert SITE["light"].keys() == SITE["red"].keys()


def test_browsers_of_old_get_the_colours_of_the_day() -> None:
    _, _, fallback = (DEFAULT / "tokens.css").read_text().partition("@supports not")
    old = colours.read(colours.declared(fallback), {})["light"]
    assert old == {name: colour for name, colour in SITE["light"].items() if name in old}
    assert old.keys() >= {name for name in SITE["light"] if SITE["light"][name] != SITE["dark"][name]}


def test_a_theme_may_choose_its_reds_and_nothing_but_reds() -> None:
    own = colours.read({**TOKENS, "red-ink": "#d00000", "red-link": "#ff3300"}, RED)
    assert own["red"]["ink"] == (208, 0, 0)
    assert colours.not_red(own) == ["link"]
    assert "ink" in {pair.front for pair in colours.pairs(own) if not pair.is_clear and pair.light == "red"}
