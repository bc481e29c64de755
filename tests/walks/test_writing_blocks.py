"""Writing in a real browser: every kind of block, moving them by hand, and what comes by the clipboard."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.blog.images.drawing import png
from tests.walks.conftest import faults
from tests.walks.editing import (
    block,
    body,
    kinds,
    manuscript,
    newsroom,
    saved,
    signed_in,
    story,
    studio,
    write,
)

__all__ = ["newsroom", "signed_in", "story", "studio"]

pytestmark = pytest.mark.browser

PASTES = Path(__file__).parents[2] / "frontend" / "test" / "paste"


def paste(page: Page, html: str, text: str = "") -> None:
    """As the browser hands it on when somebody presses Ctrl+V."""
    body(page).evaluate(
        """(element, {html, text}) => {
            const carried = new DataTransfer();
            if (html) carried.setData("text/html", html);
            carried.setData("text/plain", text);
            element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
        }""",
        {"html": html, "text": text},
    )


def looks(page: Page) -> list[str]:
    """What is wrong with the page by day and by night, wide and narrow."""
    found = []
    for scheme in ("dark", "light"):
        for width in (390, 1280):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            found += faults(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"sideways at {width}")
    return found


def test_every_new_block_comes_from_the_menu_and_stands_on_the_page(story: Page) -> None:
    write(story, "Neptune is far.")
    block(story, "fact")
    story.keyboard.type("Fourteen moons.")
    story.get_by_label("Heading of the fact box").fill("Neptune")
    story.get_by_label("Heading of the fact box").press("Enter")
    story.keyboard.press("Control+Enter")
    block(story, "table")
    for words in ("Moon", "Size", "Year", "Triton", "large", "1846", "Nereid", "small", "1949"):
        story.keyboard.type(words)
        story.keyboard.press("Tab")
    story.get_by_role("button", name="Remove this row").click()
    story.keyboard.press("Control+Enter")
    block(story, "sky")
    story.get_by_label("Shows").select_option("moon")
    body(story).locator("> p").last.click()
    block(story, "web only")
    story.keyboard.type("On the page.")
    story.keyboard.press("Enter")
    story.keyboard.press("Control+Enter")
    block(story, "mail")
    story.keyboard.type("In the mail.")
    saved(story)
    assert kinds(story) == ["paragraph", "fact_box", "table", "sky_card", "part", "part"]
    table = manuscript(story)["body"]["content"][2]
    assert [len(row["content"]) for row in table["content"]] == [3, 3, 3]
    assert looks(story) == []
    story.goto(f"{story.url}/preview")
    expect(story.get_by_role("columnheader", name="Moon")).to_be_visible()
    expect(story.get_by_text("On the page.")).to_be_visible()
    expect(story.get_by_text("In the mail.")).to_have_count(0)
    assert looks(story) == []


def test_a_note_is_written_read_changed_and_stands_at_the_end(story: Page) -> None:
    write(story, "It is old.^[As said in 1846.] Very old.")
    body(story).locator("> p").first.click()
    story.keyboard.press("End")
    story.keyboard.press("Control+Alt+f")
    story.get_by_label("Address", exact=True).fill("doi.example.org/10.1/x")
    story.get_by_role("button", name="Add note").click()
    expect(story.get_by_role("button", name="Note: https://doi.example.org/10.1/x")).to_be_visible()
    story.get_by_role("button", name="Note: As said in 1846.").click()
    story.get_by_label("Words").fill("As said in 1847.")
    story.get_by_role("button", name="Save note").click()
    saved(story)
    story.goto(f"{story.url}/preview")
    expect(story.locator(".notes li")).to_have_count(2)
    story.get_by_role("link", name="Note 1", exact=True).click()
    expect(story.locator("#note-1")).to_contain_text("As said in 1847.")
    expect(story.locator("#note-1")).to_be_in_viewport()


def test_blocks_move_by_their_handle_and_by_the_toolbars_buttons(story: Page) -> None:
    write(story, "one", "two")
    story.keyboard.type("three")
    body(story).locator("> p").nth(2).hover()
    handle = story.get_by_role("button", name="Drag this block, or select it")
    handle.drag_to(body(story).locator("> p").first, target_position={"x": 40, "y": 2})
    expect(body(story).locator("> p")).to_have_text(["three", "one", "two"])
    story.get_by_role("button", name="Move block down").click()
    expect(body(story).locator("> p")).to_have_text(["one", "three", "two"])
    body(story).locator("> p").nth(1).hover()
    handle.click()
    story.keyboard.press("Delete")
    expect(body(story).locator("> p")).to_have_text(["one", "two"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("word", ["heading", "paragraph", "bullet_list", "ordered_list", "table", "paragraph"]),
        ("apple-notes", ["heading", "paragraph", "paragraph", "bullet_list", "paragraph", "paragraph"]),
        ("wikipedia", ["paragraph", "heading", "table"]),
        ("spreadsheet", ["table"]),
    ],
)
def test_a_paste_comes_out_clean_and_is_saved(story: Page, name: str, expected: list[str]) -> None:
    body(story).click()
    paste(story, (PASTES / f"{name}.html").read_text())
    saved(story)
    assert kinds(story) == expected
    assert not re.search("mso|utm_|safelinks|style=", str(manuscript(story)["body"]))


def test_markdown_comes_in_as_blocks_and_as_it_is_when_that_is_wished(story: Page) -> None:
    body(story).click()
    paste(story, "", "## Ice\n\n- old\n- deep\n\nSee [the paper](https://example.org/ice?utm_source=x).")
    saved(story)
    assert kinds(story) == ["heading", "bullet_list", "paragraph"]
    link = manuscript(story)["body"]["content"][2]["content"][1]["marks"][0]
    assert link["attrs"]["href"] == "https://example.org/ice"


def test_a_picture_in_the_clipboard_comes_along_and_one_inside_our_walls_is_refused_with_a_word(
    story: Page,
) -> None:
    inside = base64.b64encode(png(40, 30)).decode()
    body(story).click()
    paste(
        story,
        f'<p>Words.</p><img src="data:image/png;base64,{inside}" alt="A ring" width="400">'
        '<p>More.</p><img src="http://127.0.0.1/secret.png" width="400"><img src="file:///C:/a.png" width="400">',
    )
    expect(body(story).get_by_text("That address can't be fetched.")).to_be_visible()
    expect(story.get_by_role("status").filter(has_text="1 picture was left out of the paste")).to_be_visible()
    expect(body(story).get_by_role("img", name="Picture")).to_be_visible()
    saved(story)
    assert kinds(story) == ["paragraph", "figure", "paragraph"]
    assert manuscript(story)["body"]["content"][1]["attrs"]["alt"] == "A ring"


def test_a_posts_address_pasted_alone_becomes_an_embed(story: Page) -> None:
    body(story).click()
    paste(story, "", "https://social.example.org/@maren/123?utm_source=x")
    saved(story)
    assert manuscript(story)["body"]["content"][0]["attrs"]["url"] == "https://social.example.org/@maren/123"
    answer = story.request.get(f"{story.url}/preview")
    assert 'data-embed="https://social.example.org/@maren/123/embed"' in answer.text()
    assert "frame-src 'self' https://social.example.org " in answer.headers["content-security-policy"]
