"""A story before its time, by a secret link that ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from blog.accounts.roles import RoleName
from blog.posts import reading
from blog.web import previews
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript


@pytest.fixture
def writer(studio: Studio) -> Client:
    return studio.as_a(RoleName.AUTHOR)


@pytest.fixture
def post(writer: Client) -> str:
    post = writer.post("/studio/posts").headers["Location"]
    writer.post(f"{post}/manuscript", json=manuscript())
    return str(post)


def link_of(writer: Client, post: str) -> str:
    page = writer.post(f"{post}/looks", {"days": "1"}).text
    return page.split("/preview/", 1)[1].split('"', 1)[0]


def test_somebody_without_an_account_reads_it_by_a_link_that_nobody_keeps_or_finds(
    studio: Studio, writer: Client, post: str
) -> None:
    answer = studio.visitor().get(f"/preview/{link_of(writer, post)}")
    assert answer.status_code == 200 and "Rings" in answer.text and "for you alone" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert reading.latest(studio.db).items == ()


def test_it_may_show_the_embeds_that_load_on_click(studio: Studio, writer: Client, post: str) -> None:
    toot = {"type": "embed", "attrs": {"url": "https://mastodon.example/@a/123"}}
    writer.post(f"{post}/manuscript", json=manuscript(version=2, body={"type": "doc", "content": [toot]}))
    policy = studio.visitor().get(f"/preview/{link_of(writer, post)}").headers["Content-Security-Policy"]
    assert "frame-src 'self' https://mastodon.example" in policy


def test_a_link_ends_and_none_can_be_made_up(
    studio: Studio, writer: Client, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = link_of(writer, post)
    assert studio.visitor().get(f"/preview/{token[:-2]}xx").status_code == 404
    assert writer.post(f"{post}/looks", {"days": "900"}).status_code == 422
    monkeypatch.setattr("blog.clock.now", lambda: datetime.now(UTC) + timedelta(days=1, seconds=1))
    assert studio.visitor().get(f"/preview/{token}").status_code == 410
    with studio.app.app_context():
        forgotten = previews.path(99)
    assert studio.visitor().get(forgotten).status_code == 410


def test_a_link_is_listed_and_can_be_taken_back_by_itself_or_with_all_others(
    studio: Studio, writer: Client, post: str
) -> None:
    first, _, _ = (link_of(writer, post) for _ in range(3))
    page = writer.get(f"{post}/looks").text
    assert page.count("Secret link") == 3 and f"/preview/{first}" in page and "Take all 3 back" in page
    newest = re.findall(r'name="link" value="(\d+)"', page)[0]
    writer.post(f"{post}/looks/removal", {"link": newest})
    page = writer.get(f"{post}/looks").text
    assert "The link works no more." in page and page.count("Secret link") == 2
    assert studio.visitor().get(f"/preview/{first}").status_code == 200
    writer.post(f"{post}/looks/removal")
    assert studio.visitor().get(f"/preview/{first}").status_code == 410
    assert "2 links work no more." in writer.get(f"{post}/looks").text
    assert "took secret links to it back" in writer.get(f"{post}/review").text


def test_nobody_takes_back_links_to_what_is_not_theirs(studio: Studio, writer: Client, post: str) -> None:
    token = link_of(writer, post)
    assert studio.as_a(RoleName.CONTRIBUTOR).post(f"{post}/looks/removal").status_code in (403, 404)
    assert studio.visitor().get(f"/preview/{token}").status_code == 200


def test_the_looks_show_the_preview_in_a_frame_by_day_and_by_night(writer: Client, post: str) -> None:
    assert f'src="{post}/preview?theme=dark"' in writer.get(f"{post}/looks?as=phone-dark").text
    assert 'data-theme="dark"' in writer.get(f"{post}/preview?theme=dark").text
    assert "data-theme" not in writer.get(f"{post}/preview?theme=odd").text.split("<head>")[0]
