"""A reader whose browser runs no scripts: signs up after two slips, confirms, leaves, and thinks again."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from blog import clock
from tests.mailserver import RecordingServer
from tests.walks.conftest import Publication

pytestmark = pytest.mark.browser


def test_the_whole_way_of_a_reader_without_scripts(
    chromium: Browser, publication: Publication, mail_server: RecordingServer
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{publication.url}/news")
    slips_twice_and_signs_up(page)
    confirms(page, link_in_last_mail(publication, mail_server, "/subscribe/confirm/"))
    leaves_and_comes_back(page, link_in_last_mail(publication, mail_server, "/unsubscribe/"))
    assert context.cookies() == []
    context.close()


def slips_twice_and_signs_up(page: Page) -> None:
    press(page, "reader", "Sign me up")
    expect(page.get_by_role("alert")).to_contain_text("That doesn't look like an email address.")
    expect(page.get_by_label("Email address")).to_be_focused()
    press_patiently(page, "reader@gmial.com")
    expect(page.get_by_text("Did you mean reader@gmail.com?")).to_be_visible()
    page.get_by_role("button", name="No, keep it").click()
    expect(page.get_by_role("status")).to_contain_text("Check your mail. We sent a link to reader@gmial.com.")
    page.get_by_role("button", name="Change it").click()
    press_patiently(page, "reader@example.org")
    expect(page.get_by_role("status")).to_contain_text("We sent a link to reader@example.org.")


def press(page: Page, address: str, button: str) -> None:
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name=button).click()


def press_patiently(page: Page, address: str) -> None:
    """A form that was answered within two seconds asks for a second press."""
    press(page, address, "Sign me up")
    again = page.get_by_role("button", name="Try again")
    if again.is_visible():
        expect(page.get_by_role("status")).to_contain_text("Press the button once more.")
        again.click()


def link_in_last_mail(publication: Publication, mail_server: RecordingServer, path: str) -> str:
    publication.tick(clock.now())
    mail = [one for one in mail_server.received if one.recipient == "reader@example.org"][-1].parsed()
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S+{path}\S+", body.get_content())
    assert found, f"no {path} in the mail"
    return found[0]


def confirms(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_text("Confirm reader@example.org?")).to_be_visible()
    page.get_by_role("button", name="Yes, send me the digest").click()
    expect(page.get_by_role("heading", name="You’re in.")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("Nothing more to do.")).to_be_visible()


def leaves_and_comes_back(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_text("Stop the digest for r•••@example.org?")).to_be_visible()
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("You won’t hear from us again.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Welcome back; nothing was lost.")).to_be_visible()
