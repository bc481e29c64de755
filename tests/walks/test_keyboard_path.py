"""From the first word to the public page without a mouse: a writer and an editor with nothing but their keyboards."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pyvips
from playwright.sync_api import Browser, Locator, Page, expect

from blog import clock
from blog.accounts import staffing
from blog.accounts.roles import RoleName
from blog.db import Database
from tests.blog.images.drawing import HEBE
from tests.walks.conftest import ADMINISTRATOR, Publication
from tests.walks.editing import body, saved
from tests.walks.writing import PICTURES

pytestmark = pytest.mark.browser

WRITER = ("Cleo Brandt", "cleo@example.org", "a-comet-comes-back-late")
FAR = 400
"""Tab stops after which somebody would give up."""


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    """Thirteen pieces of a real photograph of the sky, each with caption, credit and licence in its file."""
    sky = pyvips.Image.new_from_file(str(next(p for p in PICTURES if p.stem == "hubble_deep_field")))
    made = []
    for number in range(13):
        path = tmp_path / f"field-{number:02}.jpg"
        piece = sky.crop(number * 30, number * 20, 480, 360).copy()
        piece.set_type(pyvips.GValue.blob_type, "xmp-data", HEBE)
        piece.write_to_file(str(path), Q=80)
        made.append(path)
    return made


@pytest.fixture
def hired(publication: Publication) -> None:
    """A contributor, besides the administrator."""
    at = publication.database_url or f"sqlite:///{publication.data / 'perijove.db'}"
    db = Database(at)
    staffing.make(db, *WRITER, RoleName.CONTRIBUTOR, clock.now())
    db.close()


@pytest.fixture
def desk(chromium: Browser, publication: Publication) -> Iterator[Callable[[tuple[str, str, str]], Page]]:
    """Signs somebody in, by keyboard too, in a browser of their own in which no mouse can be used."""
    contexts = []

    def sit_down(who: tuple[str, str, str]) -> Page:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 1000}, reduced_motion="reduce", locale="en-US"
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "filechooser", lambda _: None
        )  # the browser then never waits to be told to hand choosers over
        page.goto(f"{publication.url}/studio/login")
        reach(page, page.get_by_label("Email"))
        page.keyboard.type(who[1])
        reach(page, page.get_by_label("Password").first)
        page.keyboard.type(who[2])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{publication.url}/studio")
        context.add_init_script(
            "addEventListener('mousedown', () => { throw Error('a mouse was used'); }, true)"
        )
        return page

    yield sit_down
    for context in contexts:
        context.close()


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Goes on from control to control, as a keyboard does, until ``wanted`` has the focus."""
    wanted.wait_for()
    for _ in range(FAR):
        if wanted.evaluate("one => document.activeElement === one"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} is out of reach of the keyboard")


def press(page: Page, wanted: Locator, key: str = "Tab") -> None:
    reach(page, wanted, key)
    page.keyboard.press("Enter")


def bring(page: Page, opener: Locator, *files: Path) -> None:
    reach(page, opener)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(list(files))


def write_story(page: Page) -> None:
    page.goto(page.url + "/posts")
    page.keyboard.press("n")
    title = page.get_by_label("Title", exact=True)
    body(page).wait_for()
    reach(page, title)
    for line in ("A field full of galaxies", "Thirteen pictures of the same sky.", "The first paragraph."):
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def add_picture(page: Page, photograph: Path) -> None:
    page.keyboard.type("/picture")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    bring(page, page.get_by_role("dialog").get_by_role("button", name="Upload a picture"), photograph)
    figure = body(page).locator("figure")
    expect(figure.get_by_text("Credit: Observatory of the Tests (CC BY 4.0)")).to_be_visible(timeout=30_000)
    press(page, figure.get_by_role("button", name="Needs alt text"))
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_label("Credit (required)").input_value() == "Observatory of the Tests"
    assert dialog.get_by_label("Licence (required)").input_value() == "CC BY 4.0"
    reach(page, dialog.get_by_label("Alt text"))
    page.keyboard.type("Hundreds of galaxies on black")
    press(page, dialog.get_by_role("button", name="Save details"))
    expect(dialog).to_have_count(0)


def add_gallery(page: Page, photographs: list[Path]) -> None:
    reach(page, body(page), "Shift+Tab")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/gallery")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    bring(page, dialog.get_by_role("button", name="Upload pictures"), *photographs)
    expect(dialog.get_by_role("status").filter(has_text="12 chosen")).to_be_visible(timeout=60_000)
    press(page, dialog.get_by_role("button", name="Add pictures"))
    gallery = page.get_by_role("group", name="Gallery")
    expect(gallery.get_by_text("Gallery · 12 pictures")).to_be_visible()
    for number, described in enumerate(gallery.get_by_label("Alt text").all(), 1):
        reach(page, described)
        page.keyboard.type(f"Galaxies, part {number} of 12")


def confirm_words(page: Page) -> None:
    """All that came with the files is right: said once in the library, for all of them."""
    saved(page)
    story = page.url
    press(page, page.get_by_role("link", name="Pictures", exact=True))
    press(page, page.get_by_role("link", name="To confirm 13"))
    press(page, page.get_by_text("Words for several pictures…"))
    for tick in ("All 13 on this page", "All words that came with their files are right"):
        reach(page, page.get_by_label(tick))
        page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Give them these words"))
    expect(page.get_by_text("13 pictures described.")).to_be_visible()
    page.goto(story)
    body(page).wait_for()


def submit(page: Page) -> str:
    saved(page)
    page.keyboard.press("Control+Shift+p")
    page.wait_for_url("**/review")
    reach(page, page.get_by_label("A word with it"))
    page.keyboard.type("All credits stand in the files.")
    press(page, page.get_by_role("button", name="Submit for review"))
    expect(page.get_by_role("heading", name="Waits for an editor")).to_be_visible()
    return page.url


def approve(page: Page) -> None:
    press(page, page.get_by_role("link", name="1 in review"))
    press(page, page.get_by_role("link", name="A field full of galaxies", exact=True))
    body(page).wait_for()
    press(page, page.get_by_role("link", name="Review", exact=True))
    press(page, page.get_by_role("button", name="Approve"))
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()


def schedule(page: Page, moment: datetime) -> str:
    press(page, page.get_by_role("link", name="Publish or schedule…"))
    reach(page, page.get_by_label("Now", exact=True))
    page.keyboard.press("ArrowDown")
    reach(page, page.get_by_label("Date and time"))
    page.keyboard.type(f"{moment:%m%d%Y}")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(f"{moment:%I%M%p}")
    expect(page.get_by_role("button", name="Schedule", exact=True)).to_be_visible()
    path = page.locator(".publish__sentence strong").first.inner_text()
    press(page, page.get_by_role("button", name="Schedule", exact=True))
    expect(page.get_by_text(f"at {moment:%H:%M} (UTC)")).to_be_visible()
    return path


@pytest.mark.usefixtures("hired")
def test_a_story_goes_from_its_first_word_to_the_public_at_the_minute_without_a_mouse(
    publication: Publication, desk: Callable[[tuple[str, str, str]], Page], photographs: list[Path]
) -> None:
    writer = desk(WRITER)
    write_story(writer)
    add_picture(writer, photographs[0])
    add_gallery(writer, photographs[1:])
    confirm_words(writer)
    submit(writer)
    editor = desk(ADMINISTRATOR)
    approve(editor)
    moment = (datetime.now(UTC) + timedelta(days=2)).replace(hour=7, minute=30, second=0, microsecond=0)
    path = schedule(editor, moment)
    publication.tick(moment - timedelta(minutes=1))
    assert status(editor, publication.url + path) == 404
    publication.tick(moment)
    editor.goto(publication.url + path)
    expect(editor.get_by_role("heading", name="A field full of galaxies")).to_be_visible()
    expect(editor.locator(".prose img[alt^='Galaxies, part']")).to_have_count(12)
    assert "Observatory of the Tests" in editor.content()


def status(page: Page, address: str) -> int:
    answer: Any = page.request.get(address)
    return int(answer.status)
