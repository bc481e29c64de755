"""Every page of the studio in a real browser: nothing for axe to find, nothing sideways, nothing from elsewhere, by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.walks.conftest import Publication, faults, sign_in

pytestmark = pytest.mark.browser

PAGES = (
    "/studio", "/studio/posts", "/studio/posts?q=nothing+of+the+kind", "/studio/posts/1", "/studio/posts/1/publication",
    "/studio/posts/1/history", "/studio/posts/1/notes", "/studio/posts/1/preview", "/studio/posts/1/review", "/studio/posts/1/looks",
    "/studio/activity", "/studio/calendar", "/studio/pictures", "/studio/pictures/1", "/studio/authors", "/studio/authors/1",
    "/studio/authors/new", "/studio/topics", "/studio/people", "/studio/settings", "/studio/change",
)  # fmt: skip
OPEN_DOORS = ("/studio/login", "/studio/reset", "/studio/invitation/made-up")
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    scheme, width = request.param
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


def complaints(page: Page, publication: Publication, paths: tuple[str, ...]) -> list[str]:
    """What is wrong with the pages: axe's findings, script errors, sideways scroll, requests to other sites."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            found.append(f"{page.url}: {message.text}")

    def watch(request: Request) -> None:
        if not request.url.startswith((publication.url, "data:", "blob:")):
            found.append(f"{page.url} asks {request.url}")

    page.on("console", hear)
    page.on("request", watch)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    for path in paths:
        page.goto(publication.url + path)
        page.wait_for_load_state("networkidle")
        found += [f"{path}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} scrolls sideways")
    return found


def test_every_page_of_the_studio_is_sound(page: Page, site_server: Publication) -> None:
    sign_in(page, site_server)
    assert complaints(page, site_server, PAGES) == []


def test_the_doors_that_anybody_sees_are_sound(page: Page, site_server: Publication) -> None:
    assert complaints(page, site_server, OPEN_DOORS) == []


def test_nothing_scrolls_sideways_on_the_smallest_screen(chromium: Browser, site_server: Publication) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 700})
    sign_in(page, site_server)
    for path in PAGES:
        page.goto(site_server.url + path)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    page.close()


def test_the_studio_works_without_scripts(chromium: Browser, site_server: Publication) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site_server)
    for path in ("/studio/posts", "/studio/pictures", "/studio/people", "/studio/posts/1/publication"):
        page.goto(site_server.url + path)
        expect(page.locator("main h1")).to_be_visible()
    page.goto(f"{site_server.url}/studio/posts/1/publication")
    page.get_by_text("Take it back…", exact=True).click()
    expect(page.get_by_role("button", name="Withdraw it")).to_be_visible()
    context.close()


def test_keys_and_the_more_button_reach_every_room(chromium: Browser, site_server: Publication) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    sign_in(page, site_server)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Settings").click()
    page.wait_for_url("**/studio/settings")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/studio/posts")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.close()


def test_the_focal_point_moves_by_click_and_by_arrow_keys(
    chromium: Browser, site_server: Publication
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    sign_in(page, site_server)
    page.goto(f"{site_server.url}/studio/pictures/1")
    box = page.locator("[data-focal] img").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    expect(page.get_by_role("spinbutton", name="Percent from the left")).to_have_value("25")
    expect(page.get_by_role("spinbutton", name="Percent from the top")).to_have_value("75")
    page.get_by_role("button", name="Focal point, 25 percent").press("ArrowRight")
    expect(page.get_by_role("spinbutton", name="Percent from the left")).to_have_value("26")
    page.close()
