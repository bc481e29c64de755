"""The whole story: an editor writes and publishes, a visitor reads and signs up, the clock mails the digest, the reader leaves."""

import re
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from blog import clock
from tests.mailserver import RecordingServer
from tests.walks import writing
from tests.walks.conftest import Publication, sign_in

TITLE = "A night under the Cygnus wall"
READER = "reader@example.org"

pytestmark = pytest.mark.browser


def test_from_the_first_word_to_the_last_goodbye(
    chromium: Browser, publication: Publication, mail_server: RecordingServer
) -> None:
    page = chromium.new_page()
    publication.tick(clock.now())  # the list exists before the story does
    sign_in(page, publication)
    path = an_editor_writes_and_publishes(page, publication)
    a_visitor_reads(page, publication, path)
    a_reader_signs_up(page, publication, mail_server, path)
    digest = the_next_morning_brings_one_digest(publication, mail_server)
    the_mail_is_what_mail_should_be(digest)
    the_digest_opens_on_the_web(page, publication, digest)
    the_reader_leaves_with_one_click(digest)
    write_another(page, publication)
    nothing_comes_the_day_after(publication, mail_server)


def an_editor_writes_and_publishes(page: Page, publication: Publication) -> str:
    writing.begin_story(page, publication, TITLE, "What a small telescope shows of a large cloud.")
    writing.add_lead(page, writing.PICTURES[0])
    writing.body(page).click()
    writing.write(
        page,
        "We carried the telescope up the hill before dark.",
        "## What you need",
        "Warm clothes, and patience.",
    )
    writing.add_gallery(page, *writing.PICTURES[1:4])
    writing.wait_until_saved(page)
    page.reload()
    expect(writing.body(page)).to_contain_text("Warm clothes, and patience.")
    expect(page.get_by_role("group", name="Gallery").get_by_role("listitem")).to_have_count(3)
    return writing.publish(page)


def a_visitor_reads(page: Page, publication: Publication, path: str) -> None:
    page.goto(publication.url + path)
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="What you need")).to_be_visible()
    expect(page.locator("[data-gallery] img")).to_have_count(3)
    assert page.locator("figcaption", has_text="Credit: NASA").count() >= 4
    page.goto(publication.url)
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()


def a_reader_signs_up(page: Page, publication: Publication, mail_server: RecordingServer, path: str) -> None:
    page.goto(publication.url + path)
    band = page.locator("form.signup__form").first
    band.get_by_label("Email address").fill(READER)
    band.get_by_role("button", name="Sign me up").click()
    expect(page.get_by_text("Check your mail")).to_be_visible()
    publication.tick(clock.now())
    (confirmation,) = [mail.parsed() for mail in mail_server.received]
    assert confirmation["Auto-Submitted"] == "auto-generated"
    page.goto(link_in(confirmation, "/subscribe/confirm/"))
    page.get_by_role("button", name="Yes, send me the digest").click()
    expect(page.get_by_text("You’re in")).to_be_visible()
    publication.tick(clock.now())
    assert len(mail_server.received) == 2, "and a welcome"


def the_next_morning_brings_one_digest(
    publication: Publication, mail_server: RecordingServer
) -> EmailMessage:
    before = len(mail_server.received)
    publication.tick(next_morning())
    publication.tick(next_morning() + timedelta(minutes=5))
    (digest,) = [mail.parsed() for mail in mail_server.received[before:]]
    return digest


def the_mail_is_what_mail_should_be(digest: EmailMessage) -> None:
    assert digest["Subject"] == TITLE
    assert digest["To"] == READER
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert digest["List-Id"]
    assert digest["Message-ID"].endswith("@example.org>")
    html, text = digest.get_body(("html",)), digest.get_body(("plain",))
    assert html and text
    assert TITLE in html.get_content() and TITLE in text.get_content()
    assert len(digest.as_bytes()) < 60_000


def the_digest_opens_on_the_web(page: Page, publication: Publication, digest: EmailMessage) -> None:
    page.goto(link_in(digest, "/digest/"))
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()
    page.goto(f"{publication.url}/digest")
    expect(page.get_by_text(TITLE).first).to_be_visible()


def the_reader_leaves_with_one_click(digest: EmailMessage) -> None:
    """As a mail program does it (RFC 8058): one POST, no cookie, no redirect."""
    address = re.search(r"<(https?://[^>]+)>", digest["List-Unsubscribe"])
    assert address
    told = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(urllib.request.Request(address[1], data=told)) as answer:
        assert answer.status == 200
        assert answer.url == address[1]
        assert "Set-Cookie" not in answer.headers


def write_another(page: Page, publication: Publication) -> None:
    writing.begin_story(page, publication, "The second night", "It was clear again.")
    writing.body(page).click()
    writing.write(page, "And colder.")
    writing.wait_until_saved(page)
    writing.publish(page)


def nothing_comes_the_day_after(publication: Publication, mail_server: RecordingServer) -> None:
    before = len(mail_server.received)
    publication.tick(next_morning() + timedelta(days=1))
    assert len(mail_server.received) == before


def next_morning() -> datetime:
    return (clock.now() + timedelta(days=1)).replace(hour=7, minute=1, second=0, microsecond=0, tzinfo=UTC)


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in the text part that leads to ``path``."""
    text = mail.get_body(("plain",))
    assert text
    found = re.search(rf"https?://\S*{re.escape(path)}\S+", text.get_content())
    assert found, text.get_content()
    return found[0]
