"""The relay of a list is chosen in the studio."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.newsletter.web.test_composer import COMPOSER, LIST


@pytest.fixture
def with_relays(studio: Studio) -> Callable[[str], None]:
    """The settings of relays as the site was started with."""

    def start(relays: str) -> None:
        settings = studio.house.settings.model_copy(update={"relays": relays})
        studio.app.extensions["perijove"] = replace(studio.house, settings=settings)

    return start


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR, "Ada Byron")


def test_where_there_is_one_way_out_nobody_is_asked(editor: Client) -> None:
    editor.post(f"{COMPOSER}/lists", LIST)
    page = editor.get(f"{COMPOSER}/lists/2")
    assert page.status_code == 200 and "Leaves by" not in page.text


def test_a_list_chooses_its_relay_and_one_that_is_gone_is_told(
    editor: Client, with_relays: Callable[[str], None]
) -> None:
    with_relays("alerts=smtp://u:opensesame@mail.example.net weekly=smtp://other.example.net")
    made = editor.post(f"{COMPOSER}/lists", {**LIST, "relay": "weekly"}).location
    page = editor.get(made).text
    assert '<option selected value="weekly">' in page and "opensesame" not in page
    listing = editor.get(f"{COMPOSER}/lists").text
    assert "by weekly" in listing and "no longer set" not in listing
    with_relays("alerts=smtp://mail.example.net")
    page = editor.get(made).text
    assert "The relay “weekly” is no longer set." in page and '<option selected value="weekly">' in page
    assert "Relay no longer set" in editor.get(f"{COMPOSER}/lists").text
    kept = editor.post(made, {**LIST, "relay": "weekly"})
    assert kept.location == made, "other words may be changed meanwhile"
    editor.post(made, {**LIST, "relay": "alerts"})
    assert "no longer set" not in editor.get(f"{COMPOSER}/lists").text


def test_a_relay_that_was_never_set_is_refused(editor: Client, with_relays: Callable[[str], None]) -> None:
    with_relays("alerts=smtp://mail.example.net")
    assert editor.post(f"{COMPOSER}/lists", {**LIST, "relay": "elsewhere"}).status_code == 422
