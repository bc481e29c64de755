"""The sign-up form on other sites: in a frame, as a plain form, and the studio's page that hands both out."""

from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.accounts.roles import RoleName
from blog.db import Database
from newsletter.subscribers.model import Consent, Subscriber
from tests.blog.web.staff import Studio
from tests.newsletter.web.conftest import Hands, rows

FillIn = Callable[..., dict[str, str]]
Letters = Callable[[], list[str]]
ELSEWHERE = {
    "Sec-Fetch-Site": "cross-site",
    "Origin": "https://moon.example",
    "Referer": "https://moon.example/blog?who=me",
}


def test_the_frame_may_stand_anywhere_and_sets_no_cookie(reader: FlaskClient, hands: Hands) -> None:
    page = reader.get("/embed/signup?tag=moon-blog&theme=dark")
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "ALLOWALL"
    assert "Set-Cookie" not in page.headers and "Access-Control-Allow-Credentials" not in page.headers
    assert 'data-theme="dark"' in page.text and 'name="campaign" value="moon-blog"' in page.text
    assert 'action="/embed/signup?theme=dark"' in page.text


def test_the_frame_is_kept_by_browsers_and_is_not_one_of_our_ready_pages(
    reader: FlaskClient, hands: Hands
) -> None:
    page = reader.get("/embed/signup?tag=moon")
    assert page.headers["Cache-Control"] == "max-age=300"
    hands.move(minutes=20)
    assert reader.get("/embed/signup?tag=moon").text == page.text


def test_other_pages_are_framed_by_nobody_else(reader: FlaskClient) -> None:
    for path in ("/subscribe", "/news"):
        page = reader.get(path)
        assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_the_form_in_the_frame_answers_in_the_frame(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, db: Database, hands: Hands
) -> None:
    given = fill_in("new@example.org", frame="yes", form="embed", source="https://moon.example/a", tag="moon")
    page = reader.post("/embed/signup?theme=light", data=given)
    assert "Check your mail." in page.text and "masthead" not in page.text
    assert 'formaction="/embed/signup/again?theme=light"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert came_from(db) == ("https://moon.example/a", "embed", "moon")
    soon = reader.post("/embed/signup/again", data=given)
    assert "Give it a minute" in soon.text
    script = reader.post("/embed/signup", data=given, headers={"Accept": "application/json"})
    assert script.json and script.json["state"] == "check-mail" and "<html" not in script.json["html"]
    assert letters() == ["confirmation"]


def test_a_plain_form_of_another_site_ends_on_our_page(
    reader: FlaskClient, letters: Letters, db: Database, hands: Hands
) -> None:
    given = {"email": "new@example.org", "tag": "moon", "website": ""}
    page = reader.post("/embed/signup", data=given, headers=ELSEWHERE)
    assert page.status_code == 200 and "Check your mail." in page.text and "masthead" in page.text
    assert 'formaction="/subscribe/again"' in page.text
    assert letters() == ["confirmation"]
    assert came_from(db) == ("https://moon.example/blog", "embed", "moon")
    with db.reading() as s:
        detail = s.scalars(select(Consent.detail)).one()
    assert detail.startswith("embed: Your address is used") and detail.endswith("Campaign: moon.")


def test_a_program_in_the_trap_of_a_plain_form_hears_what_people_hear(
    reader: FlaskClient, db: Database, hands: Hands
) -> None:
    trapped = {"email": "bot@example.org", "website": "http://spam.example"}
    assert "Check your mail." in reader.post("/embed/signup", data=trapped, headers=ELSEWHERE).text
    assert rows(db, Subscriber) == 0


def test_a_mistake_on_another_site_is_mended_on_ours(
    reader: FlaskClient, hands: Hands, letters: Letters
) -> None:
    page = reader.post("/embed/signup", data={"email": "nobody", "tag": "moon"}, headers=ELSEWHERE)
    assert page.status_code == 422 and "like an email address" in page.text
    fields = hidden(page.text) | {"email": "new@example.org"}
    assert fields["source"] == "https://moon.example/blog" and fields["form"] == "embed"
    hands.move(seconds=5)
    assert "Check your mail." in reader.post("/subscribe", data=fields).text
    assert letters() == ["confirmation"]


@pytest.mark.parametrize("theme", ["", "x", '"><script>alert(1)</script>'])
def test_odd_colours_are_the_visitors_own(reader: FlaskClient, theme: str) -> None:
    page = reader.get("/embed/signup", query_string={"theme": theme, "tag": "<script>alert(1)</script>"})
    assert page.status_code == 200 and "data-theme" not in page.text and "alert(1)<" not in page.text


def test_the_studio_hands_out_lines_that_work(studio: Studio, reader: FlaskClient, letters: Letters) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    page = editor.get("/studio/readers/forms?tag=moon%20blog&theme=dark").text
    frame, plain, link, program = (
        unescape(text) for text in (part.split("</textarea>")[0] for part in page.split("<textarea")[1:])
    )
    assert 'src="http://localhost:8000/embed/signup?tag=moon+blog&amp;theme=dark"' in frame
    assert 'action="http://localhost:8000/embed/signup"' in plain
    assert hidden(plain) == {"tag": "moon blog"}
    assert "http://localhost:8000/subscribe?utm_campaign=moon+blog" in link
    assert """'{"email": "reader@example.org", "campaign": "moon blog"}'""" in program
    assert page.count("data-copy=") == 4 and 'src="/embed/signup?tag=moon+blog&amp;theme=dark"' in page


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the page."""

    class Fields(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "input" and given.get("type") == "hidden":
                found[given["name"] or ""] = given.get("value") or ""

    found: dict[str, str] = {}
    Fields().feed(html)
    return found


def came_from(db: Database) -> tuple[str, str, str]:
    with db.reading() as s:
        row = s.execute(select(Subscriber.source, Subscriber.form, Subscriber.campaign)).one()
    return row[0], row[1], row[2]
