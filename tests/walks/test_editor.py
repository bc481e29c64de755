"""The post editor in a real browser, against the real studio: writing, pictures, saving by itself, and what happens when that fails."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.walks.conftest import Publication, faults, sign_in

pytestmark = pytest.mark.browser

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.fixture
def studio(publication: Publication, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that is signed in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    sign_in(context.new_page(), publication)
    yield context
    context.close()


@pytest.fixture
def story(studio: BrowserContext, publication: Publication) -> Page:
    """A new story, open in the editor."""
    page = studio.pages[0]
    page.goto(f"{publication.url}/studio/posts")
    page.get_by_role("button", name="New story").first.click()
    expect(body(page)).to_be_visible()
    return page


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[str], str]:
    """Draws a picture of its own for each name."""

    def draw(name: str) -> str:
        shade = [len(name) * 20 % 256, hash(name) % 256, 90]
        path = str(tmp_path / name)
        (pyvips.Image.black(320, 200) + shade).cast("uchar").copy(interpretation="srgb").write_to_file(path)
        return path

    return draw


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Body of the story")


def write(page: Page, *lines: str) -> None:
    """Types at the end of the story, one line after the other."""
    body(page).locator("> p").last.click()
    page.keyboard.press("Control+End")
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def block(page: Page, name: str) -> None:
    """Takes a block from the menu, in the empty paragraph at hand."""
    page.keyboard.type(f"/{name}")
    expect(page.get_by_role("listbox", name="Blocks")).to_be_visible()
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    expect(page.locator("#save-mark")).to_have_attribute("data-state", "saved", timeout=15_000)


def manuscript(page: Page) -> dict[str, Any]:
    """What a fresh load of the page brings from the server."""
    told = page.request.get(page.url).text()
    found = re.search(r'<script type="application/json" id="manuscript-data">(.*?)</script>', told, re.DOTALL)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def kinds(page: Page) -> list[str]:
    return [node["type"] for node in manuscript(page)["body"]["content"]]


def choose_files(page: Page, opener: Locator, *paths: str) -> None:
    with page.expect_file_chooser() as chooser:
        opener.click()
    chooser.value.set_files(list(paths))


def describe(page: Page, alt: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Alt text").fill(alt)
    dialog.get_by_label("Credit (required)").fill("Ada Kovač")
    dialog.get_by_label("Licence (required)").fill("CC BY 4.0")
    dialog.get_by_role("button", name="Save details").click()
    expect(dialog).to_be_hidden()


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
    story.keyboard.press("Control+Enter")
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


def test_an_ended_session_loses_no_word(story: Page, publication: Publication) -> None:
    story.context.clear_cookies()
    write(story, "After the session.")
    expect(story.get_by_role("alert").filter(has_text="Your session ended")).to_be_visible(timeout=10_000)
    sign_in(story.context.new_page(), publication)
    story.get_by_role("button", name="I have signed in").click()
    saved(story)
    assert "After the session." in json.dumps(manuscript(story))


def test_leaving_the_page_sends_the_last_words(story: Page, publication: Publication) -> None:
    address = story.url
    write(story, "The very last words.")
    with story.expect_response("**/manuscript"):
        story.goto(f"{publication.url}/studio/posts")
    story.goto(address)
    expect(body(story)).to_contain_text("The very last words.")


def test_the_preview_shows_what_was_typed_a_moment_ago(story: Page) -> None:
    story.get_by_label("Title", exact=True).fill("A title for the preview")
    write(story, "Typed a moment ago.")
    with story.context.expect_page() as opened:
        story.keyboard.press("Control+p")
    expect(opened.value.get_by_text("Typed a moment ago.")).to_be_visible()


def test_title_and_settings_are_saved_without_javascript(story: Page, chromium: Browser) -> None:
    cookies = story.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(story.url)
    expect(page.get_by_text("The body of a story needs JavaScript")).to_be_visible()
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
    assert faults(story) == []
    assert story.evaluate("document.documentElement.scrollWidth") <= width
    story.keyboard.type("/gallery")
    assert [fault for fault in faults(story) if "#ed-menu" in fault] == []
    story.keyboard.press("Enter")
    expect(story.get_by_role("dialog")).to_be_visible()
    assert faults(story) == []
    story.keyboard.press("Escape")
    expect(body(story)).to_be_focused()
