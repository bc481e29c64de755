"""The first run: from an empty data folder, through one form and the first steps, to a test digest in the editor's own inbox."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from blog import clock
from tests.mailserver import RecordingServer
from tests.walks import writing
from tests.walks.conftest import ADMINISTRATOR, Publication, faults, free_port, sign_in

EMAIL = ADMINISTRATOR[1]
SENDER = "digest@sky.example.org"
TITLE = "A night under the Cygnus wall"

pytestmark = pytest.mark.browser


@pytest.fixture
def empty(tmp_path: Path, mail_server: RecordingServer) -> Iterator[Publication]:
    """Nothing but a folder; the environment names no sender, so the studio chooses it."""
    data = tmp_path / "data"
    data.mkdir()
    made = Publication(data, free_port(), smtp_url=mail_server.url, more={"PERIJOVE_SENDER": ""})
    made.command("up", "--prepare")
    with made.served():
        yield made


def test_from_an_empty_folder_to_the_first_digest_in_ones_own_inbox(
    chromium: Browser, empty: Publication, mail_server: RecordingServer
) -> None:
    page = chromium.new_page()
    one_form_makes_the_owner(page, empty)
    expect(page.get_by_text("0 of 6")).to_be_visible()
    assert faults(page) == []
    the_publication_gets_its_name(page, empty)
    the_sender_is_proven(page, empty, mail_server)
    assert faults(page) == []
    the_first_story_goes_out_with_a_credited_picture(page, empty)
    the_signup_form_is_looked_at(page, empty)
    expect_done(page, empty, 5)
    test = the_last_step_sends_the_digest(page, empty, mail_server)
    assert test["From"] == f"The Daily Sky <{SENDER}>" and test["To"] == EMAIL and TITLE in test["Subject"]
    html = test.get_body(("html",))
    assert html and "The Daily Sky" in html.get_content() and TITLE in html.get_content()
    page.goto(f"{empty.url}/studio")
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)


def one_form_makes_the_owner(page: Page, publication: Publication) -> None:
    told = publication.command("invite", "--role", "administrator")
    path = re.search(r"/studio/invitation/\S+", told)
    assert path
    page.goto(publication.url + path[0])
    page.get_by_label("Your name").fill("Ada Kovač")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(ADMINISTRATOR[2])
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/studio/login")
    sign_in(page, publication)


def the_publication_gets_its_name(page: Page, publication: Publication) -> None:
    page.get_by_role("link", name="Give the publication its name").click()
    page.get_by_label("Name", exact=True).fill("The Daily Sky")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Sender's name").fill("The Daily Sky")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("Saved. It counts from now on")).to_be_visible()
    expect_done(page, publication, 1)


def the_sender_is_proven(page: Page, publication: Publication, mail_server: RecordingServer) -> None:
    page.get_by_role("link", name="Test the address that mail leaves from").click()
    page.get_by_label("Sender's address").fill(SENDER)
    page.get_by_role("button", name="Send a code to it").click()
    mail = next_mail(publication, mail_server)
    assert mail["To"] == SENDER
    code = re.search(r"^\d{4} \d{4}", mail["Subject"])
    assert code
    page.get_by_label("Code from the mail").fill(code[0])
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text(f"Mail leaves from {SENDER} now.")).to_be_visible()
    expect_done(page, publication, 2)


def the_first_story_goes_out_with_a_credited_picture(page: Page, publication: Publication) -> None:
    writing.begin_story(page, publication, TITLE, "What a small telescope shows of a large cloud.")
    writing.add_lead(page, writing.PICTURES[0])
    writing.body(page).click()
    writing.write(page, "We carried the telescope up the hill before dark.")
    writing.wait_until_saved(page)
    writing.publish(page)
    expect_done(page, publication, 4)


def the_signup_form_is_looked_at(page: Page, publication: Publication) -> None:
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url(f"{publication.url}/subscribe")
    expect(page.get_by_role("link", name="The Daily Sky").first).to_be_visible()


def the_last_step_sends_the_digest(
    page: Page, publication: Publication, mail_server: RecordingServer
) -> EmailMessage:
    page.get_by_role("button", name="Send it to me").click()
    expect(page.get_by_text(f"The test is on its way to {EMAIL}.")).to_be_visible()
    return next_mail(publication, mail_server)


def next_mail(publication: Publication, mail_server: RecordingServer) -> EmailMessage:
    """What a tick of the clock sends."""
    before = len(mail_server.received)
    publication.tick(clock.now())
    (mail,) = mail_server.received[before:]
    return mail.parsed()


def expect_done(page: Page, publication: Publication, steps: int) -> None:
    page.goto(f"{publication.url}/studio")
    expect(page.get_by_text(f"{steps} of 6")).to_be_visible()
