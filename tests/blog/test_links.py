"""Public addresses are pure functions of what they show."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from blog import links


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("A stellar nursery glows", "a-stellar-nursery-glows"),
        ("Çatalhöyük’s sky: 9,000 years", "catalhoyuks-sky-9-000-years"),
        ("--", ""),
        ("土星", ""),
    ],
)
def test_a_title_becomes_plain_words(title: str, slug: str) -> None:
    assert links.slugify(title) == slug


def test_a_long_title_is_cut_between_words() -> None:
    assert links.slugify("one two three four", longest=9) == "one-two"


def test_a_story_lives_under_its_month_in_the_publications_own_zone() -> None:
    new_year_in_tokyo = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert links.post_path("moon", new_year_in_tokyo, ZoneInfo("Asia/Tokyo")) == "/2027/01/moon"
    assert links.post_path("moon", new_year_in_tokyo, ZoneInfo("UTC")) == "/2026/12/moon"


def test_the_first_page_of_a_list_has_no_number() -> None:
    assert links.paged("/news", 1) == "/news"
    assert links.paged("/search", 2, q="dark sky") == "/search?q=dark+sky&page=2"


def test_an_edition_lives_under_its_date() -> None:
    assert links.edition(date(2026, 11, 23)) == "/digest/2026-11-23"
