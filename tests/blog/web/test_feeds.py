"""Feeds: whole texts, whole addresses, credits, and XML that every parser takes."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from blog import clock
from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, topics
from blog.posts.model import PostId
from blog.settings import Settings, build
from blog.web.syndication import absolute_links, clean
from tests.blog.posts.building import MORNING, edit, paragraph, story

SITE = "https://news.example.org"


@pytest.mark.parametrize(
    "path",
    [
        f"{of}/{form}"
        for of in ("", "/authors/nkechi-obi", "/topics/star-formation")
        for form in ("feed.xml", "atom.xml")
    ],
)
def test_a_feed_carries_the_whole_story_with_whole_addresses(
    reader: FlaskClient, nebula: PostId, path: str
) -> None:
    feed = feedparser.parse(reader.get(path).get_data())
    assert not feed.bozo and len(feed.entries) == 1
    entry = feed.entries[0]
    assert (entry.title, entry.link) == ("A nebula glows", f"{SITE}/2026/11/a-nebula-glows")
    text = entry.content[0].value
    assert "Stars form in clouds." in text and "Credit: E. Fictive" in text
    assert 'href="/' not in text and 'src="/' not in text and "/media/" in text
    assert entry.published_parsed[:3] == (2026, 11, 20)


def test_rss_names_the_author_and_credits_the_picture(reader: FlaskClient, nebula: PostId) -> None:
    answer = reader.get("/feed.xml")
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    item = ET.fromstring(answer.get_data()).find("channel/item")
    assert item is not None
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Nkechi Obi"
    media = item.find("{http://search.yahoo.com/mrss/}content")
    assert media is not None and media.attrib["url"].startswith(f"{SITE}/media/")
    assert media.findtext("{http://search.yahoo.com/mrss/}credit") == "E. Fictive"


def test_the_feeds_of_an_author_and_a_topic_bear_their_names(reader: FlaskClient, nebula: PostId) -> None:
    titles = [
        feedparser.parse(reader.get(path).get_data()).feed.title
        for path in ("/feed.xml", "/authors/nkechi-obi/feed.xml", "/topics/star-formation/feed.xml")
    ]
    assert titles == ["Sky & Sons", "Nkechi Obi · Sky & Sons", "Star formation · Sky & Sons"]
    assert reader.get("/authors/nobody/feed.xml").status_code == 404
    assert reader.get("/topics/astrology/feed.xml").status_code == 404


def test_the_json_feed_has_authors_tags_and_text(reader: FlaskClient, nebula: PostId) -> None:
    answer = reader.get("/feed.json")
    told = json.loads(answer.get_data())
    assert told["version"] == "https://jsonfeed.org/version/1.1" and told["feed_url"] == f"{SITE}/feed.json"
    item = told["items"][0]
    assert item["authors"][0]["url"] == f"{SITE}/authors/nkechi-obi" and item["tags"] == ["Star formation"]
    assert "Stars form in clouds." in item["content_html"]


def test_a_feed_names_the_hub_that_tells_of_changes(
    open_doors: Callable[[Settings], FlaskClient], tmp_path: Path
) -> None:
    hub = "https://hub.example/"
    reader = open_doors(build(data=tmp_path, site_url=SITE, websub_hub=hub, indexnow=hub))
    for path in ("/feed.xml", "/atom.xml"):
        named = feedparser.parse(reader.get(path).get_data()).feed.links
        assert {(link.rel, link.href) for link in named} >= {("hub", hub), ("self", SITE + path)}
    assert json.loads(reader.get("/feed.json").get_data())["hubs"] == [{"type": "WebSub", "url": hub}]
    assert len(reader.get("/indexnow.txt").get_data()) == 32


def test_no_key_stands_where_no_search_engine_is_told(reader: FlaskClient) -> None:
    assert reader.get("/indexnow.txt").status_code == 404


def test_a_feed_without_stories_is_still_a_feed(reader: FlaskClient) -> None:
    for path in ("/feed.xml", "/atom.xml"):
        assert not feedparser.parse(reader.get(path).get_data()).bozo


def test_characters_that_xml_forbids_are_left_out(reader: FlaskClient, db: Database, edda: Person) -> None:
    story(db, edda, "Bell\x07 and ]]> & <b>", paragraph("A vertical\x0b tab."))
    for path in ("/feed.xml", "/atom.xml"):
        feed = feedparser.parse(reader.get(path).get_data())
        assert not feed.bozo and "and ]]> & " in feed.entries[0].title
    assert clean("a\x00b\ufffec\td\n") == "abc\td\n"


def test_every_source_of_a_picture_gets_its_host() -> None:
    html = '<img src="/a.jpg" srcset="/a.jpg 480w, /b.jpg 960w"><a href="//other.example/x">'
    made = absolute_links(html, SITE)
    assert (
        made
        == f'<img src="{SITE}/a.jpg" srcset="{SITE}/a.jpg 480w, {SITE}/b.jpg 960w"><a href="//other.example/x">'
    )


def test_the_sitemap_lists_pages_stories_and_their_pictures(reader: FlaskClient, nebula: PostId) -> None:
    assert locations(reader, "/sitemap.xml") == [f"{SITE}/sitemap/pages.xml", f"{SITE}/sitemap/2026.xml"]
    assert {f"{SITE}/", f"{SITE}/archive", f"{SITE}/2026/11"} <= {*locations(reader, "/sitemap/pages.xml")}
    assert locations(reader, "/sitemap/2026.xml") == [f"{SITE}/2026/11/a-nebula-glows"]
    assert reader.get("/sitemap/1999.xml").status_code == 404
    tree = ET.fromstring(reader.get("/sitemap/2026.xml").get_data())
    assert list(tree.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc"))


def locations(reader: FlaskClient, path: str) -> list[str]:
    tree = ET.fromstring(reader.get(path).get_data())
    return [str(place.text) for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_news_sitemap_has_the_stories_of_two_days(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    now = clock.now()
    story(db, edda, "Fresh & new", at=now - timedelta(hours=47))
    story(db, edda, "Stale", at=now - timedelta(hours=49))
    tree = ET.fromstring(reader.get("/sitemap/news.xml").get_data())
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    assert [title.text for title in tree.iter(f"{space}title")] == ["Fresh & new"]
    assert [name.text for name in tree.iter(f"{space}name")] == ["Sky & Sons"]


def test_robots_keep_out_of_the_studio_and_find_the_sitemap(reader: FlaskClient) -> None:
    text = reader.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /studio\n" in text and f"Sitemap: {SITE}/sitemap.xml" in text


def test_a_browser_learns_how_to_search_here(reader: FlaskClient) -> None:
    text = reader.get("/opensearch.xml").get_data(as_text=True)
    assert ET.fromstring(text) is not None and f'template="{SITE}/search?q={{searchTerms}}"' in text


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml"])
def test_a_story_that_moves_is_the_same_story_to_feed_readers(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId, path: str
) -> None:
    def entry() -> tuple[str, str]:
        [only] = feedparser.parse(reader.get(path).get_data()).entries
        return only.id, only.link

    mark, link = entry()
    later = MORNING + timedelta(days=1)
    edit(db, nebula, edda, later, slug="a-nebula-fades")
    publishing.publish(db, nebula, edda, later)
    assert entry() == (mark, f"{SITE}/2026/11/a-nebula-fades") and link != entry()[1]
    assert mark == f"tag:news.example.org,2026-11-20:posts/{nebula}"
    assert json.loads(reader.get("/feed.json").get_data())["items"][0]["id"] == mark


def test_the_mark_of_a_story_in_rss_is_no_address(reader: FlaskClient, nebula: PostId) -> None:
    guid = ET.fromstring(reader.get("/feed.xml").get_data()).find("channel/item/guid")
    assert guid is not None and guid.attrib == {"isPermaLink": "false"}


def test_the_sitemap_lists_authors_and_topics_with_stories(
    reader: FlaskClient, db: Database, nebula: PostId
) -> None:
    topics.create(db, "Astrology")
    text = reader.get("/sitemap/pages.xml").get_data(as_text=True)
    assert (
        f"<loc>{SITE}/authors/nkechi-obi</loc>" in text and f"<loc>{SITE}/topics/star-formation</loc>" in text
    )
    assert "astrology" not in text
