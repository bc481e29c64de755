"""Past digests as pages and as a feed."""

import feedparser
import pytest
from flask.testing import FlaskClient

from tests.newsletter.editions.conftest import Newsroom


def test_the_archive_tells_each_edition_by_month(reader: FlaskClient, gone_out: int) -> None:
    page = reader.get("/digest")
    assert "November 2026" in page.text and 'href="/digest/2026-11-23"' in page.text
    assert "Dust &amp; light" in page.text
    assert page.headers["Cache-Control"] == "public, no-cache"


def test_an_archive_without_editions_invites(reader: FlaskClient) -> None:
    assert "No digest has left yet." in reader.get("/digest").text


def test_an_edition_stands_as_its_mail_told_it(reader: FlaskClient, gone_out: int) -> None:
    page = reader.get("/digest/2026-11-23")
    places = [
        page.text.index(f">{title}</a>") for title in ("A quiet Sun", "Dust &amp; light", "Rings of Saturn")
    ]
    assert places == sorted(places)
    assert "Monday, 23 November 2026" in page.text and "Like what you read?" in page.text
    assert page.cache_control.public


def test_a_withdrawn_story_leaves_the_page(reader: FlaskClient, gone_out: int, newsroom: Newsroom) -> None:
    newsroom.withdraw(1)
    assert "Rings of Saturn" not in reader.get("/digest/2026-11-23").text


@pytest.mark.parametrize("day", ["2026-11-24", "2026-13-01", "20261123", "2026-W48-1", "x", "2026-11-23x"])
def test_a_day_without_edition_is_not_found(reader: FlaskClient, gone_out: int, day: str) -> None:
    assert reader.get(f"/digest/{day}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
def test_a_page_that_is_none_is_not_found(reader: FlaskClient, gone_out: int, page: str) -> None:
    assert reader.get("/digest", query_string={"page": page}).status_code == 404


def test_the_feed_tells_each_edition(reader: FlaskClient, gone_out: int) -> None:
    feed = feedparser.parse(reader.get("/digest/feed.xml").data)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.link == "http://localhost:8000/digest/2026-11-23"
    assert entry.title == "A quiet Sun"
    assert "Dust &amp; light" in entry.description


@pytest.mark.parametrize("place", ["/digest", "/digest/daily"])
def test_every_form_of_the_feed_tells_the_same_editions(
    reader: FlaskClient, gone_out: int, place: str
) -> None:
    atom = feedparser.parse(reader.get(f"{place}/atom.xml").data)
    assert (atom.bozo, atom.version) == (False, "atom10")
    (entry,) = atom.entries
    answer = reader.get(f"{place}/feed.json")
    told = answer.get_json(force=True)
    (item,) = told["items"]
    assert (item["id"], item["title"]) == (entry.id, entry.title)
    assert item["id"] == "http://localhost:8000/digest/2026-11-23"
    assert "<li>Dust &amp; light</li>" in item["content_html"] and item["date_published"].startswith(
        "2026-11-23T"
    )
    assert entry.updated_parsed == entry.published_parsed and atom.feed.author == "Perijove"
    assert answer.content_type == "application/feed+json; charset=utf-8"
    assert told["feed_url"] == "http://localhost:8000/digest/feed.json"


def test_words_find_past_digests_and_nothing_of_it_is_kept(reader: FlaskClient, gone_out: int) -> None:
    page = reader.get("/digest/search", query_string={"q": "dust"})
    assert 'href="/digest/2026-11-23"' in page.text and page.headers["Cache-Control"] == "no-store"
    assert "No digest has “xyzzy”." in reader.get("/digest/search?q=xyzzy").text


def test_a_month_is_a_page(reader: FlaskClient, gone_out: int) -> None:
    assert 'href="/digest/2026-11-23"' in reader.get("/digest/2026-11").text
    for nothing in (
        "/digest/2026-10",
        "/digest/2026-13",
        "/digest/no-such-list",
        "/digest/no-such-list/feed.xml",
    ):
        assert reader.get(nothing).status_code == 404
    assert reader.get("/digest/daily/2026-11-23").location == "/digest/2026-11-23"
