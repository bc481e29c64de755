"""The editor saves by itself; and when that fails, no word is lost and nobody's words are written over."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.walks.conftest import Publication, sign_in
from tests.walks.editing import body, manuscript, newsroom, saved, signed_in, story, studio, write

__all__ = ["newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser


def test_words_written_without_a_connection_are_kept_and_sent_when_it_is_back(story: Page) -> None:
    story.context.set_offline(True)
    write(story, "Written on a train.")
    expect(story.locator("#save-mark")).to_have_text("Offline – kept on this device", timeout=10_000)
    story.context.set_offline(False)
    saved(story)
    assert "Written on a train." in json.dumps(manuscript(story))


def test_words_that_never_arrived_are_offered_again_on_the_next_visit(story: Page) -> None:
    story.route("**/manuscript", lambda route: route.abort())
    write(story, "Not yet at the server.")
    expect(story.locator("#save-mark")).to_have_text("Offline – kept on this device", timeout=10_000)
    story.unroute("**/manuscript")
    story.on("dialog", lambda dialog: dialog.accept())
    story.reload()
    expect(story.get_by_role("alert").filter(has_text="never saved")).to_be_visible()
    story.get_by_role("button", name="Restore them").click()
    saved(story)
    assert "Not yet at the server." in json.dumps(manuscript(story))


def test_two_editors_on_one_story_never_write_over_each_other_unasked(story: Page) -> None:
    other = story.context.new_page()
    other.goto(story.url)
    other.get_by_label("Dek", exact=True).fill("Theirs")
    saved(other)
    story.get_by_label("Dek", exact=True).fill("Mine")
    expect(story.locator("#save-mark")).to_have_text("Paused (someone else saved)", timeout=10_000)
    assert ">Theirs</textarea>" in story.request.get(story.url).text()
    story.get_by_role("button", name="Keep mine").click()
    story.get_by_role("dialog").get_by_role("button", name="Keep mine").click()
    saved(story)
    assert ">Mine</textarea>" in story.request.get(story.url).text()


def test_an_ended_session_loses_no_word(story: Page, newsroom: Publication) -> None:
    story.context.clear_cookies()
    write(story, "After the session.")
    expect(story.get_by_role("alert").filter(has_text="Your session ended")).to_be_visible(timeout=10_000)
    sign_in(story.context.new_page(), newsroom)
    story.get_by_role("button", name="I have signed in").click()
    saved(story)
    assert "After the session." in json.dumps(manuscript(story))


def test_leaving_the_page_sends_the_last_words(story: Page, newsroom: Publication) -> None:
    address = story.url
    write(story, "The very last words.")
    story.goto(f"{newsroom.url}/studio/posts")
    story.goto(address)
    expect(body(story)).to_contain_text("The very last words.")
