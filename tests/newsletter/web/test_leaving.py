"""Leaving by the link, by a mail program's button, and coming back."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from blog.db import Database
from newsletter.subscribers import reading, serving
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.tokens import TEST, Tokens
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.subscribers import filing
from tests.newsletter.web.conftest import Facts, Hands

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ann(newsroom: Newsroom, hands: Hands) -> int:
    return newsroom.reader("ann@example.org", NOON)


@pytest.fixture
def link(tokens: Tokens, ann: int) -> str:
    return f"/unsubscribe/{tokens.leave(ann, 7)}"


def state(db: Database, reader_id: int) -> SubscriberState:
    return reading.history(db, reader_id).reader.state


def test_the_page_asks_and_the_button_acts(reader: FlaskClient, link: str, ann: int, db: Database) -> None:
    asked = reader.get(link)
    assert "Stop the digest for <strong>a•••@example.org</strong>?" in asked.text
    assert "ann@example.org" not in asked.text and "Was this mail forwarded to you?" in asked.text
    assert state(db, ann) == SubscriberState.CONFIRMED
    done = reader.post(link)
    assert "Done." in done.text and "You won’t hear from us again." in done.text
    assert state(db, ann) == SubscriberState.LEFT
    assert reading.history(db, ann).deeds[-1].source == "edition 7"


def test_undo_brings_everything_back(reader: FlaskClient, link: str, ann: int, db: Database) -> None:
    undo = reader.post(link).text.split('action="/unsubscribe/undo/')[1].split('"')[0]
    assert reader.get(f"/unsubscribe/undo/{undo}").status_code == 405
    back = reader.post(f"/unsubscribe/undo/{undo}")
    assert "Welcome back; nothing was lost." in back.text
    assert state(db, ann) == SubscriberState.CONFIRMED


def test_undo_has_its_time(reader: FlaskClient, link: str, ann: int, db: Database, hands: Hands) -> None:
    undo = reader.post(link).text.split('action="/unsubscribe/undo/')[1].split('"')[0]
    hands.move(days=8)
    assert reader.post(f"/unsubscribe/undo/{undo}").status_code == 410
    assert "Undo" not in reader.post(link).text
    assert state(db, ann) == SubscriberState.LEFT


def test_who_left_is_not_brought_back_by_a_mail_that_others_hold(
    reader: FlaskClient, link: str, ann: int, db: Database, hands: Hands
) -> None:
    reader.post(link)
    assert "/undo/" in reader.post(link).text, "pressed twice"
    hands.move(hours=2)
    again = reader.post(link)
    assert again.status_code == 200 and "/undo/" not in again.text
    assert state(db, ann) == SubscriberState.LEFT


def test_one_click_is_done_at_once_without_cookie_or_redirect(
    reader: FlaskClient, link: str, ann: int, db: Database, facts: Facts
) -> None:
    first = reader.post(link, data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
    assert first.status_code == 200 and first.mimetype == "text/plain"
    assert "Set-Cookie" not in first.headers and "Location" not in first.headers
    assert state(db, ann) == SubscriberState.LEFT
    then = facts()
    assert reader.post(link, data=ONE_CLICK).status_code == 200
    assert facts() == then


def test_one_click_may_come_as_multipart(reader: FlaskClient, link: str, ann: int, db: Database) -> None:
    reader.post(link, data=ONE_CLICK, content_type="multipart/form-data")
    assert state(db, ann) == SubscriberState.LEFT


def test_who_has_left_is_told_so(reader: FlaskClient, link: str) -> None:
    reader.post(link)
    assert "stopped on 22 Nov 2026. Nothing more to do." in reader.get(link).text


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        (TEST, 422, "This link came in a test mail, so it belongs to no reader."),
        ("cut", 404, "This link is incomplete."),
        ("WzEsMF0." + "A" * 43, 404, "This link is not one of ours"),
    ],
)
def test_a_link_that_opens_nothing_says_why(
    reader: FlaskClient, hands: Hands, token: str, status: int, words: str
) -> None:
    for page in (reader.get(f"/unsubscribe/{token}"), reader.post(f"/unsubscribe/{token}")):
        assert page.status_code == status and words in page.text
    assert reader.post(f"/unsubscribe/{token}", data=ONE_CLICK).status_code == 404


def test_an_address_that_is_not_on_record_is_told_so(
    reader: FlaskClient, tokens: Tokens, hands: Hands
) -> None:
    page = reader.get(f"/unsubscribe/{tokens.leave(99)}")
    assert page.status_code == 404
    assert "That address is not on the list any more." in page.text


def test_the_link_works_years_later(
    reader: FlaskClient, link: str, ann: int, db: Database, hands: Hands
) -> None:
    hands.at = NOON + timedelta(days=2000)
    reader.post(link)
    assert state(db, ann) == SubscriberState.LEFT


def test_no_page_shows_the_whole_address(reader: FlaskClient, link: str) -> None:
    pages = [reader.get(link), reader.post(link), reader.get(link)]
    undo = pages[1].text.split('action="/unsubscribe/undo/')[1].split('"')[0]
    pages.append(reader.post(f"/unsubscribe/undo/{undo}"))
    for page in pages:
        assert page.status_code == 200 and "ann@example.org" not in page.text
        assert page.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in page.headers


def test_once_a_week_instead(reader: FlaskClient, link: str, ann: int, db: Database) -> None:
    assert "Once a week" in reader.get(link).text
    done = reader.post(f"{link}/fewer", data={"how": "weekly"})
    assert "From now on one mail a week comes, on Sundays" in done.text
    assert filing.held(db, ann)[1].days == 64
    assert "Once a week" not in reader.get(link).text
    assert state(db, ann) == SubscriberState.CONFIRMED


def test_four_weeks_of_quiet_instead(reader: FlaskClient, link: str, ann: int, db: Database) -> None:
    assert "Nothing comes for 4 weeks" in reader.post(f"{link}/fewer", data={"how": "pause"}).text
    assert filing.deeds(db, ann)[-1] == ("paused", "until 2026-12-20")
    assert "Pause for 4 weeks" not in reader.get(link).text


def test_one_list_of_several_can_be_stopped_alone(
    reader: FlaskClient, newsroom: Newsroom, link: str, ann: int, db: Database
) -> None:
    assert "Stop only" not in reader.get(link).text
    best = filing.mailing(db, "best", "Weekly best", NOON)
    with db.transaction() as s:
        serving.subscribe(s, s.get_one(Subscriber, ann), best, NOON, newsroom.settings)
    asked = reader.get(link).text
    assert "Stop only Daily digest" in asked and "Stop everything" in asked
    assert "You get no more of “Weekly best”." in reader.post(f"{link}/fewer", data={"list": best}).text
    assert set(filing.held(db, ann)) == {1}
    assert reader.post(f"{link}/fewer", data={"list": 1}).status_code == 422
    assert reader.post(f"{link}/fewer", data={"list": "x"}).status_code == 422


def test_fewer_mails_are_asked_for_on_our_own_page_only(
    reader: FlaskClient, link: str, facts: Facts, hands: Hands
) -> None:
    before = facts()
    for path in (f"{link}/fewer", "/unsubscribe/undo/x/reason"):
        page = reader.post(path, data={"how": "weekly"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert page.status_code == 403
    assert facts() == before


def test_a_reason_is_asked_afterwards_and_never_required(
    reader: FlaskClient, link: str, ann: int, db: Database
) -> None:
    left = reader.post(link).text
    assert "Would you tell us why?" in left
    undo = left.split('action="/unsubscribe/undo/')[1].split('"')[0]
    assert "Would you tell us why?" in reader.post(f"/unsubscribe/undo/{undo}/reason").text
    told = reader.post(f"/unsubscribe/undo/{undo}/reason", data={"reason": "Other", "words": "moved <away>"})
    assert "Thank you" in told.text and "Undo" in told.text
    assert filing.person(db, ann).reason == "Other: moved <away>"
    reader.post(f"/unsubscribe/undo/{undo}")
    assert state(db, ann) == SubscriberState.CONFIRMED
