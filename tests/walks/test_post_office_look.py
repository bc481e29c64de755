"""The pages of the post office in a real browser, by day and by night, wide and narrow; and the forms that scripts make livelier."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from blog import clock, links
from blog.db import Database
from blog.secret import secret_key
from blog.settings import load
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.tokens import Tokens
from tests.mailserver import RecordingServer
from tests.walks.conftest import Publication, faults, sign_in
from tests.walks.test_reader_no_script import link_in_last_mail

pytestmark = pytest.mark.browser

PUBLIC = (
    "/subscribe",
    "/subscribe/confirm/cut",
    "/unsubscribe/test",
    "/digest",
    "/digest/search?q=moon",
    "/embed/signup",
)
DESK = (
    "/studio/digest",
    "/studio/digest?view=dark",
    "/studio/digest?view=text",
    "/studio/digest/departure",
    "/studio/readers",
    "/studio/readers?q=nobody",
    "/studio/mailbox",
)
ROOMS = (
    "/studio/digest/lists",
    "/studio/digest/lists/new",
    "/studio/digest/specials",
    "/studio/readers/segments",
    "/studio/readers/suppressed",
    "/studio/readers/returns",
    "/studio/readers/imports",
    "/studio/readers/forms",
    "/studio/figures",
    "/studio/sending",
)
"""Pages made of the same pieces: once by day and narrow, once by night and wide."""
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    scheme, width = request.param
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def doorstep(site_server: Publication) -> Iterator[str]:
    """Where the link in a reader's mail leads, for somebody who is here while the test looks."""
    settings, at = load(site_server.environment), clock.now()
    db, address = Database(settings.database), "doorstep@example.org"
    with db.transaction() as s:
        reader = Subscriber(
            address=address, address_key=address, state=SubscriberState.CONFIRMED, created_at=at, asked_at=at
        )
        s.add(reader)
        s.flush()
        path = links.preferences(Tokens(secret_key(settings)).manage(reader.id))
    yield path
    with db.transaction() as s:
        s.execute(delete(Subscriber).where(Subscriber.address_key == address))
    db.close()


def complaints(page: Page, publication: Publication, paths: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    for path in paths:
        page.goto(publication.url + path)
        found += [f"{path}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} scrolls sideways")
    return found


def test_every_page_of_the_post_office_is_sound(
    page: Page, site_server: Publication, doorstep: str, request: pytest.FixtureRequest
) -> None:
    rooms = ROOMS if request.node.callspec.id in ("light-390", "dark-1280") else ()
    assert complaints(page, site_server, (*PUBLIC, doorstep)) == []
    sign_in(page, site_server)
    assert complaints(page, site_server, (*DESK, *rooms)) == []


def test_the_band_answers_in_its_place(
    chromium: Browser, publication: Publication, mail_server: RecordingServer
) -> None:
    page = chromium.new_page()
    page.goto(f"{publication.url}/news")
    field, button = page.get_by_label("Email address"), page.get_by_role("button", name="Sign me up")
    field.fill("nobody")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("That doesn't look like an email address.")
    expect(field).to_be_focused()
    assert faults(page) == []
    page.goto(f"{publication.url}/news")
    field.fill("reader@example.org")
    button.click()
    told = page.get_by_role("status").filter(has_text="Check your mail.")
    expect(told).to_contain_text("We sent a link to reader@example.org.")
    expect(told).to_be_focused()
    assert faults(page) == [] and page.url.endswith("/news")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Give it a minute, then ask again.")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    expect(field).to_have_value("reader@example.org")
    link_in_last_mail(publication, mail_server, "/subscribe/confirm/")
    page.close()


def test_the_composer_counts_and_keeps_words(chromium: Browser, publication: Publication) -> None:
    publication.tick(clock.now())
    page = chromium.new_page()
    sign_in(page, publication)
    page.goto(f"{publication.url}/studio/digest")
    expect(page.get_by_role("heading", name="Next digest")).to_be_visible()
    subject = page.get_by_label("Subject")
    subject.fill("Rings of ice")
    expect(page.locator("#subject-count")).to_contain_text("12/60")
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(subject).to_have_value("Rings of ice")
    page.close()
