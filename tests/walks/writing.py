"""What an editor does in the browser, as deeds with names. Used by the walks."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.walks.conftest import Publication

PICTURES = sorted((Path(__file__).parents[2] / "blog" / "demo" / "pictures").glob("*.jpg"))


def begin_story(page: Page, publication: Publication, title: str, dek: str) -> None:
    page.goto(f"{publication.url}/studio/posts")
    page.get_by_role("button", name="New story").first.click()
    body(page).wait_for()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Dek").fill(dek)


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Body of the story")


def write(page: Page, *paragraphs: str) -> None:
    """Types at the end of the body; Markdown starts become blocks."""
    for paragraph in paragraphs:
        page.keyboard.type(paragraph)
        page.keyboard.press("Enter")


def add_block(page: Page, name: str) -> None:
    """Through the slash menu, as a writer would."""
    page.keyboard.type(f"/{name}")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def upload(page: Page, opener: Locator, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        opener.click()
    chooser.value.set_files(list(files))


def describe(page: Page, opener: Locator, alt: str) -> None:
    """Gives a picture what it needs to be published."""
    opener.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Alt text").fill(alt)
    dialog.get_by_label("Credit (required)").fill("NASA")
    dialog.get_by_label("Licence (required)").fill("Public domain")
    for right in dialog.get_by_label("From the file").all():
        right.check()
    dialog.get_by_role("button", name="Save details").click()
    expect(dialog).to_have_count(0)


def add_lead(page: Page, file: Path) -> None:
    page.get_by_role("button", name="Add a lead picture").click()
    upload(page, page.get_by_role("dialog").get_by_role("button", name="Upload a picture"), file)
    describe(
        page,
        page.locator("#lead-picture").get_by_role("button", name="Details"),
        "The whole Earth by day, flattened to a map",
    )


def add_gallery(page: Page, *files: Path) -> None:
    add_block(page, "gallery")
    chooser = page.get_by_role("dialog")
    upload(page, chooser.get_by_role("button", name="Upload pictures"), *files)
    expect(chooser.locator("[aria-pressed=true]")).to_have_count(len(files))
    chooser.get_by_role("button", name="Add pictures").click()
    gallery = page.get_by_role("group", name="Gallery")
    for number in range(len(files)):
        describe(
            page,
            gallery.get_by_role("button", name="Details").nth(number),
            f"Picture {number + 1} of the walk",
        )


def wait_until_saved(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("#save-mark")).to_contain_text("Saved")


def publish(page: Page) -> str:
    """Publishes now through the dialog's page; returns the story's path."""
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="It's live.")).to_be_visible()
    path = page.get_by_role("link", name="View", exact=True).get_attribute("href")
    assert path
    return path
