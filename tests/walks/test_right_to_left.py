"""The publication in a language that runs from right to left: every page turns round, and nothing sticks out or is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import Publication, faults, free_port
from tests.walks.test_pages_look import LINKED, LISTS, gallery, go, opened, watch

pytestmark = pytest.mark.browser

LEFTMOST = """Math.min(...[...document.querySelectorAll("body > :not(.skip) *")]
    .filter((one) => one.checkVisibility() && !one.closest(".unseen, pre, svg, .signup__trap"))
    .map((one) => Math.floor(one.getBoundingClientRect().left)))"""
"""The left edge of whatever reaches farthest to where lines end."""


@pytest.fixture(scope="module")
def arabic(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    data = tmp_path_factory.mktemp("arabic") / "data"
    shutil.copytree(demonstration, data)
    publication = Publication(data, free_port(), more={"PERIJOVE_LANGUAGE": "ar"})
    with publication.served():
        yield publication


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_turns_round_and_nothing_sticks_out(
    chromium: Browser, arabic: Publication, width: int
) -> None:
    found = {}
    with opened(chromium, viewport={"width": width, "height": 900}) as page:
        troubles = watch(page, arabic)
        for name in (*LISTS, *LINKED):
            go(page, arabic, name)
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
            left, wide = page.evaluate(LEFTMOST), page.evaluate("document.documentElement.scrollWidth")
            found[name] = [*faults(page), *troubles]
            if left < 0 or wide > width:
                found[name].append(f"reaches from {left}, {wide} wide")
            troubles.clear()
    assert {name: told for name, told in found.items() if told} == {}


def test_the_name_stands_at_the_right_and_the_way_to_the_digest_at_the_left(
    chromium: Browser, arabic: Publication
) -> None:
    with opened(chromium, viewport={"width": 1280, "height": 900}) as page:
        page.goto(arabic.url)
        brand, digest = (
            page.locator(f".masthead {one}").bounding_box() for one in (".brand", ".masthead__digest")
        )
        assert brand and digest and brand["x"] > 900 and digest["x"] < 200


def test_the_next_picture_of_the_lightbox_is_where_lines_go_on(
    chromium: Browser, arabic: Publication
) -> None:
    with opened(chromium, viewport={"width": 1280, "height": 900}) as page:
        gallery(page, arabic)
        page.locator("[data-gallery] .figure__link").first.click()
        box = page.get_by_role("dialog")
        expect(box).to_be_visible()
        onward, close = box.locator(".pswp__button--arrow--next"), box.locator(".pswp__button--close")
        for one in (onward, close):
            place = one.bounding_box()
            assert place and 0 <= place["x"] <= 1280 - place["width"]
        onward.click()
        assert page.url.endswith("#picture-2") or "#picture-" in page.url
        assert faults(page) == []
