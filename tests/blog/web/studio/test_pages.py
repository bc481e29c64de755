"""Pages that always stand: written like a story, and in nothing that stories are in."""

import re

import pytest
from flask.testing import FlaskClient

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import island, manuscript


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def reader(studio: Studio) -> FlaskClient:
    return studio.app.test_client()


def page(client: Client, title: str) -> str:
    """The address of a new page's settings."""
    made = client.post("/studio/pages", {"title": title}).headers["Location"]
    words = manuscript(title=title, dek="Who we are.", author_ids=[], in_digest=False)
    client.post(f"{made}/manuscript", json=words)
    return made.replace("/posts/", "/pages/")


def put_up(client: Client, settings: str, slug: str, place: str = "footer", version: int = 0) -> int:
    stands = version or island(client, settings.replace("/pages/", "/posts/"))["version"]
    return client.post(settings, {"version": str(stands), "slug": slug, "place": place}).status_code


def test_a_page_stands_at_its_own_address_and_is_linked_where_the_editor_says(
    client: Client, reader: FlaskClient
) -> None:
    about, imprint = page(client, "About us"), page(client, "Imprint")
    assert reader.get("/about-us").status_code == 404
    assert (put_up(client, about, "about-us", "menu"), put_up(client, imprint, "imprint")) == (302, 302)
    shown = reader.get("/about-us").text
    assert "<h1>About us</h1>" in shown and "Ice has depth." in shown and "byline" not in shown
    assert re.search('<link rel="canonical" href="[^"]+/about-us">', shown)
    home = reader.get("/").text
    assert home.count('href="/about-us"') == 2, "both menus, wide and narrow"
    assert home.count('href="/imprint"') == 1
    assert "/about-us</loc>" in reader.get("/sitemap/pages.xml").text


def test_a_page_is_in_no_list_feed_or_search_of_stories(client: Client, reader: FlaskClient) -> None:
    put_up(client, page(client, "About us"), "about-us", "")
    for path in (
        "/",
        "/news",
        "/feed.xml",
        "/atom.xml",
        "/feed.json",
        "/search?q=depth",
        "/sitemap.xml",
        "/archive",
        "/authors",
    ):
        assert "about-us" not in reader.get(path).text and "About us" not in reader.get(path).text
    assert "About us" not in client.get("/studio/posts").text
    assert "About us" in client.get("/studio/pages").text


def test_a_page_that_moves_leaves_its_address_leading_to_it(client: Client, reader: FlaskClient) -> None:
    about = page(client, "About us")
    put_up(client, about, "about-us")
    put_up(client, about, "who-we-are")
    answer = reader.get("/about-us")
    assert (answer.status_code, answer.location) == (301, "/who-we-are")
    put_up(client, about, "about-us")
    assert reader.get("/about-us").status_code == 200 and reader.get("/who-we-are").location == "/about-us"


@pytest.mark.parametrize(
    "slug",
    ["news", "search", "studio", "pictures", "feed.xml", "", "About", "a/b", "../x", "x" * 81, "a--b"],
)
def test_no_page_stands_where_the_site_has_one_or_no_address_can_be(client: Client, slug: str) -> None:
    about = page(client, "About us")
    answer = client.post(about, {"version": "2", "slug": slug, "place": ""})
    assert answer.status_code == 422 and "field__error" in answer.text


def test_two_pages_share_no_address(client: Client) -> None:
    put_up(client, page(client, "About us"), "about-us")
    assert put_up(client, page(client, "Others"), "about-us") == 422


def test_the_words_on_privacy_are_there_to_be_replaced(client: Client, reader: FlaskClient) -> None:
    assert "Pages set no cookies" in reader.get("/privacy").text
    privacy = page(client, "Our privacy")
    put_up(client, privacy, "privacy")
    assert "<h1>Our privacy</h1>" in reader.get("/privacy").text
    client.post(f"{privacy}/removal")
    assert "Pages set no cookies" in reader.get("/privacy").text


def test_newer_words_wait_until_they_are_shown_and_a_page_taken_down_is_gone(
    client: Client, reader: FlaskClient
) -> None:
    about = page(client, "About us")
    put_up(client, about, "about-us")
    client.post(
        f"{about.replace('pages', 'posts')}/manuscript", json=manuscript(title="All about us", version=2)
    )
    assert (
        "All about us" not in reader.get("/about-us").text
        and "Changes not public" in client.get("/studio/pages").text
    )
    assert put_up(client, about, "about-us", version=2) == 409, "nobody read the newer words"
    put_up(client, about, "about-us")
    assert "All about us" in reader.get("/about-us").text
    client.post(f"{about}/removal")
    assert reader.get("/about-us").status_code == 404 and "All about us" not in reader.get("/").text


def test_a_page_never_becomes_a_story_and_needs_no_author(client: Client) -> None:
    about = page(client, "About us").replace("/pages/", "/posts/")
    editor = client.get(about).text
    assert (
        "Choose at least one author" not in editor
        and "Put it up" in editor
        and 'name="author_ids"' not in editor
    )
    answer = client.post(f"{about}/publication", {"version": "2", "what": "site", "when": "now"})
    assert answer.status_code in (409, 422) and "no story" in answer.text


def test_a_page_with_nothing_is_told_what_it_lacks(client: Client) -> None:
    blank = client.post("/studio/pages", {"title": ""}).headers["Location"].replace("/posts/", "/pages/")
    answer = client.post(blank, {"version": "1", "slug": "blank", "place": ""})
    assert answer.status_code == 422 and "Give the story a title." in answer.text
