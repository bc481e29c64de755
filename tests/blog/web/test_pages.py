"""The public pages: what they hold, where they lead, and how they refuse."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing
from blog.posts.model import PostId
from tests.blog.posts.building import MORNING, edit, paragraph, story

NEBULA = "/2026/11/a-nebula-glows"


def page(reader: FlaskClient, path: str, status: int = 200) -> str:
    answer = reader.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/", "/news", "/authors", "/topics", "/pictures", "/search", "/sky", "/privacy", "/archive"]
)
def test_a_publication_without_stories_has_all_its_pages(reader: FlaskClient, path: str) -> None:
    html = page(reader, path)
    assert html.count("<h1") == 1 and html.count("<main") == 1
    assert '<html lang="en" dir="ltr">' in html


def test_the_home_page_leads_to_the_story_its_topic_and_the_sky(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, "/")
    assert f'<a href="{NEBULA}">A nebula glows</a>' in html
    assert 'href="/topics/star-formation"' in html and 'href="/sky"' in html
    assert "from /" in html, "the sign-up band of the other house"


def test_an_article_has_its_words_pictures_and_credits(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, NEBULA)
    assert "Stars form in clouds." in html and "Two sentences &amp; a half." in html
    assert 'rel="author" href="/authors/nkechi-obi"' in html
    assert "20 Nov 2026" in html and "1 min" in html
    assert 'Credit: <a href="https://example.org/nebula" rel="noopener">E. Fictive</a> (CC BY 4.0)' in html
    assert 'fetchpriority="high"' in html and "data-gallery" in html
    assert '<link rel="canonical" href="https://news.example.org/2026/11/a-nebula-glows">' in html
    assert "from /2026/11/a-nebula-glows" in html


def test_every_picture_states_its_size_so_that_nothing_jumps(reader: FlaskClient, nebula: PostId) -> None:
    images = re.findall(r"<img[^>]*>", page(reader, NEBULA))
    assert images
    assert all("width=" in image and "height=" in image and "alt=" in image for image in images)


def test_machines_read_who_wrote_an_article_and_whose_picture_it_has(
    reader: FlaskClient, nebula: PostId
) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(reader, NEBULA), re.DOTALL)
    assert found
    told = json.loads(found[1])
    assert told["@type"] == "NewsArticle" and told["author"][0]["name"] == "Nkechi Obi"
    assert told["image"][0]["creditText"] == "E. Fictive"
    assert told["image"][0]["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_a_title_cannot_close_the_script_that_machines_read(
    reader: FlaskClient, db: Database, edda: Person
) -> None:
    story(db, edda, "</script><script>alert(1)</script>")
    listed = re.search(r'card__title"><a href="(/2026[^"]+)"', page(reader, "/news"))
    assert listed
    html = page(reader, listed[1])
    assert "<script>alert" not in html and html.count("</script>") == html.count("<script")


def test_other_stories_of_the_author_follow_with_a_way_to_all(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    for number in range(5):
        story(db, edda, f"Comet {number}", paragraph(), at=MORNING + timedelta(hours=number))
    html = page(reader, "/2026/11/comet-2")
    assert (
        "Related stories" in html and "More from Edda" in html and "View all 5" in html and "Comet 1" in html
    )


def test_a_story_that_moved_sends_its_readers_on(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    later = MORNING + timedelta(hours=1)
    edit(db, nebula, edda, later, slug="a-nebula-shines")
    publishing.publish(db, nebula, edda, later)
    answer = reader.get(NEBULA)
    assert (answer.status_code, answer.location) == (301, "/2026/11/a-nebula-shines")


def test_a_withdrawn_story_is_gone_and_an_unknown_one_is_not_found(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    publishing.withdraw(db, nebula, edda, MORNING)
    page(reader, NEBULA, 410)
    page(reader, "/2026/11/nothing-here", 404)


def test_an_author_has_a_page_with_words_links_and_a_feed(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, "/authors/nkechi-obi")
    assert "She counts stars." in html and 'href="https://example.org" rel="me noopener"' in html
    assert 'href="/authors/nkechi-obi/feed.xml"' in html and "1 story" in html
    assert '<a href="/subscribe?follow=author:1" rel="nofollow">Follow Nkechi Obi by mail</a>' in html
    assert "Nkechi Obi" in page(reader, "/authors")
    page(reader, "/authors/nobody", 404)


def test_stories_are_found_by_month_and_by_an_authors_year(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    story(db, edda, "Old", at=MORNING - timedelta(days=400))
    story(db, edda, "New")
    assert 'href="/2026/11">November' in page(reader, "/archive")
    assert "A nebula glows" in page(reader, "/2026/11") and "Old" not in page(reader, "/2026/11")
    assert 'href="/authors/edda/2025"' in page(reader, "/authors/edda")
    html = page(reader, "/authors/edda/2025")
    assert (
        "Old" in html and '<link rel="canonical" href="https://news.example.org/authors/edda/2025">' in html
    )
    for nowhere in ("/2026/13", "/2026/00", "/0000/01", "/2031/01", "/authors/edda/1999"):
        page(reader, nowhere, 404)


def test_a_topic_has_a_page_with_its_stories(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, "/topics/star-formation")
    assert re.search(
        r'<a href="/subscribe\?follow=topic:\d+" rel="nofollow">Follow Star formation by mail</a>', html
    )
    assert "Where stars begin." in html and "A nebula glows" in html
    assert "Star formation" in page(reader, "/topics")
    page(reader, "/topics/astrology", 404)


def test_a_picture_has_a_page_with_credit_licence_download_and_stories(
    reader: FlaskClient, nebula: PostId
) -> None:
    link = re.search(r'class="wall__link" href="(/pictures/\d+)"', page(reader, "/pictures"))
    assert link
    html = page(reader, link[1])
    assert "E. Fictive" in html and 'href="https://creativecommons.org/licenses/by/4.0/"' in html
    assert " download>Download" in html and "A nebula glows" in html
    page(reader, "/pictures/999999", 404)
    page(reader, "/pictures/99999999999999999999", 404)


def test_search_finds_words_and_says_when_it_finds_none(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, "/search?q=clouds")
    assert "1 story for “clouds”" in html and "<mark>clouds</mark>" in html
    assert "Nothing for “plutto”." in page(reader, "/search?q=plutto")


def test_search_asks_whether_another_word_was_meant(reader: FlaskClient, nebula: PostId) -> None:
    html = page(reader, "/search?q=nebulla")
    assert 'Nothing for “nebulla”. Did you mean <a class="meant" href="/search?q=nebula">nebula</a>?' in html


def test_a_search_is_narrowed_by_links_and_widened_again(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    story(db, edda, "Another nebula")
    assert 'href="/search?q=nebula&amp;author=edda"' in page(reader, "/search?q=nebula")
    narrow = page(reader, "/search?q=nebula&author=edda&year=2026")
    assert "1 story for “nebula”" in narrow and "A nebula glows" not in narrow
    assert 'chip--chosen" href="/search?q=nebula&amp;year=2026"' in narrow
    nowhere = page(reader, "/search?q=nebula&topic=nothing&year=1999")
    assert 'there, but <a href="/search?q=nebula">2 stories in all</a>' in nowhere
    page(reader, "/search?q=nebula&year=x&author=%00&topic=" + "t" * 900)


@pytest.mark.parametrize(
    "words", ["%00", "%22", "'%20OR%201=1", "a%20AND", "C%2B%2B", "*", "%F0%9F%8C%99", "%ff", "x" * 5000]
)
def test_odd_words_are_searched_without_a_fall(reader: FlaskClient, nebula: PostId, words: str) -> None:
    page(reader, f"/search?q={words}")


def test_a_long_list_turns_its_pages(reader: FlaskClient, db: Database, edda: Person) -> None:
    for number in range(13):
        story(db, edda, f"Story {number}", paragraph(), at=MORNING + timedelta(minutes=number))
    first, second = page(reader, "/news"), page(reader, "/news?page=2")
    assert 'rel="next" href="/news?page=2"' in first and "Story 0<" not in first
    assert 'rel="prev" href="/news"' in second and "Story 0<" in second


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "1e3", "٣", "99999999999", ""])
def test_a_page_that_is_not_there_is_not_found(reader: FlaskClient, nebula: PostId, number: str) -> None:
    page(reader, f"/news?page={number}", 404)


def test_no_page_holds_an_inline_style_or_script(reader: FlaskClient, nebula: PostId) -> None:
    for path in ("/", NEBULA, "/authors/nkechi-obi", "/pictures", "/pictures/1", "/sky", "/search?q=stars"):
        html = page(reader, path)
        assert not re.search(
            r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:src=|application/ld\+json))", html
        ), path
