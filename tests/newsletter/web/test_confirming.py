"""The page behind the link of a confirmation."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from blog.db import Database
from blog.settings import Settings
from newsletter.subscribers import readdressing, reading, signup
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from newsletter.subscribers.wishes import Wishes
from tests.conftest import NOON
from tests.newsletter.web.conftest import Hands


@pytest.fixture
def link(db: Database, tokens: Tokens, hands: Hands, settings: Settings) -> str:
    """The path in the confirmation of a reader who asked at noon."""
    signup.ask(db, "reader@example.org", Origin("/"), NOON, settings)
    return f"/subscribe/confirm/{tokens.confirm(1, NOON)}"


def state(db: Database) -> SubscriberState | None:
    found = reading.find(db, 1)
    return found.state if found else None


def test_looking_changes_nothing_and_the_button_confirms(
    reader: FlaskClient, link: str, db: Database
) -> None:
    page = reader.get(link)
    assert "Confirm <strong>reader@example.org</strong>?" in page.text
    assert "Yes, send me the digest" in page.text
    assert state(db) == SubscriberState.PENDING
    welcome = reader.post(link)
    assert "You’re in." in welcome.text and "The next digest leaves tomorrow at 07:00 (UTC)" in welcome.text
    assert state(db) == SubscriberState.CONFIRMED


def test_the_pages_after_the_button_and_the_preferences_name_the_same_moment(
    reader: FlaskClient, db: Database, tokens: Tokens, hands: Hands, settings: Settings
) -> None:
    lagos = Wishes(timezone="Africa/Lagos")
    signup.ask(db, "ada@example.org", Origin("/"), NOON, settings, wishes=lagos)
    link = f"/subscribe/confirm/{tokens.confirm(1, NOON)}"
    for page in (reader.post(link), reader.get(link)):
        assert "The next digest leaves on Tue 24 Nov at 07:00 (Lagos time)" in page.text
    shown = reader.get(f"/preferences/open/{tokens.opened(1, NOON)}")
    assert "Your next digest: <strong>Tuesday 24 Nov at 07:00 (Lagos time)" in shown.text


def test_twice_is_once(reader: FlaskClient, link: str) -> None:
    reader.post(link)
    for again in (reader.post(link), reader.get(link)):
        assert again.status_code == 200
        assert "You already confirmed on 22 Nov 2026. Nothing more to do." in again.text


def test_the_welcome_leads_to_the_last_edition(
    reader: FlaskClient, gone_out: int, db: Database, tokens: Tokens, hands: Hands, settings: Settings
) -> None:
    signup.ask(db, "late@example.org", Origin("/"), hands.at, settings)
    page = reader.post(f"/subscribe/confirm/{tokens.confirm(3, hands.at)}")
    assert '<a href="/digest/2026-11-23">A quiet Sun</a>' in page.text


def test_an_old_link_offers_a_new_one(reader: FlaskClient, link: str, db: Database, hands: Hands) -> None:
    hands.at = NOON + timedelta(days=8)
    page = reader.get(link)
    assert page.status_code == 410
    assert "This link is older than 7 days." in page.text and "Send a new one" in page.text
    assert reader.post(link).status_code == 410
    assert state(db) == SubscriberState.PENDING
    sent = reader.post(f"{link}/renewal")
    assert "Check your mail. We sent a link to <strong>reader@example.org</strong>." in sent.text


@pytest.mark.parametrize("cut", [slice(0, 8), slice(0, -3)])
def test_a_cut_link_says_what_to_do(reader: FlaskClient, link: str, cut: slice) -> None:
    token = link.rpartition("/")[2]
    page = reader.get(f"/subscribe/confirm/{token[cut]}")
    assert page.status_code == 404
    assert "This link is incomplete. Copy the whole line from the mail, or sign up again." in page.text
    assert reader.post(f"/subscribe/confirm/{token[cut]}/renewal").status_code == 404


def test_tokens_stay_out_of_caches_search_engines_and_other_sites(reader: FlaskClient, link: str) -> None:
    headers = reader.get(link).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in headers["X-Robots-Tag"] and "Set-Cookie" not in headers


def test_an_old_link_does_not_tell_where_the_mail_goes_now(
    reader: FlaskClient, link: str, db: Database, tokens: Tokens, settings: Settings
) -> None:
    reader.post(link)
    readdressing.ask(db, tokens, 1, "new@example.net", NOON, settings)
    for token in (tokens.address_old(1, NOON), tokens.address_new(1, NOON)):
        readdressing.agree(db, tokens, token, NOON, settings)
    for page in (reader.get(link), reader.post(link), reader.post(f"{link}/renewal")):
        assert "new@example.net" not in page.text
    assert page.status_code == 404
