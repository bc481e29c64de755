"""What stands beside the words of a story, in a real browser: sources, bylines, and how others will see it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from blog.posts.document import walk
from tests.walks.editing import body, manuscript, newsroom, saved, signed_in, story, studio, write
from tests.walks.test_writing_blocks import looks

__all__ = ["newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser


def add_source(page: Page, title: str) -> None:
    """With the keyboard alone, from the button on."""
    panel = page.get_by_role("region", name="Sources")
    panel.get_by_role("button", name="Add a source").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Fill it in by hand").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_label("DOI").fill("https://doi.org/10.1234/rings.5")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


def named(page: Page) -> Locator:
    return page.locator("#source-list .ed-linkbutton")


def test_sources_are_named_moved_pointed_at_and_saved_without_a_mouse(story: Page) -> None:
    write(story, "Rings are young")
    add_source(story, "Rings of ice")
    add_source(story, "Rings of dust")
    expect(named(story)).to_have_text(["Rings of ice", "Rings of dust"])
    named(story).nth(1).press("Alt+ArrowUp")
    expect(named(story)).to_have_text(["Rings of dust", "Rings of ice"])
    expect(named(story).nth(0)).to_be_focused()
    body(story).press("Control+End")
    body(story).press("Control+Alt+f")
    story.get_by_role("dialog").get_by_label("Source").select_option(label="2. Rings of ice")
    story.get_by_role("button", name="Add note").press("Enter")
    saved(story)
    kept = manuscript(story)
    assert [(one["id"], one["title"], one["doi"]) for one in kept["sources"]] == [
        (2, "Rings of dust", "10.1234/rings.5"),
        (1, "Rings of ice", "10.1234/rings.5"),
    ]
    (note,) = [node for node in walk(kept["body"]) if node["type"] == "footnote"]
    assert note["attrs"]["source"] == 1, "the note means the source, wherever it was moved"
    assert looks(story) == []


def test_the_look_of_a_result_and_a_card_follows_the_words(story: Page) -> None:
    story.get_by_label("Title", exact=True).fill("Rings of ice")
    story.get_by_text("Search and social").click()
    result, card = (
        story.get_by_role("group", name="In a search engine"),
        story.get_by_role("group", name="As a card"),
    )
    expect(result.locator("[data-shows=title]")).to_have_text("Rings of ice")
    story.get_by_label("Title for search engines").fill("Are Saturn's rings young?")
    expect(card.locator("[data-shows=title]")).to_have_text("Are Saturn's rings young?")
    story.get_by_label("Title for cards").fill("Young rings")
    expect(card.locator("[data-shows=title]")).to_have_text("Young rings")
    expect(result.locator("[data-shows=title]")).to_have_text("Are Saturn's rings young?")
    expect(story.get_by_text("25 of about 60 characters.")).to_be_visible()
    story.get_by_label("Canonical address").fill("http://elsewhere.example/a")
    expect(story.locator("#canonical_url-error")).to_contain_text("begins with https://", timeout=15_000)
    story.get_by_label("Canonical address").fill("https://elsewhere.example/a")
    saved(story)
    assert looks(story) == []


def test_a_guest_joins_the_byline_and_moves_to_its_head(story: Page) -> None:
    story.get_by_label("Title", exact=True).fill("Rings")
    story.get_by_role("link", name="Add a guest author").press("Enter")
    dialog = story.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Ada Kovač")
    dialog.get_by_role("button", name="Add the guest").press("Enter")
    expect(dialog.get_by_text("There is an author of that name already.")).to_be_visible()
    dialog.get_by_label("Name").fill("Vera Gast")
    dialog.get_by_role("button", name="Add the guest").press("Enter")
    names = story.locator("#author_ids .ed-chosen label span")
    expect(names).to_have_text(["Ada Kovač", "Vera Gast"])
    story.get_by_label("Vera Gast", exact=True).press("Alt+ArrowUp")
    expect(names).to_have_text(["Vera Gast", "Ada Kovač"])
    story.get_by_role("button", name="Move down: Vera Gast").press("Enter")
    expect(names).to_have_text(["Ada Kovač", "Vera Gast"])
    expect(story.get_by_role("button", name="Move up: Vera Gast")).to_be_focused()
    story.locator("#author_ids .ed-chosen").nth(1).drag_to(story.locator("#author_ids .ed-chosen").nth(0))
    expect(names).to_have_text(["Vera Gast", "Ada Kovač"])
    saved(story)
    assert looks(story) == []
    story.reload()
    expect(names).to_have_text(["Vera Gast", "Ada Kovač"])


def test_a_page_that_always_stands_is_written_and_put_up(story: Page) -> None:
    story.goto(story.url.rsplit("/posts", 1)[0] + "/pages")
    story.get_by_role("button", name="New page").click()
    expect(body(story)).to_be_visible()
    story.get_by_label("Title", exact=True).fill("About us")
    write(story, "We look up.")
    saved(story)
    assert looks(story) == []
    story.get_by_role("link", name="Put it up").press("Enter")
    expect(story.get_by_label("Address")).to_have_value("about-us")
    assert looks(story) == []
    story.get_by_role("button", name="Put it up").press("Enter")
    expect(story.get_by_text("It stands at /about-us.")).to_be_visible()
    story.get_by_role("link", name="View", exact=True).click()
    expect(story.get_by_role("heading", name="About us")).to_be_visible()
    expect(story.get_by_role("contentinfo").get_by_role("link", name="About us")).to_be_visible()
    assert looks(story) == []
