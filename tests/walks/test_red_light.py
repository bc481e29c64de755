"""Red light for the telescope: the screen gives off nothing but red, from the first moment, on every public page."""

import pytest
import pyvips
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import Publication, faults
from tests.walks.test_pages_look import LINKED, LISTS, go, opened, watch

pytestmark = pytest.mark.browser

FAINT = 6
"""Of 255: the most green or blue that a pixel may have."""
ALL_SHOWN = """Promise.all([...document.images].map((one) => {
    one.loading = "eager";
    return one.decode().catch(() => null);
}))"""
STARTED = """localStorage.setItem("theme", "red")"""


def other_than_red(page: Page) -> tuple[int, int]:
    """The strongest green and the strongest blue of the whole page, as it is painted."""
    page.evaluate(ALL_SHOWN)
    shown = pyvips.Image.new_from_buffer(page.screenshot(full_page=True), "")
    return int(shown[1].max()), int(shown[2].max())


def test_every_public_page_is_red_and_without_fault(chromium: Browser, site_server: Publication) -> None:
    found: dict[str, object] = {}
    with opened(chromium, color_scheme="light", viewport={"width": 390, "height": 900}) as page:
        page.add_init_script(STARTED)
        troubles = watch(page, site_server)
        for name in (*LISTS, *LINKED, "/subscribe", "/nowhere"):
            go(page, site_server, name)
            troubles[:] = [told for told in troubles if "404" not in told]
            told = (max(other_than_red(page)) > FAINT, faults(page), troubles[:])
            troubles.clear()
            if told != (False, [], []):
                found[name] = told
    assert found == {}


def test_pictures_keep_their_shades_and_can_be_seen_as_they_are(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, color_scheme="light", viewport={"width": 1280, "height": 900}) as page:
        page.add_init_script(STARTED)
        go(page, site_server, "picture")
        picture = page.locator(".plate img").first
        red = pyvips.Image.new_from_buffer(picture.screenshot(), "")[0]
        assert sum(map(bool, red.hist_find().tolist()[0])) > 60 and red.max() < 230
        page.get_by_role("button", name="Pictures as they are").click()
        expect(page.get_by_role("button", name="Pictures as they are", pressed=True)).to_be_visible()
        assert max(other_than_red(page)) > 60
        page.get_by_role("button", name="Pictures as they are").click()
        assert max(other_than_red(page)) <= FAINT


def test_red_is_chosen_in_the_foot_kept_without_a_cookie_and_left_again(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, color_scheme="light") as page:
        page.goto(site_server.url)
        colour = page.locator("meta[name='theme-color']")
        usual = str(colour.get_attribute("content"))
        page.get_by_role("group", name="Paper or sky").get_by_label("Red").check()
        expect(colour).to_have_attribute("content", "#000000")
        page.goto(site_server.url + "/sky")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
        assert page.context.cookies() == []
        page.get_by_role("radio", name="Auto").check()
        expect(colour).to_have_attribute("content", usual)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
        expect(page.get_by_role("button", name="Pictures as they are")).to_be_hidden()


def test_the_page_is_black_before_its_style_sheet_has_come(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, color_scheme="light") as page:
        page.add_init_script(STARTED)
        page.route("**/site-*.css", lambda route: route.abort())
        page.goto(site_server.url)
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(0, 0, 0)"
        assert page.locator("meta[name='color-scheme']").get_attribute("content") == "dark"


def test_paper_is_printed_in_ink(chromium: Browser, site_server: Publication) -> None:
    with opened(chromium, color_scheme="light") as page:
        page.add_init_script(STARTED)
        go(page, site_server, "article")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
