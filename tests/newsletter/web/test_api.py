"""Signing up by programs."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from blog import clock, tally
from blog.db import Database
from newsletter.subscribers import proof
from newsletter.subscribers.model import Subscriber, SubscriberState
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Hands, rows

Letters = Callable[[], list[str]]
ADDRESS = "/api/subscribers"


def ask(reader: FlaskClient, **given: Any) -> TestResponse:
    return reader.post(ADDRESS, json={"email": "new@example.org"} | given)


def test_a_program_signs_up_an_address_which_then_confirms_by_mail(
    reader: FlaskClient, letters: Letters, db: Database, hands: Hands
) -> None:
    answer = ask(reader, source="/2026/11/rings", campaign="app", timezone="Africa/Lagos")
    assert answer.status_code == 202 and answer.json and answer.json["message"].startswith("Check your mail.")
    assert letters() == ["confirmation"]
    with db.reading() as s:
        made = s.scalars(select(Subscriber)).one()
    assert (made.source, made.form, made.campaign, made.state) == (
        "/2026/11/rings",
        "api",
        "app",
        SubscriberState.PENDING,
    )
    assert made.timezone == "Africa/Lagos"


def test_the_answer_is_the_same_for_everybody(reader: FlaskClient, newsroom: Newsroom, hands: Hands) -> None:
    newsroom.reader("ann@example.org", hands.at)
    told = {ask(reader, email=email).data for email in ("ann@example.org", "new@example.org", "x@gmial.com")}
    assert len(told) == 1


def test_any_site_may_ask_from_a_script(reader: FlaskClient, db: Database, hands: Hands) -> None:
    before = reader.options(ADDRESS, headers={"Origin": "https://moon.example"})
    assert before.status_code == 200 and before.headers["Access-Control-Allow-Origin"] == "*"
    assert before.headers["Access-Control-Allow-Headers"] == "Content-Type"
    site = {"Origin": "https://moon.example", "Sec-Fetch-Site": "cross-site"}
    answer = reader.post(ADDRESS, json={"email": "new@example.org"}, headers=site)
    assert answer.status_code == 202 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    with db.reading() as s:
        assert s.scalars(select(Subscriber.source)).one() == "https://moon.example"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": 7}, "email"),
        ({"email": ["new@example.org"]}, "email"),
        ({"email": "new@example.org", "lists": "daily"}, "lists"),
        ({"email": "new@example.org", "lists": ["no such list"]}, "lists"),
        ({"email": "new@example.org", "state": "confirmed"}, "state"),
        ({"email": "new@example.org", "nonce": None}, "nonce"),
    ],
)
def test_what_cannot_be_taken_is_told_by_name(
    reader: FlaskClient, db: Database, hands: Hands, given: dict[str, Any], field: str
) -> None:
    answer = reader.post(ADDRESS, json=given)
    assert answer.status_code == 422 and answer.json and list(answer.json["fields"]) == [field]
    assert rows(db, Subscriber) == 0


@pytest.mark.parametrize("body", ["", "[]", "{", '"text"', "[" * 5000, '{"email": NaN}'])
def test_what_is_no_object_is_refused_with_an_example(reader: FlaskClient, hands: Hands, body: str) -> None:
    answer = reader.post(ADDRESS, data=body, content_type="application/json")
    assert answer.status_code in (400, 422) and answer.json and answer.json["error"]


def test_a_form_and_a_flood_of_bytes_are_refused(reader: FlaskClient, db: Database, hands: Hands) -> None:
    assert reader.post(ADDRESS, data={"email": "new@example.org"}).status_code == 422
    assert ask(reader, source="x" * 20_000).status_code in (413, 422)
    assert reader.get(ADDRESS).status_code == 405
    assert rows(db, Subscriber) == 0


def test_ten_tries_from_one_network_are_enough(reader: FlaskClient, letters: Letters, hands: Hands) -> None:
    for number in range(10):
        assert ask(reader, email=f"r{number}@example.org").status_code == 202
    answer = ask(reader)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "600"
    assert len(letters()) == 10


def test_in_a_rush_a_program_solves_the_puzzle(
    reader: FlaskClient, letters: Letters, hands: Hands, rush: None
) -> None:
    answer = ask(reader)
    assert answer.status_code == 429 and answer.json and answer.json["bits"] == proof.BITS
    ticket = answer.json["ticket"]
    assert ask(reader, ticket=ticket, nonce="wrong").status_code == 429
    nonce = next(str(n) for n in count() if proof.is_solved(ticket, str(n)))
    assert ask(reader, email="other@example.org", ticket=ticket, nonce=nonce).status_code == 429
    assert letters() == []
    assert ask(reader, ticket=ticket, nonce=nonce).status_code == 202
    assert letters() == ["confirmation"]


@pytest.fixture
def rush(db: Database, hands: Hands) -> None:
    """A hundred sign-ups within the last minute."""
    for _ in range(100):
        tally.count(db, "sign-ups of all networks", 1000, 10, clock.now())


def test_a_ticket_of_half_characters_is_no_ticket(reader: FlaskClient, rush: None) -> None:
    for ticket in ("\ud800", "x.y", "\0"):
        answer = ask(reader, ticket=ticket)
        assert answer.status_code == 429 and answer.json and answer.json["bits"] == proof.BITS
