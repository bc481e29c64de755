"""The mails in a real browser: narrow and wide, by day and by night, with pictures and without."""

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from blog.settings import Settings, build
from newsletter.editions.digest import DigestMail, MailPicture, MailStory
from newsletter.editions.rendering import Pen

pytestmark = pytest.mark.browser
SITE = "https://news.example.org"
READER = {
    "leave": f"{SITE}/unsubscribe/a-token",
    "manage": f"{SITE}/preferences/a-token",
    "more": f"{SITE}/preferences/taste/a-token",
    "less": f"{SITE}/preferences/taste/b-token",
}
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
WIDTHS = (320, 375, 700)
RULES = {"rules": {"target-size": {"enabled": True}}}
SMALL = """() => [...document.querySelectorAll('a')].filter(a => a.matches('.tap, .press, .plain')
  || a.parentElement.textContent.trim() === a.textContent.trim())
  .filter(a => Math.min(a.getBoundingClientRect().width, a.getBoundingClientRect().height) < 24)
  .map(a => a.textContent.trim() + ' ' + a.getBoundingClientRect().height)"""
"""Links that stand alone and are too small for a thumb; those within a sentence may be as high as its lines."""


def story(
    title: str, size: tuple[int, int] | None, reason: str = "", dek: str = "One or two sentences that say what it is about."
) -> MailStory:  # fmt: skip
    picture = (
        MailPicture(
            f"{SITE}/media/{size[0]}.gif", *size, "A ringed planet", "NASA, ESA, CSA, STScI (CC BY 4.0)"
        )
        if size
        else None
    )
    byline = "Ada Morrow and Tomas Lind"
    return MailStory(title, dek, f"{SITE}/2026/11/a", "Star formation", byline, 6, picture, reason)


LEAD = story("Webb looks into the heart of a stellar nursery", (552, 345), "You follow Star formation")
ROWS = (
    story("A title that is long enough to run over two lines on a telephone", (120, 120), "You follow Ada Morrow"),
    story("Text alone", None, "You asked for more about Star formation"),
)  # fmt: skip


def mails(settings: Settings) -> dict[str, str]:
    digest = DigestMail(
        "Sun 22 Nov", "Moon 95% lit, waxing gibbous", "Subject", "Preheader", ("A note of the editor's.",), LEAD, ROWS,
        (story("One more that is told by its title", None),) * 3, f"{SITE}/digest/2026-11-22", unnamed=2,
    )  # fmt: skip
    plain = replace(digest, lead=replace(LEAD, picture=None), rows=ROWS[1:], rest=(), unnamed=0)
    note = replace(digest, lead=None, rows=(), rest=(), unnamed=0)
    coming = {
        "next_time": "tomorrow at 07:00 (UTC)",
        "last_url": digest.web_url,
        "last_subject": "Lead",
        "last_stories": ((LEAD.title, LEAD.url), ("Text alone", LEAD.url)),
    }
    confirm = {"confirm": f"{SITE}/subscribe/confirm/{'x' * 70}", "left_in": "March", **coming}
    message = {"subject": "A message", "text": "", "paragraphs": (f"Open {SITE}/reset/{'y' * 60} now.",)}
    correction = {
        "subject": "Correction: Tides", "paragraphs": ("We wrote 4 km.", "It is 5 km."), "story_url": LEAD.url,
        "story_title": LEAD.title, "edition_url": digest.web_url, "edition_day": "Sun 22 Nov", "list_name": "Daily digest",
    }  # fmt: skip
    pen = Pen(settings)
    return {
        "digest": pen.write("digest", mail=digest, is_test=False, opened=f"{SITE}/o/a.gif", **READER).html,
        "plain": pen.write("digest", mail=plain, is_test=False, **READER).html,
        "note": pen.write("digest", mail=note, is_test=False, **READER).html,
        "story": pen.write("story", story=replace(LEAD, reason=""), list_name="Daily digest", **READER).html,
        "correction": pen.write("correction", **correction, **READER).html,
        "confirmation": pen.write("confirmation", **confirm, **READER).html,
        "welcome": pen.write("welcome", **coming, **READER).html,
        "notice": pen.write("notice", **coming, **READER).html,
        "message": pen.write("message", **message).html,
    }


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI must run every test")
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize(("scheme", "shows_pictures"), [("light", True), ("dark", False)])
def test_every_mail_is_accessible_and_fits(
    chromium: Browser, tmp_path: Path, scheme: str, shows_pictures: bool
) -> None:
    written = mails(build(data=tmp_path, site_url=SITE, postal_address="12 Orbit Lane, Greenwich"))
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked = serve(page, written, shows_pictures=shows_pictures)
    for name in written:
        page.goto(f"{SITE}/mail/{name}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width}"
            assert page.evaluate(SMALL) == [], f"{name} at {width}"
        page.set_viewport_size({"width": 375, "height": 900})
        found = [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]
        assert found == [], f"{name}: {found}"
    assert all(url.startswith(f"{SITE}/") for url in asked), "a mail asks nobody else for anything"
    context.close()


def serve(page: Page, written: dict[str, str], *, shows_pictures: bool) -> list[str]:
    """Answers for the whole net; returns the list of what is asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        name = route.request.url.removeprefix(f"{SITE}/mail/")
        if name in written:
            route.fulfill(body=written[name], content_type="text/html; charset=utf-8")
        elif route.request.url.endswith(".gif") and shows_pictures:
            route.fulfill(body=PIXEL, content_type="image/gif")
        else:
            route.abort()

    page.route("**/*", answer)
    return asked
