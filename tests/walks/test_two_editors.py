"""Two browsers on one story. They see each other; whatever they do in whatever order, every word that anybody was told is
saved stands in the story or in its history.
"""

import json
import random
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from blog import clock
from blog.accounts import staffing
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.posts.model import Manuscript, Revision
from tests.walks.conftest import Publication, faults
from tests.walks.editing import body, newsroom, signed_in, story, studio, write

__all__ = ["newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser

PASSWORD = "a-short-walk-under-stars"


@pytest.fixture
def grace(story: Page, newsroom: Publication, chromium: Browser) -> Iterator[Page]:
    """The same story in the browser of somebody else."""
    hire(newsroom)
    context: BrowserContext = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{newsroom.url}/studio/login")
    page.get_by_label("Email").fill("grace@example.org")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(story.url)
    expect(body(page)).to_be_visible()
    yield page
    context.close()


def hire(newsroom: Publication) -> None:
    with closing(database(newsroom)) as db:
        if not any(one.email == "grace@example.org" for one in staffing.everybody(db)):
            staffing.make(db, "Grace", "grace@example.org", PASSWORD, RoleName.EDITOR, clock.now())


def database(newsroom: Publication) -> Database:
    return Database(f"sqlite:///{newsroom.data / 'perijove.db'}")


def dek(page: Page) -> str:
    return page.get_by_label("Dek", exact=True).input_value()


def settle(page: Page) -> str:
    """Saves now; answers how that ended: "saved" or "conflict"."""
    page.keyboard.press("Control+s")
    mark = page.locator("#save-mark")
    expect(mark).to_have_attribute("data-state", re.compile("saved|conflict"), timeout=15_000)
    return mark.get_attribute("data-state") or ""


def test_two_see_each_other_and_hear_of_a_newer_version(story: Page, grace: Page) -> None:
    expect(grace.locator("#company")).to_have_text("Ada Kovač is here too")
    story.reload()
    expect(story.locator("#company")).to_have_text("Grace is here too")
    grace.get_by_label("Dek", exact=True).fill("By Grace")
    assert settle(grace) == "saved"
    notice = story.get_by_role("alert").filter(has_text="Grace saved a newer version")
    expect(notice).to_be_visible(timeout=25_000)
    notice.get_by_role("button", name="Load it").click()
    expect(story.get_by_label("Dek", exact=True)).to_have_value("By Grace")
    grace.close()
    expect(story.locator("#company")).to_be_hidden(timeout=50_000)


def test_where_two_wrote_both_are_compared_and_both_kept(story: Page, grace: Page) -> None:
    grace.get_by_label("Dek", exact=True).fill("Rings of ice")
    assert settle(grace) == "saved"
    story.get_by_label("Dek", exact=True).fill("Rings of dust")
    assert settle(story) == "conflict"
    story.get_by_role("button", name="Compare").click()
    dialog = story.get_by_role("dialog")
    expect(dialog.locator("del")).to_have_text("ice")
    expect(dialog.locator("ins")).to_have_text("dust")
    assert faults(story) == []
    dialog.get_by_role("button", name="Keep both").click()
    expect(story.get_by_role("alert").filter(has_text="Yours is kept in the history")).to_be_visible()
    assert dek(story) == "Rings of ice"
    story.get_by_role("link", name="Compare").click()
    expect(story.locator("del")).to_have_text("dust")
    story.get_by_role("button", name="Bring the left one back").click()
    expect(story.get_by_label("Dek", exact=True)).to_have_value("Rings of dust")


@pytest.mark.parametrize("rounds", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_interleaved_saves_lose_nothing_silently(
    story: Page, grace: Page, newsroom: Publication, rounds: int
) -> None:
    dice, said = random.Random(rounds), set[str]()
    for count in range(rounds):
        page, who = dice.choice([(story, "Ada"), (grace, "Grace")])
        words = f"{who} wrote {count}."
        write(page, words)
        if settle(page) == "conflict":
            decide(page, dice.choice(["Keep both", "Keep mine"]))
        said.add(words)
    history = kept(newsroom, story)
    assert {words for words in said if words not in history} == set()


def decide(page: Page, how: str) -> None:
    banner = page.locator("#banner")
    if how == "Keep mine":
        banner.get_by_role("button", name=how).click()
        page.get_by_role("dialog").get_by_role("button", name=how).click()
        expect(page.locator("#save-mark")).to_have_attribute("data-state", "saved", timeout=15_000)
        return
    with page.expect_navigation():
        banner.get_by_role("button", name=how).click()
    expect(page.get_by_role("alert").filter(has_text="Yours is kept")).to_be_visible()


def kept(newsroom: Publication, page: Page) -> str:
    """All that the story says and ever said."""
    post_id = int(page.url.rstrip("/").rsplit("/", 1)[1])
    with closing(database(newsroom)) as db, db.reading() as s:
        bodies = [select(text.body).where(text.post_id == post_id) for text in (Manuscript, Revision)]
        return " ".join(json.dumps(body) for wanted in bodies for body in s.scalars(wanted))
