"""Public pages as other eyes have them: on paper, in the system's own colours, with wider spacing, at twice the size; and nothing jumps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import Publication, faults
from tests.walks.test_pages_look import FARTHEST, LINKED, LISTS, gallery, go, opened

pytestmark = pytest.mark.browser

SPACED = """() => {
    const wide = new CSSStyleSheet();
    wide.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, wide];
}"""
"""WCAG 2.2, 1.4.12: what a reader may set, past our policy for styles as an extension does it."""
CUT = """[...document.querySelectorAll("h1, h2, h3, p, a, button, label, li, dt, dd, figcaption")]
    .filter((one) => one.checkVisibility() && !one.closest(".unseen, .signup__trap, svg") && one.textContent.trim())
    .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowY) && getComputedStyle(one).webkitLineClamp === "none"
        && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2))
    .map((one) => one.outerHTML.slice(0, 100))"""
"""Words that their own box cuts off, but for teasers, which end in an ellipsis at any size."""
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) sum += e.value; }))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""
"""The sum of all layout shifts until now (web.dev/articles/cls), which the largest window of them cannot exceed."""
MOST_SHIFT = 0.02


def every_page(page: Page, publication: Publication) -> Iterator[str]:
    for name in (*LISTS, *LINKED):
        go(page, publication, name)
        yield name


def test_on_paper_stand_the_words_the_pictures_and_where_links_lead(
    chromium: Browser, site_server: Publication
) -> None:
    with opened(chromium, color_scheme="dark", viewport={"width": 794, "height": 1123}) as page:
        page.emulate_media(media="print", color_scheme="dark")
        gallery(page, site_server)
        for gone in (".strip", ".masthead__nav", ".foot", ".signup", ".byline__copy"):
            assert not any(one.is_visible() for one in page.locator(gone).all()), gone
        expect(page.locator("article h1")).to_be_visible()
        assert all(one.is_visible() for one in page.locator("[data-gallery] img").all())
        assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).color") == "rgb(0, 0, 0)"
        assert page.evaluate(FARTHEST) <= 794
        assert len(page.pdf(format="A4")) > 10_000


def test_in_the_systems_own_colours_nothing_is_lost(chromium: Browser, site_server: Publication) -> None:
    found = {}
    with opened(chromium, forced_colors="active", viewport={"width": 1280, "height": 900}) as page:
        for name in every_page(page, site_server):
            # axe reads the colour that the page asked for where the system's is shown; contrast is the system's own.
            found[name] = [told for told in faults(page) if not told.startswith("color-contrast:")]
        go(page, site_server, "article")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_wider_spacing_cuts_no_words_off(chromium: Browser, site_server: Publication, width: int) -> None:
    found = {}
    with opened(chromium, viewport={"width": width, "height": 900}) as page:
        for name in every_page(page, site_server):
            page.evaluate(SPACED)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[name] = page.evaluate(CUT) + ([f"{wide} pixels wide"] if wide > width else [])
    assert {name: told for name, told in found.items() if told} == {}


def test_at_twice_the_size_no_page_scrolls_sideways(chromium: Browser, site_server: Publication) -> None:
    """What 200 % makes of a window of 1280 × 900: half as many pixels of twice the size."""
    widths = {}
    with opened(chromium, viewport={"width": 640, "height": 450}, device_scale_factor=2) as page:
        for name in every_page(page, site_server):
            widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > 640} == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_a_page_comes_in(chromium: Browser, site_server: Publication, width: int) -> None:
    shifts = {}
    for name in (*LISTS, *LINKED):
        # A window of its own for each, so that faces and pictures come late on every page.
        with opened(chromium, viewport={"width": width, "height": 900}) as page:
            go(page, site_server, name)
            page.reload(wait_until="networkidle")
            shifts[name] = page.evaluate(SHIFT)
    assert {name: round(shift, 4) for name, shift in shifts.items() if shift > MOST_SHIFT} == {}
