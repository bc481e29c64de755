"""A reader and the preference page, with scripts and without: a forwarded mail, choosing, pausing, leaving, undoing, deleting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from blog import clock, links
from blog.db import Database
from blog.secret import secret_key
from blog.settings import Settings, load
from newsletter.subscribers import serving
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.tokens import Tokens
from tests.walks.conftest import Publication, faults

pytestmark = pytest.mark.browser


@dataclass
class Mailbox:
    """What one reader of the demonstration publication holds: the links in a mail."""

    address: str
    preferences: str
    leave: str


@pytest.fixture(params=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        java_script_enabled=request.param == "scripts",
        viewport={"width": 390, "height": 844},
        timezone_id="Africa/Lagos",
    )
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@pytest.fixture
def mailbox(site_server: Publication, request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    settings = load(site_server.environment)
    db, address, at = Database(settings.database), f"{request.node.callspec.id}@example.org", clock.now()
    reader_id = join(db, settings, address, at)
    tokens = Tokens(secret_key(settings))
    paths = (links.preferences(tokens.manage(reader_id)), links.leave(tokens.leave(reader_id)))
    yield Mailbox(address, *(links.absolute(site_server.url, path) for path in paths))
    with db.reading() as s:
        assert s.scalar(select(Subscriber.id).where(Subscriber.address_key == address)) is None
    db.close()


def join(db: Database, settings: Settings, address: str, at: datetime) -> int:
    with db.transaction() as s:
        reader = Subscriber(
            address=address, address_key=address, state=SubscriberState.CONFIRMED, created_at=at, asked_at=at, confirmed_at=at
        )  # fmt: skip
        s.add(reader)
        s.flush()
        serving.begin(s, reader, at, settings)
        return reader.id


def test_the_whole_way_of_a_reader_who_chooses(page: Page, mailbox: Mailbox) -> None:
    is_scripted = mailbox.address.startswith("scripts")
    a_friend_who_got_it_forwarded_stays_outside(page, mailbox, is_scripted)
    the_reader_comes_in_and_chooses(page, mailbox, is_scripted)
    pauses_and_thinks_again(page)
    leaves_and_comes_back(page, mailbox, is_scripted)
    deletes_everything(page, mailbox, is_scripted)


def a_friend_who_got_it_forwarded_stays_outside(page: Page, mailbox: Mailbox, is_scripted: bool) -> None:
    page.goto(mailbox.preferences)
    assert mailbox.address not in page.content()
    page.get_by_label("Your email address").fill("friend@example.org")
    page.get_by_role("button", name="Open my preferences").click()
    expect(page.get_by_role("alert")).to_contain_text("not the address this mail was sent to")
    assert mailbox.address not in page.content()
    looks_right(page, is_scripted)


def the_reader_comes_in_and_chooses(page: Page, mailbox: Mailbox, is_scripted: bool) -> None:
    page.get_by_label("Your email address").fill(mailbox.address)
    page.get_by_role("button", name="Open my preferences").click()
    expect(page.get_by_role("heading", name="Your preferences")).to_be_visible()
    looks_right(page, is_scripted)
    if is_scripted:
        expect(page.get_by_text("Your device says Africa/Lagos.")).to_be_visible()
        page.get_by_role("button", name="Use it").click()
    else:
        page.get_by_label("Time zone").select_option("Africa/Lagos")
    page.get_by_label("Once a week").check()
    page.get_by_label("On", exact=True).select_option("Saturday")
    page.get_by_label("Hour").select_option("18:00")
    page.get_by_role("group", name="Topics").get_by_role("checkbox").first.check()
    page.get_by_label("Count my clicks").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved ")).to_be_visible()
    expect(page.get_by_label("What comes next")).to_contain_text("Saturday")
    expect(page.get_by_label("What comes next")).to_contain_text("at 18:00 (Lagos time)")
    expect(page.get_by_label("Once a week")).to_be_checked()
    expect(page.get_by_label("Count my clicks")).not_to_be_checked()


def pauses_and_thinks_again(page: Page) -> None:
    page.get_by_role("button", name="2 weeks").click()
    expect(page.get_by_label("What comes next")).to_contain_text("Paused until")
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_text("The pause is over.")).to_be_visible()


def leaves_and_comes_back(page: Page, mailbox: Mailbox, is_scripted: bool) -> None:
    page.goto(mailbox.leave)
    expect(page.get_by_text("Was this mail forwarded to you?")).to_be_visible()
    assert mailbox.address not in page.content()
    looks_right(page, is_scripted)
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("You won’t hear from us again.")).to_be_visible()
    looks_right(page, is_scripted)
    page.get_by_label("Too many mails").check()
    page.get_by_role("button", name="Tell them").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Welcome back; nothing was lost.")).to_be_visible()


def deletes_everything(page: Page, mailbox: Mailbox, is_scripted: bool) -> None:
    page.goto(mailbox.preferences)
    page.get_by_label("Your email address").fill(mailbox.address)
    page.get_by_role("button", name="Open my preferences").click()
    expect(page.get_by_label("Once a week")).to_be_checked()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download my data").click()
    assert mailbox.address in taken.value.path().read_text()
    page.get_by_role("link", name="Delete everything").click()
    looks_right(page, is_scripted)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
    looks_right(page, is_scripted)
    page.goto(mailbox.preferences)
    expect(page.get_by_text("not on the list any more")).to_be_visible()


def looks_right(page: Page, is_scripted: bool) -> None:
    """Axe is a script itself; without scripts the pages are the same."""
    if is_scripted:
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
