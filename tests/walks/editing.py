"""What the walks through the post editor share: a newsroom, a story open in it, and how one writes there."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.walks.conftest import Publication, add_administrator, free_port, sign_in


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """One empty publication for all these walks: each writes a story of its own."""
    made = Publication(tmp_path_factory.mktemp("newsroom"), free_port())
    made.command("up", "--prepare")
    add_administrator(made)
    with made.served():
        yield made


@pytest.fixture(scope="module")
def signed_in(newsroom: Publication, chromium: Browser) -> Any:
    """The cookies of a browser that is signed in."""
    context = chromium.new_context()
    sign_in(context.new_page(), newsroom)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def studio(signed_in: Any, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        storage_state=signed_in, viewport={"width": 1280, "height": 1000}, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def story(studio: BrowserContext, newsroom: Publication) -> Page:
    """A new story, open in the editor."""
    page = studio.new_page()
    page.goto(f"{newsroom.url}/studio/posts")
    page.get_by_role("button", name="New story").first.click()
    expect(body(page)).to_be_visible()
    return page


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[str], str]:
    """Draws a picture of its own for each name."""

    def draw(name: str) -> str:
        shade = [len(name) * 20 % 256, sum(map(ord, name)) % 256, 90]
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
