"""The mails in a real browser: narrow and wide, by day and by night, with pictures and without."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, sync_playwright

from blog.settings import Settings, build
from newsletter.editions.digest import DigestMail, MailPicture, MailStory
from newsletter.editions.rendering import Pen

pytestmark = pytest.mark.browser
SITE = "https://news.example.org"
LEAVE = f"{SITE}/unsubscribe/a-token"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def story(
    title: str, size: tuple[int, int] | None, dek: str = "One or two sentences that say what it is about."
) -> MailStory:
    picture = (
        MailPicture(f"{SITE}/media/p.gif", *size, "A ringed planet", "NASA, ESA, CSA, STScI (CC BY 4.0)")
        if size
        else None
    )
    return MailStory(
        title, dek, f"{SITE}/2026/11/a", "Star formation", "Ada Morrow and Tomas Lind", 6, picture
    )


def mails(settings: Settings) -> dict[str, str]:
    rows = (
        story("A title that is long enough to run over two lines on a telephone", (120, 120)),
        story("Text alone", None),
    )
    digest = DigestMail(
        "Sun 22 Nov", "Moon 95\u00a0% lit, waxing gibbous", "Subject", "Preheader", ("A note.",), story("Lead", (552, 345)), rows,
        (story("One more", None),) * 3, f"{SITE}/digest/2026-11-22",
    )  # fmt: skip
    reader = {
        "next_time": "tomorrow at 07:00 (UTC)",
        "last_url": digest.web_url,
        "last_subject": "Lead",
        "leave": LEAVE,
    }
    confirm = {"confirm": f"{SITE}/subscribe/confirm/{'x' * 70}", "left_in": "March", **reader}
    message = {"subject": "A message", "text": "", "paragraphs": (f"Open {SITE}/reset/{'y' * 60} now.",)}
    pen = Pen(settings)
    return {
        "digest": pen.write("digest", mail=digest, leave=LEAVE, is_test=False).html,
        "confirmation": pen.write("confirmation", **confirm).html,
        "welcome": pen.write("welcome", **reader).html,
        "notice": pen.write("notice", **reader).html,
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 700])
def test_every_mail_is_accessible_and_fits(
    chromium: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    written = mails(build(data=tmp_path, site_url=SITE, postal_address="12 Orbit Lane, Greenwich"))
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        name = route.request.url.removeprefix(f"{SITE}/mail/")
        if name in written:
            route.fulfill(body=written[name], content_type="text/html; charset=utf-8")
        elif "/media/" in route.request.url and scheme == "light":
            route.fulfill(body=PIXEL, content_type="image/gif")
        else:
            route.abort()

    page.route("**/*", answer)
    for name in written:
        page.goto(f"{SITE}/mail/{name}")
        found = [violation["id"] for violation in Axe().run(page).response["violations"]]
        assert found == [], f"{name}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    assert all(url.startswith(f"{SITE}/") for url in asked), "a mail asks nobody else for anything"
    context.close()
