"""The second theme that is shipped: unlike the first, whole, and without fault on every public page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import Publication, free_port
from tests.walks.test_pages_look import look_over, opened
from tests.walks.test_red_light import FAINT, STARTED, other_than_red

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def almanac(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """The demonstration publication in the theme Almanac."""
    with dressed(demonstration, tmp_path_factory, PERIJOVE_THEME="almanac") as publication:
        yield publication


@contextmanager
def dressed(demonstration: Path, made: pytest.TempPathFactory, **more: str) -> Iterator[Publication]:
    data = made.mktemp("dressed") / "data"
    shutil.copytree(demonstration, data)
    publication = Publication(data, free_port(), more=more)
    with publication.served():
        yield publication


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_public_page_has_a_fault_in_almanac(
    chromium: Browser, almanac: Publication, scheme: str, width: int
) -> None:
    assert look_over(chromium, almanac, scheme, width) == {}


def test_german_words_have_room_in_almanac_on_the_narrowest_page(
    chromium: Browser, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    german = {"PERIJOVE_THEME": "almanac", "PERIJOVE_LANGUAGE": "de"}
    with dressed(demonstration, tmp_path_factory, **german) as publication:
        assert look_over(chromium, publication, "dark", 320) == {}


def test_almanac_is_seen_and_red_light_stays_red(chromium: Browser, almanac: Publication) -> None:
    with opened(chromium, color_scheme="light") as page:
        page.goto(almanac.url)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(246, 240, 225)"
        assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") == "0px"
        expect(page.get_by_text("Set in Source Serif")).to_be_visible()
        page.add_init_script(STARTED)
        page.goto(almanac.url + "/sky")
        assert max(other_than_red(page)) <= FAINT
