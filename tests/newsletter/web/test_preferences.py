"""The doorstep recognises its reader; the open page chooses, pauses, moves, hands over and deletes; single links ask before they act."""

import json
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog.db import Database
from newsletter.subscribers import readdressing
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.tokens import Tokens
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.subscribers import filing
from tests.newsletter.web.conftest import Facts, Hands, rows

EVERYTHING = {"list": "1", "when": "every", "hour": "", "timezone": "", "pictures": "yes", "clicks": "yes"}


@pytest.fixture
def ann(newsroom: Newsroom, hands: Hands) -> int:
    newsroom.begin(NOON)
    return newsroom.reader("ann@example.org", NOON)


@pytest.fixture
def door(tokens: Tokens, ann: int) -> str:
    return f"/preferences/{tokens.manage(ann, 7)}"


@pytest.fixture
def page(tokens: Tokens, ann: int) -> str:
    return f"/preferences/open/{tokens.opened(ann, NOON)}"


def save(reader: FlaskClient, page: str, **said: object) -> TestResponse:
    return reader.post(f"{page}/choices", data=EVERYTHING | said, follow_redirects=True)


def test_the_link_in_a_mail_shows_nothing_but_a_masked_address(reader: FlaskClient, door: str) -> None:
    shown = reader.get(door)
    assert "a•••@example.org" in shown.text and "ann@example.org" not in shown.text
    assert "Is this you?" in shown.text and "Every day" not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "same-origin" and "Set-Cookie" not in shown.headers


def test_whoever_types_the_whole_address_gets_in(reader: FlaskClient, door: str) -> None:
    asked = reader.post(door, data={"email": "Ann@Example.org"})
    assert asked.status_code == 303 and asked.headers["Location"].startswith("/preferences/open/")
    assert "Set-Cookie" not in asked.headers
    assert "Your preferences" in reader.get(asked.headers["Location"]).text


def test_another_address_does_not_open_it(reader: FlaskClient, door: str) -> None:
    for typed, words in (
        ("bob@example.org", "not the address this mail was sent to"),
        ("", "Enter your email"),
    ):
        refused = reader.post(door, data={"email": typed})
        assert refused.status_code == 422 and words in refused.text and 'aria-invalid="true"' in refused.text


def test_guessing_ends_after_five_tries(reader: FlaskClient, door: str) -> None:
    for number in range(5):
        assert reader.post(door, data={"email": f"a{number}@example.org"}).status_code == 422
    assert reader.post(door, data={"email": "ann@example.org"}).status_code == 429


def test_a_fresh_link_comes_by_mail(reader: FlaskClient, door: str, newsroom: Newsroom) -> None:
    for _ in range(2):
        assert "We sent a link to <strong>a•••@example.org</strong>" in reader.post(f"{door}/link").text
    (letter,) = newsroom.letters("message")
    found = re.search(r"http\S+(/preferences/open/\S+)", (letter.payload or {})["text"])
    assert found and "Your preferences" in reader.get(found[1]).text


def test_no_other_link_opens_the_page(reader: FlaskClient, tokens: Tokens, ann: int, door: str) -> None:
    for token in (tokens.manage(ann), tokens.leave(ann), tokens.taste(ann, 1, True), "x"):
        assert reader.get(f"/preferences/open/{token}").status_code == 404
    assert reader.get(f"/preferences/{tokens.opened(ann, NOON)}").status_code == 404


def test_after_an_hour_the_page_is_closed_and_leads_back_to_the_doorstep(
    reader: FlaskClient, page: str, door: str, hands: Hands, db: Database
) -> None:
    hands.move(minutes=61)
    for answer in (
        reader.get(page),
        reader.post(f"{page}/choices", data=EVERYTHING),
        reader.post(f"{page}/erasure"),
    ):
        assert answer.status_code == 410 and "more than an hour" in answer.text
        again = re.search(r'class="button" href="(/preferences/[^"]+)">Open it again', answer.text)
        assert again and "Is this you?" in reader.get(again[1]).text
    assert rows(db, Subscriber) == 1


def test_saving_says_when_and_what_comes_next(reader: FlaskClient, page: str, ann: int, db: Database) -> None:
    assert "Your next digest: <strong>Monday 23 Nov at 07:00 (UTC)" in reader.get(page).text
    saved = save(reader, page, when="days", day=["0", "3"], hour="18", timezone="Africa/Lagos", pictures="")
    assert saved.status_code == 200 and "Saved 13:00" in saved.text
    assert "Your next digest: <strong>Monday 23 Nov at 18:00 (Lagos time)" in saved.text
    own = filing.held(db, ann)[1]
    assert (own.days, own.at_once) == (0b1001, False)
    assert re.search(r'<option value="Africa/Lagos" selected>', saved.text)


def test_weekly_and_each_story_at_once(reader: FlaskClient, page: str, ann: int, db: Database) -> None:
    weekly = save(reader, page, when="weekly", weekly="2")
    assert filing.held(db, ann)[1].days == 0b100
    assert "Wednesday 25 Nov at 07:00 (UTC)" in weekly.text
    assert '<option value="2" selected>Wednesday' in weekly.text
    assert "each story when it comes out" in save(reader, page, when="once").text
    assert filing.held(db, ann)[1].at_once


def test_what_cannot_be_saved_is_shown_as_it_was_typed(reader: FlaskClient, page: str, facts: Facts) -> None:
    before = facts()
    refused = save(reader, page, when="days", hour="9", only="yes")
    assert refused.status_code == 422 and "Nothing was saved yet." in refused.text
    assert (
        "Tick at least one weekday." in refused.text and "Follow a topic or an author first" in refused.text
    )
    assert '<option value="9" selected>' in refused.text
    assert facts() == before


def test_odd_forms_never_break_the_page(reader: FlaskClient, page: str) -> None:
    for said in (
        {"hour": "９", "day": "9" * 40, "when": "x", "topic": "-1"},
        {"timezone": "../../etc/passwd\x00"},
        {"list": "999999999999999999999", "taste": "topic:²"},
    ):
        assert save(reader, page, **said).status_code in (200, 422)
    assert reader.post(f"{page}/pause", data={"weeks": "٣", "until": "2026-99-99"}).status_code == 422
    assert reader.get(f"{page}?done=<script>").status_code == 200


def test_lists_topics_authors_and_tastes_are_on_the_page(
    reader: FlaskClient, page: str, ann: int, newsroom: Newsroom, tokens: Tokens, db: Database
) -> None:
    post = newsroom.publish("Rings", NOON)
    moon, kim = filing.topic(db, "Moon", post), filing.author(db, "Kim", NOON, post)
    best = filing.mailing(db, "best", "Weekly best", NOON, description="The five most read.", weekdays=64)
    reader.post(f"/preferences/taste/{tokens.taste(ann, post, False)}")
    shown = reader.get(page).text
    for words in ("Weekly best", "The five most read.", "Moon", "Authors (1)", "Less about Moon"):
        assert words in shown
    save(reader, page, list=["1", str(best)], author=str(kim), only="yes", taste=f"topic:{moon}")
    assert set(filing.held(db, ann)) == {1, best}
    assert filing.follows(db, ann) == {("topic", moon): -1, ("author", kim): 2}
    assert "Less about" not in save(reader, page, author=str(kim)).text


def test_pausing_and_resuming(reader: FlaskClient, page: str, ann: int, db: Database) -> None:
    paused = reader.post(f"{page}/pause", data={"weeks": "2"}, follow_redirects=True)
    assert "Paused until 6 Dec." in paused.text and "Sunday 6 Dec at 07:00 (UTC)" in paused.text
    until = reader.post(f"{page}/pause", data={"until": "2026-12-24"}, follow_redirects=True)
    assert "Paused until 24 Dec." in until.text
    assert "from tomorrow on" in reader.post(f"{page}/pause", data={"until": "2026-11-22"}).text
    assert filing.person(db, ann).paused_until == datetime(2026, 12, 24, tzinfo=UTC)
    over = reader.post(f"{page}/pause", data={"resume": "yes"}, follow_redirects=True)
    assert "The pause is over. Nothing was lost." in over.text
    assert filing.person(db, ann).paused_until is None


def test_moving_to_another_address_takes_both_ends(
    reader: FlaskClient, page: str, ann: int, db: Database, tokens: Tokens
) -> None:
    assert "doesn&#39;t look like an email" in reader.post(f"{page}/address", data={"email": "x"}).text
    asked = reader.post(f"{page}/address", data={"email": "new@example.net"}, follow_redirects=True)
    assert "Your mail moves to <strong>n•••@example.net</strong>" in asked.text
    old, new = (
        f"/preferences/address/{t}" for t in (tokens.address_old(ann, NOON), tokens.address_new(ann, NOON))
    )
    assert "Move your mail?" in reader.get(old).text and "Confirm your new address" in reader.get(new).text
    assert "as soon as the old address agrees" in reader.post(new).text
    assert "Your mail has moved" in reader.post(old).text
    assert filing.person(db, ann).address == "new@example.net"
    assert "Your mail has moved" in reader.get(new).text
    assert reader.post(f"{old}/refusal").status_code == 410


def test_the_old_address_may_stop_the_move(
    reader: FlaskClient, page: str, ann: int, newsroom: Newsroom, tokens: Tokens
) -> None:
    readdressing.ask(newsroom.db, tokens, ann, "new@example.net", NOON, newsroom.settings)
    old = f"/preferences/address/{tokens.address_old(ann, NOON)}"
    assert "Nothing moves." in reader.post(f"{old}/refusal").text
    assert reader.get(old).status_code == 410


def test_moves_are_counted(reader: FlaskClient, page: str) -> None:
    for number in range(3):
        assert reader.post(f"{page}/address", data={"email": f"n{number}@example.net"}).status_code == 303
    assert reader.post(f"{page}/address", data={"email": "n4@example.net"}).status_code == 429


def test_everything_on_record_comes_as_one_file(reader: FlaskClient, page: str) -> None:
    answer = reader.post(f"{page}/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data-2026-11-22.json"'
    taken = json.loads(answer.text)
    assert taken["reader"]["address"] == "ann@example.org"
    assert {"choices", "lists", "follows", "history", "letters", "clicks"} <= set(taken)


def test_deleting_asks_once_names_what_goes_and_leaves_nothing(
    reader: FlaskClient, page: str, door: str, db: Database, ann: int
) -> None:
    asked = reader.get(f"{page}/erasure").text
    assert "Delete everything?" in asked and "1 subscription" in asked and rows(db, Subscriber) == 1
    done = reader.post(f"{page}/erasure")
    assert done.status_code == 200 and "Everything is deleted" in done.text
    assert rows(db, Subscriber) == 0
    for path in (page, door):
        assert reader.get(path).status_code == 404


def test_more_like_this_asks_acts_and_is_taken_back(
    reader: FlaskClient, ann: int, newsroom: Newsroom, tokens: Tokens, db: Database
) -> None:
    post = newsroom.publish("Rings of Saturn", NOON)
    moon = filing.topic(db, "Moon", post)
    link = f"/preferences/taste/{tokens.taste(ann, post, True)}"
    asked = reader.get(link).text
    assert "Rings of Saturn" in asked and "For a•••@example.org" in asked and "ann@example.org" not in asked
    assert filing.follows(db, ann) == {}
    assert "move up in your digest" in reader.post(link).text
    assert filing.follows(db, ann) == {("topic", moon): 1}
    assert "Nothing to do for a•••@example.org" in reader.get(link).text
    assert "where the editors put them" in reader.post(f"{link}/undo", data={"before": "0"}).text
    assert filing.follows(db, ann) == {}
    assert reader.post(f"{link}/undo", data={"before": "7"}).status_code == 422


def test_who_left_may_still_take_and_delete_their_data(
    reader: FlaskClient, page: str, ann: int, tokens: Tokens
) -> None:
    reader.post(f"/unsubscribe/{tokens.leave(ann)}")
    shown = reader.get(page).text
    assert "Your mail stopped on 22 Nov 2026." in shown and "Every day" not in shown
    assert "Download my data" in shown and "Delete everything" in shown
    assert reader.post(f"{page}/choices", data=EVERYTHING).status_code == 410
    assert reader.post(f"{page}/data").status_code == 200


def test_forms_of_other_sites_change_nothing(
    reader: FlaskClient, page: str, door: str, ann: int, tokens: Tokens, facts: Facts
) -> None:
    before = facts()
    paths = [door, f"{door}/link", f"/preferences/taste/{tokens.taste(ann, 1, True)}"]
    paths += [f"{page}/{deed}" for deed in ("choices", "pause", "address", "data", "erasure")]
    for path in paths:
        assert reader.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
    assert facts() == before
