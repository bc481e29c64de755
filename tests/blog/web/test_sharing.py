"""What other sites are told of a story: a drawn picture, a card, and schema.org's words."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from flask.testing import FlaskClient

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing
from blog.posts.model import PostId
from tests.blog.posts.building import MORNING, edit, story

SITE = "https://news.example.org"
NEBULA = "/2026/11/a-nebula-glows"


def told(reader: FlaskClient, path: str) -> dict[str, Any]:
    """Everything that machines are told on a page, by its type."""
    html = reader.get(path).get_data(as_text=True)
    found = [
        json.loads(one)
        for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    ]
    assert all(one["@context"] == "https://schema.org" for one in found)
    return {one["@type"]: one for one in found}


def test_a_story_without_a_picture_is_shared_with_a_drawn_one(
    reader: FlaskClient, db: Database, edda: Person
) -> None:
    story(db, edda, "A plain <story> & more")
    path = "/2026/11/a-plain-story-more/share.png"
    html = reader.get("/2026/11/a-plain-story-more").get_data(as_text=True)
    assert f'<meta property="og:image" content="{SITE}{path}">' in html
    first = reader.get(path)
    assert first.mimetype == "image/png" and first.headers["Cache-Control"] == "max-age=86400"
    body = first.get_data()
    assert body[:8] == b"\x89PNG\r\n\x1a\n" and len(body) < 100_000
    assert (int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")) == (1200, 630)
    assert reader.get("/2026/11/no-such-story/share.png").status_code == 404


def test_a_story_with_a_picture_is_shared_with_it(reader: FlaskClient, nebula: PostId) -> None:
    html = reader.get(NEBULA).get_data(as_text=True)
    assert "share.png" not in html and '<meta property="og:image:width" content="1600">' in html
    assert '<meta property="og:image:alt" content="A nebula">' in html
    assert "/media/" in reader.get(NEBULA + "/share.png").headers["Location"]


@pytest.mark.parametrize("address", [NEBULA, NEBULA + "/", NEBULA + "?via=x#picture-1"])
def test_other_sites_get_a_card_of_our_own_stories(reader: FlaskClient, nebula: PostId, address: str) -> None:
    card = reader.get("/oembed", query_string={"url": SITE + address, "maxwidth": "300"}).get_json()
    assert (card["version"], card["type"], card["width"]) == ("1.0", "rich", 300)
    assert (card["title"], card["author_name"]) == ("A nebula glows", "Nkechi Obi")
    assert card["author_url"] == f"{SITE}/authors/nkechi-obi"
    assert f'<a href="{SITE}{NEBULA}">A nebula glows</a>' in card["html"] and "&amp; a half" in card["html"]
    assert card["thumbnail_url"].startswith(f"{SITE}/media/")
    assert (card["thumbnail_width"], card["thumbnail_height"]) == (960, 640)


def test_the_card_of_a_story_comes_as_xml_too_and_is_told_of_on_its_page(
    reader: FlaskClient, nebula: PostId
) -> None:
    html = reader.get(NEBULA).get_data(as_text=True)
    assert (
        'type="application/json+oembed" href="https://news.example.org/oembed?url=https%3A%2F%2Fnews' in html
    )
    xml = reader.get("/oembed", query_string={"url": SITE + NEBULA, "format": "xml"})
    assert xml.mimetype == "text/xml" and ET.fromstring(xml.get_data()).findtext("title") == "A nebula glows"
    assert reader.get("/oembed", query_string={"url": SITE + NEBULA, "format": "svg"}).status_code == 501


@pytest.mark.parametrize(
    "url", ["", "https://evil.example" + NEBULA, "javascript:x", "https://[", "\0", SITE + "/news", NEBULA]
)
def test_no_card_is_made_of_what_is_not_ours(reader: FlaskClient, nebula: PostId, url: str) -> None:
    assert reader.get("/oembed", query_string={"url": url, "maxwidth": "\u0663"}).status_code == 404


def test_a_moved_story_keeps_its_card(
    reader: FlaskClient, db: Database, edda: Person, nebula: PostId
) -> None:
    edit(db, nebula, edda, MORNING, slug="a-nebula-shines")
    publishing.publish(db, nebula, edda, MORNING)
    card = reader.get("/oembed", query_string={"url": SITE + NEBULA}).get_json()
    assert f"{SITE}/2026/11/a-nebula-shines" in card["html"]


def test_machines_read_the_way_to_a_page_and_who_publishes_it(reader: FlaskClient, nebula: PostId) -> None:
    article = told(reader, NEBULA)
    way = article["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in way] == [
        (1, "Home"), (2, "Star formation"), (3, "A nebula glows"),
    ]  # fmt: skip
    assert article["NewsArticle"]["publisher"]["logo"]["url"].startswith(SITE)
    assert article["NewsArticle"]["image"][0]["creator"] == {"@type": "Organization", "name": "E. Fictive"}
    assert told(reader, "/")["WebSite"]["publisher"]["name"] == "Sky & Sons"
    person = told(reader, "/authors/nkechi-obi")["ProfilePage"]["mainEntity"]
    assert (person["name"], person["sameAs"]) == ("Nkechi Obi", ["https://example.org"])
    assert person["knowsAbout"] == ["Star formation"]
    assert told(reader, "/topics/star-formation")["BreadcrumbList"]
    picture = told(reader, "/pictures/1")["ImageObject"]
    assert picture["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert picture["acquireLicensePage"] == f"{SITE}/pictures/1"
