"""How others tell of a story: search engines, cards, and the address where it stood first."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, undoing, writing
from blog.posts.model import PostId
from blog.refusals import Invalid
from tests.blog.posts.building import edit, story
from tests.conftest import NOON

ELSEWHERE = "https://elsewhere.example/rings"


def heads(page: str) -> dict[str, str]:
    metas = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page)
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)"', page)
    (data,) = [
        d
        for d in map(json.loads, re.findall(r'ld\+json">(.*?)</script>', page))
        if d["@type"] == "NewsArticle"
    ]
    (title,) = re.findall(r"<title>(.*?) · ", page)
    return {**dict(metas), "title": title, "canonical": canonical[0], "main": data["mainEntityOfPage"]}


def shown(reader: FlaskClient, db: Database, by: Person, **words: Any) -> dict[str, str]:
    story(db, by, "Rings", **{"dek": "Ice, mostly.", **words})
    return heads(reader.get("/2026/11/rings").text)


@pytest.mark.parametrize(
    ("words", "search", "card"),
    [
        ({}, ("Rings", "Ice, mostly."), ("Rings", "Ice, mostly.")),
        ({"search_title": "S", "search_description": "T"}, ("S", "T"), ("S", "T")),
        ({"social_title": "C", "social_description": "D"}, ("Rings", "Ice, mostly."), ("C", "D")),
        ({"search_title": "S", "social_title": "C"}, ("S", "Ice, mostly."), ("C", "Ice, mostly.")),
    ],
)
def test_each_word_falls_back_to_the_one_before(
    reader: FlaskClient,
    db: Database,
    edda: Person,
    words: dict[str, str],
    search: tuple[str, str],
    card: tuple[str, str],
) -> None:
    told = shown(reader, db, edda, **words)
    assert (told["title"], told["description"]) == search
    assert (told["og:title"], told["og:description"]) == card


def test_a_story_that_stood_elsewhere_first_sends_machines_there_and_stays_out_of_sitemaps(
    reader: FlaskClient, db: Database, edda: Person
) -> None:
    story(db, edda, "Ours")
    told = shown(reader, db, edda, canonical_url=ELSEWHERE)
    assert (told["canonical"], told["og:url"], told["main"]) == (ELSEWHERE,) * 3
    listed = reader.get("/sitemap/2026.xml").text + reader.get("/sitemap/news.xml").text
    assert "/2026/11/ours" in listed and "/2026/11/rings" not in listed
    assert "/2026/11/rings" in reader.get("/feed.xml").text, "readers still find it"


def test_a_year_of_stories_from_elsewhere_is_no_part_of_the_sitemap(
    reader: FlaskClient, db: Database, edda: Person
) -> None:
    story(db, edda, "Rings", canonical_url=ELSEWHERE)
    assert "2026.xml" not in reader.get("/sitemap.xml").text
    assert reader.get("/sitemap/2026.xml").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    ["http://elsewhere.example/a", "/2026/11/rings", "javascript:alert(1)", "https:///a", "https://ada:pass@elsewhere.example/", 'https://a.example/"><x'],
)  # fmt: skip
def test_a_canonical_address_is_whole_or_refused(db: Database, edda: Person, wrong: str) -> None:
    post = story(db, edda, "Rings")
    with pytest.raises(Invalid, match="begins with https://") as refusal:
        edit(db, post, edda, NOON, canonical_url=wrong)
    assert set(refusal.value.fields) == {"canonical_url"}


def test_undoing_brings_back_all_that_others_tell_of_it(
    reader: FlaskClient, db: Database, edda: Person, settings: Any
) -> None:

    post = PostId(story(db, edda, "Rings", social_title="Then"))
    edit(db, post, edda, NOON, social_title="Now", canonical_url=ELSEWHERE)
    publishing.publish(db, post, edda, NOON)
    assert heads(reader.get("/2026/11/rings").text)["og:title"] == "Now"
    undoing.undo(db, post, edda, NOON, zone=settings.zone)
    told = heads(reader.get("/2026/11/rings").text)
    assert told["og:title"] == "Then" and told["canonical"].endswith("/2026/11/rings")
    assert writing.get(db, post, edda).draft.social_title == "Now"
