"""A link alone opens nothing: whoever holds it types the address, or has a fresh link mailed to it."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import Invalid, NotFound
from blog.settings import Settings
from newsletter.subscribers import leaving, recognising
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def ann(newsroom: Newsroom) -> int:
    return newsroom.reader("ann@example.org", NOON)


def mail(newsroom: Newsroom, tokens: Tokens, reader_id: int, minutes: float = 0) -> str:
    at = NOON + timedelta(minutes=minutes)
    return recognising.mail_link(newsroom.db, tokens, reader_id, at, newsroom.settings)


def test_only_the_readers_own_address_is_recognised(newsroom: Newsroom, ann: int) -> None:
    recognising.recognise(newsroom.db, ann, " ANN@example.org ")
    for typed in ("bob@example.org", "", "ann"):
        with pytest.raises(Invalid) as refusal:
            recognising.recognise(newsroom.db, ann, typed)
        assert list(refusal.value.fields) == ["email"]
    with pytest.raises(NotFound):
        recognising.recognise(newsroom.db, 99, "ann@example.org")


def test_a_fresh_link_goes_to_the_reader_at_most_once_in_ten_minutes(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    for minutes in (0, 0, 9.9, 10, 12):
        assert mail(newsroom, tokens, ann, minutes) == "a•••@example.org"
    first, second = newsroom.letters("message")
    assert (first.address, second.created_at) == ("ann@example.org", NOON + timedelta(minutes=10))
    assert f"/preferences/open/{tokens.opened(ann, NOON)}\n" in (first.payload or {})["text"]


def test_five_a_day_are_enough_whoever_asks(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    for hour in range(24):
        assert mail(newsroom, tokens, ann, 60 * hour) == "a•••@example.org"
    assert len(newsroom.letters("message")) == 5
    mail(newsroom, tokens, ann, 60 * 24 + 1)
    assert len(newsroom.letters("message")) == 6


def test_who_left_gets_the_same_answer_and_no_mail(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    leaving.leave(newsroom.db, ann, NOON, settings=newsroom.settings)
    assert mail(newsroom, tokens, ann) == "a•••@example.org"
    assert newsroom.letters("message") == []
    assert not recognising.doorstep(newsroom.db, ann).is_on_list
