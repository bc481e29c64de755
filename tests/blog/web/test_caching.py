"""What every answer says to the browser: keep it a minute, ask again by its tag, load nothing from elsewhere."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from blog.posts.embeds import FRAME_HOSTS
from blog.posts.model import PostId
from blog.settings import Settings, build

PUBLIC = [
    "/",
    "/news",
    "/2026/11/a-nebula-glows",
    "/authors",
    "/pictures",
    "/sky",
    "/feed.xml",
    "/sitemap.xml",
    "/robots.txt",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_may_be_kept_and_costs_nothing_when_it_is_the_same(
    reader: FlaskClient, nebula: PostId, path: str
) -> None:
    first = reader.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("path", [*PUBLIC, "/search?q=stars", "/nowhere"])
def test_no_public_answer_sets_a_cookie_or_varies_by_one(
    reader: FlaskClient, nebula: PostId, path: str
) -> None:
    answer = reader.get(path)
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/", "/feed.json", "/nowhere", "/static/icons/favicon.svg"])
def test_every_answer_carries_the_headers_that_protect_it(reader: FlaskClient, path: str) -> None:
    with reader.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "object-src 'none'" in policy and "unsafe" not in policy
        assert all(host in policy for host in FRAME_HOSTS)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_only_a_site_on_https_asks_to_be_reached_by_https_alone(
    open_doors: Callable[[Settings], FlaskClient], reader: FlaskClient
) -> None:
    assert "Strict-Transport-Security" in reader.get("/privacy").headers
    plain = open_doors(build(site_url="http://localhost:8000"))
    assert "Strict-Transport-Security" not in plain.get("/privacy").headers


def test_an_absence_is_never_kept_as_a_page(reader: FlaskClient) -> None:
    assert "public" not in reader.get("/nowhere").headers.get("Cache-Control", "")


def test_the_host_that_a_visitor_names_never_reaches_a_link(reader: FlaskClient, nebula: PostId) -> None:
    for path in ("/", "/2026/11/a-nebula-glows", "/feed.xml"):
        assert b"evil.example" not in reader.get(path, headers={"Host": "evil.example"}).get_data()
