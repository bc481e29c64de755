"""A publication speaks the language that its settings name, on every page that readers meet."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from blog.accounts.people import Person
from blog.posts.model import PostId
from blog.settings import Settings

Doors = Callable[[Settings], FlaskClient]
PATHS = [
    "/",
    "/news",
    "/authors",
    "/topics",
    "/pictures",
    "/search?q=Nebel",
    "/sky",
    "/privacy",
    "/archive",
    "/corrections",
]
ENGLISH = (
    "No stories yet",
    "newest first",
    "Skip to the text",
    "Sky tonight",
    "View all",
    "Read the latest",
    "Copy link",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_german_page_says_nothing_in_english(
    open_doors: Doors, public: Settings, nebula: PostId, path: str
) -> None:
    html = open_doors(public.model_copy(update={"language": "de"})).get(path).get_data(as_text=True)
    assert '<html lang="de" dir="ltr">' in html and "Zum Text springen" in html
    assert not [words for words in ENGLISH if words in html]


def test_a_german_story_has_german_dates_and_the_editors_own_words(
    open_doors: Doors, public: Settings, nebula: PostId
) -> None:
    html = (
        open_doors(public.model_copy(update={"language": "de"}))
        .get("/2026/11/a-nebula-glows")
        .get_data(as_text=True)
    )
    assert "A nebula glows" in html and "Nov. 2026</time>" in html and "Link kopieren" in html
    assert "Min.</span>" in html


def test_a_page_of_a_language_from_the_right_is_turned(
    open_doors: Doors, public: Settings, edda: Person
) -> None:
    html = open_doors(public.model_copy(update={"language": "he"})).get("/").get_data(as_text=True)
    assert '<html lang="he" dir="rtl">' in html and "Skip to the text" in html
