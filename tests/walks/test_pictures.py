"""Pictures in a real browser: brought, told apart, confirmed, replaced, and looked at from near."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import pyvips
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import update

from blog import clock
from blog.db import Database
from blog.images.model import Image
from blog.images.renditions import render_due
from blog.images.storage import Disk
from tests.blog.images import drawing
from tests.walks.conftest import Publication, faults, free_port, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """A demonstration publication of its own, because these walks change it."""
    data = tmp_path_factory.mktemp("pictures") / "data"
    shutil.copytree(demonstration, data)
    publication = Publication(data, free_port())
    with publication.served():
        yield publication


@pytest.fixture
def page(chromium: Browser, house: Publication) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: page.troubles.append(message.text))  # type: ignore[attr-defined]
    page.troubles = []  # type: ignore[attr-defined]
    sign_in(page, house)
    yield page
    assert page.troubles == []  # type: ignore[attr-defined]
    context.close()


def nebula(folder: Path, name: str, width: int = 1200, seed: int = 1, notes: str = "") -> str:
    """A cloudy picture; the same seed is the same cloud in another size."""
    noise = pyvips.Image.gaussnoise(24, 16, mean=120, sigma=60, seed=seed).resize(width / 24, kernel="cubic")
    image = noise.bandjoin([noise * 0.7 + 20, noise * 0.4 + 60]).cast("uchar").copy(interpretation="srgb")
    if notes:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", notes.encode())
    image.jpegsave(str(folder / name), Q=85)
    return str(folder / name)


def render(house: Publication, image_id: int) -> None:
    """What the clock would do, for this picture alone."""
    db, at = Database(f"sqlite:///{house.data / 'perijove.db'}"), clock.now()
    with db.transaction() as s:
        s.execute(update(Image).where(Image.id != image_id).values(rendered_at=at))
    assert render_due(db, Disk(house.data / "media"), at) == 1
    db.close()


def test_the_same_file_is_told_before_it_is_sent_and_a_smaller_copy_after(
    page: Page, house: Publication, tmp_path: Path
) -> None:
    sent: list[str] = []

    def watch(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.goto(f"{house.url}/studio/pictures")
    page.on("request", watch)
    chooser = page.get_by_label("Add pictures")
    chooser.set_input_files(nebula(tmp_path, "cloud.jpg"))
    expect(page.get_by_role("link", name="Add its words")).to_have_count(1)
    chooser.set_input_files(str(tmp_path / "cloud.jpg"))
    expect(page.get_by_text("The same file is here already, as cloud.jpg.")).to_be_visible()
    assert len(sent) == 1
    chooser.set_input_files(nebula(tmp_path, "cloud-small.jpg", width=600))
    expect(page.get_by_text("It looks like cloud.jpg, which is here too.")).to_be_visible()
    assert faults(page) == []


def test_a_picture_is_pasted_into_the_library(page: Page, house: Publication) -> None:
    page.goto(f"{house.url}/studio/pictures")
    page.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 31, height: 17});
            const blob = await new Promise((done) => canvas.toBlob(done));
            const data = new DataTransfer();
            data.items.add(new File([blob], "pasted.png", {type: "image/png"}));
            dispatchEvent(new ClipboardEvent("paste", {clipboardData: data}));
        }"""
    )
    expect(page.get_by_role("link", name="Add its words")).to_be_visible()


def test_words_that_came_with_the_file_are_confirmed_one_by_one_or_changed(
    page: Page, house: Publication, tmp_path: Path
) -> None:
    page.goto(f"{house.url}/studio/pictures")
    page.get_by_label("Add pictures").set_input_files(nebula(tmp_path, "told.jpg", seed=5, notes=drawing.AVM))
    page.get_by_role("link", name="Add its words").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wings of the Butterfly")
    expect(page.get_by_label("Position in the sky").first).to_have_value("17h 13m 43s −37° 06′ 00″")
    assert faults(page) == []
    page.get_by_label("From the file: this is right (Credit)").check()
    page.get_by_label("Objects", exact=True).fill("NGC 6302")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("From the file: this is right (Credit)")).to_have_count(0)
    expect(page.get_by_label("From the file: this is right (Objects)")).to_have_count(0)
    page.get_by_label("All of it is right").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From the file")).to_have_count(0)


def test_another_file_takes_the_place_and_can_be_looked_at_from_near_by_keys(
    page: Page, house: Publication, tmp_path: Path
) -> None:
    page.goto(f"{house.url}/studio/pictures/3")
    page.get_by_text("Replace the file…").click()
    page.get_by_label("New file").set_input_files(nebula(tmp_path, "large.jpg", width=6600, seed=9))
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(page.get_by_text("The new file is in its place.")).to_be_visible(timeout=30_000)
    render(house, 3)
    page.goto(f"{house.url}/pictures/3")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    opener = page.get_by_role("link", name="Look closer")
    opener.focus()
    assert not [url for url in fetched if "viewer" in url]
    page.keyboard.press("Enter")
    stage = page.get_by_role("application")
    expect(stage).to_be_focused()
    with page.expect_response(lambda answer: "/zoom/13/" in answer.url) as tile:
        for _ in range(20):
            page.keyboard.press("+")
    assert tile.value.status == 200
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(opener).to_be_focused()
