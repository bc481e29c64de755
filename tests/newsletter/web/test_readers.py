"""The desk's list of readers, and the demo mailbox."""

import pytest
from flask import Flask

from blog.accounts.roles import RoleName
from newsletter.delivery import mailbox
from newsletter.subscribers import leaving, signup
from newsletter.subscribers.model import SubscriberState
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Hands

MAIL = b"""From: digest@example.org\r\nTo: ann@example.org\r\nSubject: Rings\r\nMIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlain rings.\r
--b\r\nContent-Type: text/html\r\n\r\n<html><head></head><body><script>alert(1)</script><p>Rings</p></body></html>\r
--b--\r\n"""


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def administrator(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR)


def test_readers_are_counted_found_and_filtered(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    newsroom.reader("ann@example.org", NOON)
    newsroom.reader("bob@example.org", NOON, SubscriberState.PENDING)
    assert "1 gets the digest" in editor.get("/studio/readers").text
    found = editor.get("/studio/readers?q=BOB").text
    assert "bob@example.org" in found and "ann@example.org" not in found
    assert "bob@example.org" not in editor.get("/studio/readers?state=confirmed").text
    assert "No one matches" in editor.get("/studio/readers?q=%25").text
    assert editor.get("/studio/readers?q=%00&state=x'").status_code == 200


def test_a_reader_s_page_shows_what_they_said(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    signup.ask(newsroom.db, "ann@example.org", "/news", NOON)
    leaving.leave(newsroom.db, 1, NOON, "edition 12")
    page = editor.get("/studio/readers/1").text
    assert page.index("Asked for the digest") < page.index("Left the list")
    assert '<a href="/news">/news</a>' in page and '<a href="/studio/digest/12">a digest</a>' in page
    assert editor.get("/studio/readers/2").status_code == 404


def test_the_mailbox_shows_a_mail_that_can_do_nothing(studio: Studio, administrator: Client) -> None:
    folder = studio.house.settings.mailbox
    assert "No mail yet" in administrator.get("/studio/mailbox").text
    mailbox.keep(folder, "digest@example.org", "ann@example.org", MAIL)
    (caught,) = mailbox.mails(folder)
    path = f"/studio/mailbox/{caught.id}"
    assert path in administrator.get("/studio/mailbox").text
    page = administrator.get(path).text
    assert "Rings" in page and "ann@example.org" in page and "multipart/alternative" in page
    body = administrator.get(f"{path}/body")
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
    assert "allow-scripts" not in body.headers["Content-Security-Policy"]
    text = administrator.get(f"{path}/body?view=text")
    assert text.mimetype == "text/plain" and "Plain rings." in text.text


@pytest.mark.parametrize("mail_id", ["..", "x", "00000000000000000000-00000000", "%2e%2e%2fperijove"])
def test_a_mail_that_is_not_there_is_not_found(administrator: Client, mail_id: str) -> None:
    assert administrator.get(f"/studio/mailbox/{mail_id}/body").status_code == 404


def test_the_mailbox_is_for_administrators(editor: Client) -> None:
    assert editor.get("/studio/mailbox").status_code == 403


def test_desk_pages_are_for_those_who_send(studio: Studio, hands: Hands) -> None:
    author, stranger = studio.as_a(RoleName.AUTHOR), studio.visitor()
    for method, path in _doors(studio.app):
        asked = author.get if method == "GET" else author.post
        assert asked(path).status_code == 403, path
        asked = stranger.get if method == "GET" else stranger.post
        assert "/studio/login" in asked(path).location, path


def _doors(app: Flask) -> list[tuple[str, str]]:
    """Every door of the desk, with something in the place of its parts."""
    doors = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("desk_"):
            continue
        parts = {
            name: "pin" if name == "deed" else "x" if name == "mail_id" else 1 for name in rule.arguments
        }
        _, path = rule.build(parts) or ("", "")
        doors += [(method, path) for method in (rule.methods or ()) if method in ("GET", "POST")]
    assert len(doors) >= 14
    return doors
