"""The post editor in a real browser, against the real studio: writing, pictures, galleries, and how it looks."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import faults
from tests.walks.editing import (
    block,
    body,
    choose_files,
    describe,
    drawn,
    kinds,
    manuscript,
    newsroom,
    saved,
    signed_in,
    story,
    studio,
    write,
)

__all__ = ["drawn", "newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


def test_a_story_is_written_with_the_keyboard_alone_and_saves_itself(story: Page) -> None:
    story.get_by_label("Title", exact=True).fill("A halo older than its stars")
    story.keyboard.press("Enter")
    story.keyboard.type("Where the glow comes from.")
    story.keyboard.press("Enter")
    story.keyboard.type("The first paragraph.")
    story.keyboard.press("Enter")
    for line in ("## What was seen", "- one", "two", "", "> Said by no one.", ""):
        story.keyboard.type(line)
        story.keyboard.press("Enter")
    story.keyboard.type("```python")
    story.keyboard.press("Enter")
    story.keyboard.type("print(1)")
    story.keyboard.press("Control+Enter")
    block(story, "bottom")
    story.keyboard.type("In short.")
    saved(story)
    assert kinds(story) == ["paragraph", "heading", "bullet_list", "blockquote", "code_block", "bottom_line"]
    assert story.get_by_text(re.compile(r"^\d+ words · 1 min$")).is_visible()
    story.reload()
    expect(story.get_by_label("Title", exact=True)).to_have_value("A halo older than its stars")


def test_blocks_move_with_alt_and_arrows_and_come_back_with_undo(story: Page) -> None:
    write(story, "one", "two")
    story.keyboard.type("three")
    story.keyboard.press("Alt+ArrowUp")
    expect(body(story).locator("> p")).to_have_text(["one", "three", "two"])
    story.keyboard.press("Control+z")
    expect(body(story).locator("> p")).to_have_text(["one", "two", "three"])


def test_a_picture_is_uploaded_described_and_shown_with_its_credit(
    story: Page, drawn: Callable[[str], str]
) -> None:
    write(story, "Words before.")
    block(story, "picture")
    choose_files(story, story.get_by_role("button", name="Upload a picture"), drawn("nebula.jpg"))
    figure = body(story).locator("figure")
    figure.get_by_role("button", name="Needs alt text, credit and licence").click()
    describe(story, "A nebula in red")
    expect(figure.get_by_text("Credit: Ada Kovač (CC BY 4.0)")).to_be_visible()
    figure.locator("img").click()
    figure.get_by_role("button", name="Full width").click()
    saved(story)
    assert manuscript(story)["body"]["content"][1]["attrs"]["width"] == "full"


def test_a_gallery_takes_many_files_says_which_one_it_refused_and_is_put_in_order(
    story: Page, drawn: Callable[[str], str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    write(story, "Words before.")
    block(story, "gallery")
    files = [drawn("a.jpg"), str(broken), drawn("bb.jpg"), drawn("ccc.jpg")]
    choose_files(story, story.get_by_role("button", name="Upload pictures"), *files)
    expect(story.get_by_role("status").filter(has_text="3 chosen")).to_be_visible(timeout=30_000)
    expect(story.get_by_role("button", name="Try broken.jpg again")).to_be_visible()
    story.get_by_role("button", name="Add pictures").click()
    expect(story.get_by_text("Gallery · 3 pictures")).to_be_visible()
    saved(story)
    first, second, third = (
        item["attrs"]["image"] for item in manuscript(story)["body"]["content"][1]["content"]
    )
    story.get_by_label("Move picture 1 later").click()
    story.keyboard.press("Alt+ArrowRight")
    story.get_by_label("Caption of picture 1").fill("The second, now the first")
    saved(story)
    items = manuscript(story)["body"]["content"][1]["content"]
    assert [item["attrs"]["image"] for item in items] == [second, third, first]
    assert items[0]["attrs"]["caption"] == "The second, now the first"


def test_a_gallery_is_put_in_order_by_dragging(story: Page, drawn: Callable[[str], str]) -> None:
    block_with_two = [drawn("a.jpg"), drawn("bb.jpg")]
    body(story).click()
    block(story, "gallery")
    choose_files(story, story.get_by_role("button", name="Upload pictures"), *block_with_two)
    expect(story.get_by_role("status").filter(has_text="2 chosen")).to_be_visible(timeout=30_000)
    story.get_by_role("button", name="Add pictures").click()
    saved(story)
    before = [item["attrs"]["image"] for item in manuscript(story)["body"]["content"][0]["content"]]
    pictures = body(story).locator(".ed-item-frame")
    pictures.first.scroll_into_view_if_needed()
    pictures.nth(1).drag_to(pictures.nth(0), target_position={"x": 4, "y": 40})
    expect(body(story).locator(".ed-item").first.get_by_label("Move picture 1 later")).to_be_enabled()
    story.keyboard.press("Control+s")
    saved(story)
    assert [item["attrs"]["image"] for item in manuscript(story)["body"]["content"][0]["content"]] == before[
        ::-1
    ]


def test_what_a_browser_finds_wrong_with_the_preview_stands_in_the_checks(story: Page) -> None:
    write(story, "## A part", "Words.", "#### A part of a part", "More words.")
    story.keyboard.press("Control+s")
    saved(story)
    preview = story.context.new_page()
    preview.goto(f"{story.url}/preview")
    wrong = preview.get_by_role("status").filter(has_text="Heading levels should only increase by one")
    expect(wrong).to_be_visible()
    expect(preview.locator("[data-inspect][data-done]")).to_have_count(1)
    story.reload()
    expect(story.get_by_text("On the preview: Heading levels should only increase by one")).to_be_visible()
    body(story).get_by_text("A part of a part").click()
    story.keyboard.press("Control+a")
    story.keyboard.type("Only words.")
    saved(story)
    expect(story.get_by_text("On the preview:")).to_have_count(0)


def test_the_preview_shows_what_was_typed_a_moment_ago(story: Page) -> None:
    story.get_by_label("Title", exact=True).fill("A title for the preview")
    write(story, "Typed a moment ago.")
    with story.context.expect_page() as opened:
        story.keyboard.press("Control+p")
    expect(opened.value.get_by_text("Typed a moment ago.").last).to_be_visible()


def test_title_and_settings_are_saved_without_javascript(story: Page, chromium: Browser) -> None:
    cookies = story.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(story.url)
    expect(page.locator(".ed-notice")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Without a script")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Without a script")
    context.close()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_editor_is_faultless_by_day_and_by_night_wide_and_narrow(
    story: Page, scheme: Any, width: int
) -> None:
    story.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    story.set_viewport_size({"width": width, "height": 900})
    write(story, "Words.", "## Heading")
    for name in ("bottom", "promotion"):
        block(story, name)
        story.keyboard.type("In a box.")
        story.keyboard.press("Control+Enter")
    story.evaluate("scrollTo(0, 0)")
    assert faults(story) == []
    assert story.evaluate("document.documentElement.scrollWidth") <= width
    story.keyboard.type("/gallery")
    assert [fault for fault in faults(story) if "#ed-menu" in fault] == []
    story.keyboard.press("Enter")
    expect(story.get_by_role("dialog")).to_be_visible()
    assert faults(story) == []
    story.keyboard.press("Escape")
    expect(body(story)).to_be_focused()
