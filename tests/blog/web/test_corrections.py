"""Corrections where readers meet them: on the story, on their own page, in feeds, for search engines."""

import json
import re
from datetime import timedelta

import feedparser
from flask.testing import FlaskClient

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import noting
from blog.posts.model import PostId
from tests.blog.posts.building import MORNING

LATER = MORNING + timedelta(hours=1)


def test_a_correction_is_everywhere_that_the_story_is(
    reader: FlaskClient, db: Database, nebula: PostId, edda: Person
) -> None:
    noting.add(db, nebula, "correction", "It is <b>dust</b>.", edda, LATER)
    page = reader.get("/2026/11/a-nebula-glows").text
    assert "It is &lt;b&gt;dust&lt;/b&gt;." in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["correction"][0]["text"] == "It is <b>dust</b>."
    assert data["dateModified"] == LATER.isoformat()
    for feed in ("/feed.xml", "/atom.xml"):
        entry = feedparser.parse(reader.get(feed).get_data()).entries[0]
        assert "Correction, 20 November 2026:" in entry.content[0].value
    assert "&lt;b&gt;" in json.loads(reader.get("/feed.json").get_data())["items"][0]["content_html"]
    assert "A nebula glows" in reader.get("/corrections").text


def test_an_update_is_no_correction(reader: FlaskClient, db: Database, nebula: PostId, edda: Person) -> None:
    noting.add(db, nebula, "update", "A second look.", edda, LATER)
    page = reader.get("/2026/11/a-nebula-glows").text
    assert "A second look." in page and "CorrectionComment" not in page
    assert "No story has needed one yet." in reader.get("/corrections").text
