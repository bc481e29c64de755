"""The sign-up form in every state, with and without scripts."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from blog import tally
from blog.authors.model import Author
from blog.db import Database
from blog.posts.model import PostAuthor
from newsletter.delivery import pausing
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers import proof, signup
from newsletter.subscribers.model import Follow, Subscriber
from tests.blog.web.staff import Studio
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Hands, rows
from tests.newsletter.web.test_embed import hidden

FillIn = Callable[..., dict[str, str]]
Letters = Callable[[], list[str]]


def test_the_band_is_the_same_for_everybody_for_an_hour(reader: FlaskClient, hands: Hands) -> None:
    first = reader.get("/news")
    hands.move(minutes=20)
    assert "Like what you read?" in first.text
    assert "Subscribe and receive daily news delivered to your inbox." in first.text
    assert reader.get("/news").text == first.text
    assert "Set-Cookie" not in first.headers


def test_the_page_names_the_hour_of_the_next_digest_and_is_kept_by_nobody(reader: FlaskClient) -> None:
    page = reader.get("/subscribe")
    assert "The next one leaves tomorrow at 07:00 (UTC)." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_an_address_is_asked_to_confirm(reader: FlaskClient, fill_in: FillIn, letters: Letters) -> None:
    page = reader.post("/subscribe", data=fill_in("new@example.org"))
    assert page.status_code == 200
    assert "Check your mail. We sent a link to <strong>new@example.org</strong>." in page.text
    assert 'role="status"' in page.text
    assert letters() == ["confirmation"]


def test_somebody_on_the_list_sees_the_very_same_page(
    reader: FlaskClient, fill_in: FillIn, db: Database, hands: Hands
) -> None:
    form = fill_in("new@example.org")
    stranger = reader.post("/subscribe", data=form)
    with db.transaction() as s:
        s.query(Subscriber).update({"state": "confirmed", "confirmed_at": hands.at})
    assert reader.post("/subscribe", data=form).text == stranger.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your email address."),
        (
            "nobody",
            "That doesn&#39;t look like an email address. It needs a name, an @ and a domain, like reader@example.org.",
        ),
        ("a@b.invalid", "We can&#39;t find a mail server for b.invalid. Check the ending."),
    ],
)
def test_what_is_no_address_is_told_beside_the_field(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, typed: str, sentence: str
) -> None:
    page = reader.post("/subscribe", data=fill_in(typed))
    assert page.status_code == 422
    assert f'role="alert">{sentence}</p>' in page.text
    assert 'aria-invalid="true" autofocus' in page.text and 'aria-describedby="signup-wrong ' in page.text
    assert f'value="{typed}"' in page.text
    assert letters() == []


def test_a_likely_typo_is_a_question_and_writes_nothing(
    reader: FlaskClient, fill_in: FillIn, db: Database
) -> None:
    page = reader.post("/subscribe", data=fill_in("reader@gmial.com"))
    assert page.status_code == 200
    assert "Did you mean <strong>reader@gmail.com</strong>?" in page.text
    assert 'value="fix"' in page.text and 'value="keep"' in page.text
    assert rows(db, Subscriber) == 0


@pytest.mark.parametrize(("choice", "address"), [("fix", "reader@gmail.com"), ("keep", "reader@gmial.com")])
def test_either_answer_to_the_question_signs_up(
    reader: FlaskClient, fill_in: FillIn, choice: str, address: str
) -> None:
    page = reader.post("/subscribe", data=fill_in("reader@gmial.com", choice=choice))
    assert f"We sent a link to <strong>{address}</strong>." in page.text


def test_a_wrong_address_can_be_changed(reader: FlaskClient, fill_in: FillIn, letters: Letters) -> None:
    page = reader.post("/subscribe", data=fill_in("wrong@example.org", choice="change"))
    assert 'value="wrong@example.org"' in page.text and "Sign me up" in page.text
    assert letters() == []


def test_the_letter_is_sent_again_once_and_not_within_a_minute(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, hands: Hands
) -> None:
    reader.post("/subscribe", data=fill_in("new@example.org"))
    soon = reader.post("/subscribe/again", data=fill_in("new@example.org", seconds=20))
    assert "Give it a minute, then ask again." in soon.text
    assert letters() == ["confirmation"]
    hands.move(seconds=70)
    for _ in range(3):
        again = reader.post("/subscribe/again", data=fill_in("new@example.org", seconds=70))
    assert "We sent it once more, to <strong>new@example.org</strong>." in again.text
    assert letters() == ["confirmation", "confirmation"]


def test_a_program_in_the_trap_hears_what_people_hear(
    reader: FlaskClient, fill_in: FillIn, db: Database
) -> None:
    page = reader.post("/subscribe", data=fill_in("bot@example.org", website="http://spam.example"))
    assert "We sent a link to <strong>bot@example.org</strong>." in page.text
    assert rows(db, Subscriber) == 0


@pytest.mark.parametrize(
    ("seconds", "stamp", "sentence"),
    [
        (1, None, "That was very quick."),
        (90_000, None, "This page was open for a while."),
        (0, "forged", "This page was open for a while."),
        (0, "", "This page was open for a while."),
    ],
)
def test_a_form_of_a_strange_age_is_kept_and_works_at_the_next_press(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, seconds: int, stamp: str | None, sentence: str
) -> None:
    form = fill_in("new@example.org", seconds=seconds) | ({} if stamp is None else {"stamp": stamp})
    page = reader.post("/subscribe", data=form)
    assert page.status_code == 422
    assert sentence in page.text and "Try again" in page.text and 'value="new@example.org"' in page.text
    assert letters() == []
    fresh = page.text.split('name="stamp" value="')[1].split('"')[0]
    assert "Check your mail." in reader.post("/subscribe", data=form | {"stamp": fresh}).text


def test_ten_tries_from_one_network_are_enough(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, hands: Hands
) -> None:
    for number in range(10):
        assert reader.post("/subscribe", data=fill_in(f"r{number}@example.org")).status_code == 200
    page = reader.post("/subscribe", data=fill_in("r11@example.org"))
    assert page.status_code == 429
    assert "That was a lot of tries. Wait 10 minutes and try again." in page.text
    assert len(letters()) == 10
    hands.move(minutes=11)
    assert reader.post("/subscribe", data=fill_in("r11@example.org")).status_code == 200


def test_our_own_fault_is_called_ours(
    reader: FlaskClient, fill_in: FillIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_more: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(signup, "ask", locked)
    page = reader.post("/subscribe", data=fill_in("new@example.org"))
    assert page.status_code == 503
    assert "We couldn&#39;t sign you up just now. Nothing was saved. Try again in a minute." in page.text
    assert 'value="new@example.org"' in page.text


def test_while_mail_stands_still_the_page_says_so(
    reader: FlaskClient, fill_in: FillIn, db: Database, hands: Hands
) -> None:
    pausing.pause(db, hands.at)
    page = reader.post("/subscribe", data=fill_in("new@example.org"))
    assert "it may take up to an hour" in page.text


def test_a_script_gets_the_state_and_the_words_alone(reader: FlaskClient, fill_in: FillIn) -> None:
    accept = {"Accept": "application/json"}
    for typed, state, status in [("nobody", "invalid", 422), ("new@example.org", "check-mail", 200)]:
        answer = reader.post("/subscribe", data=fill_in(typed), headers=accept)
        assert answer.status_code == status and answer.json is not None
        assert answer.json["state"] == state
        assert answer.json["html"].count("<form") == 1 and "<html" not in answer.json["html"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_on_another_site_is_refused(reader: FlaskClient, fill_in: FillIn, letters: Letters) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert reader.post("/subscribe", data=fill_in("v@example.org"), headers=headers).status_code == 403
    assert letters() == []


@pytest.mark.parametrize("typed", ["\x00", "a\x00@b.c", "x" * 5000, "<script>alert(1)</script>@example.org"])
def test_odd_input_is_told_like_any_other(reader: FlaskClient, fill_in: FillIn, typed: str) -> None:
    page = reader.post("/subscribe", data=fill_in(typed, source="\x00javascript:alert(1)"))
    assert page.status_code == 422
    assert "<script>alert" not in page.text and "javascript:" not in page.text


def test_the_page_of_the_form_is_remembered_only_when_it_is_ours(
    studio: Studio, reader: FlaskClient, fill_in: FillIn, db: Database
) -> None:
    reader.post("/subscribe", data=fill_in("one@example.org", source="/2026/11/rings"))
    reader.post("/subscribe", data=fill_in("two@example.org", source="//evil.example/"))
    with db.reading() as s:
        assert [r.source for r in s.query(Subscriber).order_by(Subscriber.id)] == ["/2026/11/rings", ""]


def test_a_link_with_a_tag_and_the_page_it_stood_on_are_remembered(
    reader: FlaskClient, fill_in: FillIn, db: Database
) -> None:
    came = {"Referer": "http://localhost:8000/2026/11/rings?utm_campaign=x"}
    page = reader.get("/subscribe?utm_campaign=autumn%3Cb%3E", headers=came)
    assert 'name="campaign" value="autumnb"' in page.text
    assert 'name="source" value="/2026/11/rings"' in page.text and 'name="form" value="page"' in page.text
    elsewhere = reader.get("/subscribe", headers={"Referer": "http://localhost:8000.evil.example/x"})
    assert 'name="source" value="/subscribe"' in elsewhere.text
    reader.post("/subscribe", data=fill_in("new@example.org", campaign="autumn", form="page"))
    with db.reading() as s:
        assert s.execute(select(Subscriber.source, Subscriber.form, Subscriber.campaign)).one() == (
            "/news",
            "page",
            "autumn",
        )


def test_a_page_offers_an_author_by_mail(
    reader: FlaskClient, fill_in: FillIn, newsroom: Newsroom, hands: Hands
) -> None:
    db, post_id = newsroom.db, newsroom.publish("Rings of Saturn", hands.at)
    with db.transaction() as s:
        s.add(Author(slug="ada", name="Ada Okafor", created_at=hands.at))
        s.flush()
        s.add(PostAuthor(post_id=post_id, author_id=1, position=0))
    link = re.search(
        r'href="(/subscribe[^"]+)" rel="nofollow">Follow Ada Okafor by mail', reader.get("/authors/ada").text
    )
    assert link
    page = reader.get(link[1])
    assert "Stories of <strong>Ada Okafor</strong> come first" in page.text
    assert 'name="follow" value="author:1"' in page.text
    assert 'name="follow"' not in reader.get("/subscribe?follow=author:9").text
    reader.post("/subscribe", data=fill_in("new@example.org", follow="author:1"))
    with db.reading() as s:
        assert s.execute(select(Follow.subject, Follow.subject_id)).one() == ("author", 1)


def test_several_lists_are_ticks_and_one_must_be_ticked(
    reader: FlaskClient, fill_in: FillIn, db: Database, letters: Letters, hands: Hands
) -> None:
    assert 'name="lists"' not in reader.get("/subscribe").text
    with db.transaction() as s:
        lists.default_list(s, hands.at)
        s.add(MailingList(slug="weekly", name="Weekly best", weekdays=64, created_at=hands.at))
    page = reader.get("/subscribe").text
    assert 'value="daily" checked' in page and 'value="weekly">' in page
    none = reader.post("/subscribe", data=fill_in("new@example.org", choosing="yes"))
    assert none.status_code == 422 and "Tick at least one" in none.text and 'value="weekly">' in none.text
    assert letters() == []
    one = reader.post("/subscribe", data=fill_in("new@example.org", choosing="yes", lists="weekly"))
    assert "Check your mail." in one.text and '<input type="hidden" name="lists" value="weekly">' in one.text


def test_in_a_rush_a_script_solves_a_puzzle_and_a_person_waits_half_a_minute(
    reader: FlaskClient, fill_in: FillIn, letters: Letters, hands: Hands, db: Database
) -> None:
    for _ in range(100):
        tally.count(db, "sign-ups of all networks", 1000, 10, hands.at)
    form = fill_in("reader@gmial.com", choice="fix")
    page = reader.post("/subscribe", data=form)
    assert page.status_code == 429
    assert "Many are signing up just now. Wait 30 seconds, then press once more." in page.text
    assert f'data-proof="{proof.BITS}"' in page.text and 'value="reader@gmail.com"' in page.text
    fields = hidden(page.text) | {"email": "reader@gmail.com"}
    assert fields["choice"] == "keep" and fields["stamp"] == form["stamp"]
    early = reader.post("/subscribe", data=fields)
    assert early.status_code == 429 and letters() == []
    assert hidden(early.text)["ticket"] == fields["ticket"], "the half minute does not begin anew"
    hands.move(seconds=31)
    assert "Check your mail." in reader.post("/subscribe", data=fields).text
    solved = hidden(reader.post("/subscribe", data=fill_in("two@example.org")).text)
    nonce = next(str(n) for n in count() if proof.is_solved(solved["ticket"], str(n)))
    told = reader.post("/subscribe", data=solved | {"email": "two@example.org", "nonce": nonce})
    assert "Check your mail." in told.text
    assert letters() == ["confirmation", "confirmation"]
