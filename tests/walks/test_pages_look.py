"""Every public page in a real browser, by day and by night, wide and narrow: no fault, no sideways scroll, no stranger."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import Publication, faults

pytestmark = pytest.mark.browser

LISTS = [
    "/",
    "/news",
    "/authors",
    "/topics",
    "/pictures",
    "/archive",
    "/search",
    "/search?q=moon",
    "/search?q=plutto",
    "/sky",
    "/privacy",
    "/corrections",
]
LINKED = {
    "article": ("/news", ".card__title a"),
    "author": ("/authors", ".person__name a"),
    "topic": ("/topics", ".topics__name a"),
    "picture": ("/pictures", ".wall__link"),
    "month": ("/archive", ".chip"),
    "found": ("/search?q=moon", ".narrowing .chip"),
}
"""Pages whose address depends on what is published: the list they stand in, and their link there."""
FARTHEST = """Math.max(...[document.documentElement, ...document.querySelectorAll("body > :not(.skip) *")]
    .filter((one) => one.checkVisibility() && !one.closest(".unseen, pre, svg, .signup__trap"))
    .map((one) => Math.ceil(one.getBoundingClientRect().right)))"""
"""The right edge of whatever reaches farthest, also where the page hides that it sticks out."""
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]
MOST_BYTES = {"document": 20_000, "stylesheet": 14_000, "script": 6_000, "font": 75_000}
"""Compressed, of one page before anybody touches it."""
ITALIC = 55_000
"""The slanted face, which only a story that slants a word asks for."""


@contextmanager
def opened(browser: Browser, **look: object) -> Iterator[Page]:
    """A page that remembers in ``page.troubles`` what went wrong on it."""
    context = browser.new_context(reduced_motion="reduce", **look)  # type: ignore[arg-type]
    page = context.new_page()
    try:
        yield page
    finally:
        context.close()


def watch(page: Page, publication: Publication) -> list[str]:
    """Grows by one line for each error in the console and each request to another host."""
    troubles: list[str] = []
    own = urlsplit(publication.url).netloc
    page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda r: (
            troubles.append(r.url) if r.url.startswith("http") and urlsplit(r.url).netloc != own else None
        ),
    )
    return troubles


def go(page: Page, publication: Publication, name: str) -> None:
    if name not in LINKED:
        page.goto(publication.url + name)
        return
    at, link = LINKED[name]
    page.goto(publication.url + at)
    page.goto(publication.url + str(page.locator(link).first.get_attribute("href")))


def gallery(page: Page, publication: Publication) -> None:
    """The newest story that has a gallery."""
    for number in (1, 2, 3):
        page.goto(f"{publication.url}/news?page={number}")
        for path in page.locator(".card__title a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        ):
            page.goto(publication.url + path)
            if page.locator("[data-gallery]").count():
                return
    pytest.fail("no story with a gallery")


def look_over(browser: Browser, publication: Publication, scheme: str, width: int) -> dict[str, list[str]]:
    """What is wrong, by page. One browser window walks all pages, so that what it fetched once is not fetched again."""
    found: dict[str, list[str]] = {}
    with opened(browser, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        troubles = watch(page, publication)
        for name in (*LISTS, *LINKED):
            go(page, publication, name)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[name] = faults(page) + ([f"{wide} pixels wide"] if wide > width else []) + troubles
            troubles.clear()
    return {name: told for name, told in found.items() if told}


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_no_public_page_has_a_fault(
    chromium: Browser, site_server: Publication, scheme: str, width: int
) -> None:
    assert look_over(chromium, site_server, scheme, width) == {}


def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    chromium: Browser, site_server: Publication
) -> None:
    widths: dict[str, int] = {}
    with opened(chromium, viewport={"width": 320, "height": 640}) as page:
        for name in (*LISTS, *LINKED):
            go(page, site_server, name)
            widths[name] = page.evaluate(FARTHEST)
    assert {name: width for name, width in widths.items() if width > 320} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_is_not_there_says_so_and_offers_search(
    chromium: Browser, site_server: Publication, scheme: str
) -> None:
    with opened(chromium, color_scheme=scheme) as page:
        answer = page.goto(site_server.url + "/nowhere")
        assert answer is not None and answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("We can’t find that page")
        expect(page.get_by_role("searchbox")).to_be_visible()
        assert faults(page) == []


def test_the_lightbox_is_a_dialog_that_keeps_focus_and_gives_it_back(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, viewport={"width": 1280, "height": 900}) as page:
        troubles = watch(page, site_server)
        gallery(page, site_server)
        page.locator("[data-gallery] .figure__link").nth(1).focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog", name="Pictures of this story")
        expect(box).to_be_visible()
        expect(box.locator(".pswp__caption .credit")).to_be_visible()
        assert "#picture-" in page.url and faults(page) == []
        for _ in range(15):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('.pswp') !== null")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        assert page.evaluate("document.activeElement.matches('[data-gallery] .figure__link')")
        assert "#" not in page.url and troubles == []


def test_back_closes_the_lightbox_and_stays_on_the_story(chromium: Browser, site_server: Publication) -> None:
    with opened(chromium) as page:
        gallery(page, site_server)
        story = page.url
        page.locator("[data-gallery] .figure__link").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url == story


def test_pictures_lead_to_their_pages_and_the_menu_opens_without_scripts(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, java_script_enabled=False, viewport={"width": 390, "height": 844}) as page:
        gallery_links = site_server.url + "/pictures"
        page.goto(gallery_links)
        page.locator(".wall__link").first.click()
        expect(page.get_by_role("link", name="Download")).to_be_visible()
        page.locator(".menu summary").click()
        page.locator(".menu__panel").get_by_role("link", name="Search").click()
        page.get_by_role("searchbox").fill("moon")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("status")).to_contain_text("moon")


def test_the_choice_of_paper_or_sky_is_kept_from_page_to_page(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, color_scheme="light") as page:
        page.goto(site_server.url)
        page.get_by_role("group", name="Paper or sky").get_by_label("Dark").check()
        page.goto(site_server.url + "/news")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 14, 26)"
        expect(page.get_by_role("radio", name="Dark")).to_be_checked()


def test_single_keys_walk_the_stories_and_can_be_switched_off(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium) as page:
        page.goto(site_server.url + "/news")
        titles = page.locator(".card__title a")
        page.keyboard.press("j")
        expect(titles.first).to_be_focused()
        page.keyboard.press("j")
        expect(titles.nth(1)).to_be_focused()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        assert faults(page) == []
        page.get_by_label("Use single keys").uncheck()
        page.keyboard.press("Escape")
        page.locator("body").click(position={"x": 2, "y": 2})
        page.keyboard.press("/")
        assert page.url.endswith("/news")


@pytest.mark.parametrize(("name", "faces"), [("/", 0), ("article", ITALIC)])
def test_a_page_weighs_little_before_it_is_touched(
    chromium: Browser, site_server: Publication, name: str, faces: int
) -> None:
    budget = MOST_BYTES | {"font": MOST_BYTES["font"] + faces}
    with opened(chromium, viewport={"width": 390, "height": 844}) as page:
        go(page, site_server, name)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        kinds: dict[str, str] = {}
        weights = dict.fromkeys(MOST_BYTES, 0)
        session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"].lower()}))

        def weigh(event: dict[str, object]) -> None:
            kind = kinds.get(str(event["requestId"]), "")
            if kind in weights:
                weights[kind] += int(str(event["encodedDataLength"]).split(".")[0])

        session.on("Network.loadingFinished", weigh)
        page.reload(wait_until="networkidle")
        assert weights["document"] > 0
        assert {kind: weight for kind, weight in weights.items() if weight > budget[kind]} == {}
