"""Two people talk about a paragraph: said by keyboard, seen by the other without a reload, answered, settled."""

import pytest
from playwright.sync_api import Page, expect

from tests.walks.conftest import faults
from tests.walks.editing import body, newsroom, signed_in, story, studio, write
from tests.walks.test_two_editors import grace, settle

__all__ = ["grace", "newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser


def test_a_paragraph_is_talked_about_until_it_is_settled(story: Page, grace: Page) -> None:
    write(story, "Stars form in clouds.", "Their light blows the gas away.")
    assert settle(story) == "saved"
    grace.reload()
    body(grace).get_by_text("Their light blows").click()
    grace.keyboard.press("Control+Alt+m")
    expect(grace.get_by_label("New comment on this block")).to_be_focused()
    expect(grace.get_by_text("On “Their light blows the gas away.”")).to_be_visible()
    grace.keyboard.type("Whose light?")
    grace.keyboard.press("Control+Enter")
    expect(grace.locator("#comments .comment")).to_contain_text("Whose light?")
    expect(body(grace)).to_be_focused()
    expect(body(grace).locator(".ed-commented")).to_have_text("Their light blows the gas away.")
    assert faults(grace) == []

    comment = story.locator("#comments .comment")
    expect(comment).to_contain_text("Whose light?", timeout=25_000)
    story.keyboard.press("Control+Home")
    story.keyboard.type("Before it. ")
    story.keyboard.press("Enter")
    assert settle(story) == "saved"
    expect(body(story).locator(".ed-commented")).to_have_text("Their light blows the gas away.")
    comment.get_by_text("Answer Grace").click()
    comment.get_by_label("Your answer").fill("The young stars'.")
    comment.get_by_role("button", name="Answer", exact=True).click()
    expect(comment).to_contain_text("The young stars'.")
    comment.get_by_role("link").click()
    expect(body(story).locator(".ProseMirror-selectednode")).to_have_text("Their light blows the gas away.")
    comment.get_by_role("button", name="Settle").click()
    expect(story.get_by_text("Nothing is open.")).to_be_visible()
    expect(body(story).locator(".ed-commented")).to_have_count(0)
    assert faults(story) == []


def test_a_comment_outlives_its_paragraph_and_is_told_in_the_review(story: Page) -> None:
    write(story, "Only this.")
    assert settle(story) == "saved"
    story.keyboard.press("Control+Alt+m")
    story.keyboard.type("Is it true?")
    story.get_by_role("button", name="Comment", exact=True).click()
    expect(story.locator("#comments .comment")).to_contain_text("Is it true?")
    body(story).click()
    story.keyboard.press("Control+a")
    story.keyboard.type("Quite another matter, in other words.")
    assert settle(story) == "saved"
    expect(story.get_by_text("No longer in the text")).to_be_visible()
    story.get_by_role("link", name="Review", exact=True).click()
    expect(story.locator("#comments .comment")).to_contain_text("Is it true?")
    assert faults(story) == []
    story.get_by_role("button", name="Settle").click()
    story.wait_for_url("**/review#comments")
    expect(story.get_by_text("Nothing is open.")).to_be_visible()


def test_what_is_empty_is_told_and_what_is_typed_stays_when_somebody_else_speaks(story: Page) -> None:
    write(story, "A paragraph.")
    assert settle(story) == "saved"
    story.get_by_role("button", name="Comment", exact=True).click()
    expect(story.locator("#comments").get_by_role("alert")).to_have_text("Write what you want to say.")
    story.get_by_label("New comment on this block").fill("x")
    story.keyboard.press("Escape")
    expect(body(story)).to_be_focused()
    expect(story.get_by_label("New comment on this block")).to_have_value("x")
