"""One story's "more" or "less like this" weighs its topic, says what changed, and can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import Gone, Invalid, NotFound
from blog.settings import Settings
from newsletter.subscribers import leaving, tasting
from newsletter.subscribers.model import Follow
from newsletter.subscribers.tokens import TEST, Tokens
from tests.cast import Newsroom
from tests.newsletter.subscribers import filing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def ann(newsroom: Newsroom) -> int:
    return newsroom.reader("ann@example.org", NOON - timedelta(hours=1))


@pytest.fixture
def post(newsroom: Newsroom) -> int:
    made = newsroom.publish("Rings of Saturn", NOON)
    filing.topic(newsroom.db, "Planets", made)
    return made


def weigh(newsroom: Newsroom, reader_id: int, weight: int) -> None:
    with newsroom.db.transaction() as s:
        s.merge(Follow(subscriber_id=reader_id, subject="topic", subject_id=1, weight=weight))


def say(newsroom: Newsroom, tokens: Tokens, token: str) -> tasting.Taste:
    return tasting.say(newsroom.db, tokens, token, NOON, newsroom.settings)


def test_the_page_names_the_story_the_topic_and_nobody_in_full(
    newsroom: Newsroom, ann: int, post: int, tokens: Tokens
) -> None:
    seen = tasting.look(newsroom.db, tokens, tokens.taste(ann, post, True))
    assert (seen.address, seen.title, seen.name) == ("a•••@example.org", "Rings of Saturn", "Planets")
    assert (seen.more, seen.weight, seen.wanted) == (True, 0, 1)
    assert filing.follows(newsroom.db, ann) == {}


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [(0, True, 1), (-1, True, 1), (2, True, 2), (0, False, -1), (1, False, -1), (2, False, 0)],
)
def test_each_step_from_each_standing(
    newsroom: Newsroom, ann: int, post: int, tokens: Tokens, before: int, more: bool, after: int
) -> None:
    if before:
        weigh(newsroom, ann, before)
    token = tokens.taste(ann, post, more)
    told = say(newsroom, tokens, token)
    assert (told.before, told.weight) == (before, after)
    assert filing.follows(newsroom.db, ann).get(("topic", 1), 0) == after
    tasting.take_back(newsroom.db, tokens, token, told.before, NOON, newsroom.settings)
    assert filing.follows(newsroom.db, ann).get(("topic", 1), 0) == before


def test_twice_is_once(newsroom: Newsroom, ann: int, post: int, tokens: Tokens) -> None:
    for _ in range(2):
        say(newsroom, tokens, tokens.taste(ann, post, True))
    assert filing.deeds(newsroom.db, ann).count(("chose", "more: topic 1")) == 1


def test_a_story_without_a_topic_speaks_for_its_author(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    post = newsroom.publish("A quiet Sun", NOON)
    with pytest.raises(NotFound):
        say(newsroom, tokens, tokens.taste(ann, post, False))
    kim = filing.author(newsroom.db, "Kim", NOON, post)
    assert say(newsroom, tokens, tokens.taste(ann, post, False)).name == "Kim"
    assert filing.follows(newsroom.db, ann) == {("author", kim): -1}


def test_a_story_that_was_taken_back_is_not_named(
    newsroom: Newsroom, ann: int, post: int, tokens: Tokens
) -> None:
    newsroom.withdraw(post)
    assert tasting.look(newsroom.db, tokens, tokens.taste(ann, post, True)).title == ""


def test_odd_links_and_undos_are_refused(newsroom: Newsroom, ann: int, post: int, tokens: Tokens) -> None:
    token = tokens.taste(ann, post, True)
    with pytest.raises(Invalid):
        tasting.take_back(newsroom.db, tokens, token, 9, NOON, newsroom.settings)
    with pytest.raises(Invalid):
        tasting.look(newsroom.db, tokens, TEST)
    with pytest.raises(NotFound):
        tasting.look(newsroom.db, tokens, tokens.taste(99, post, True))
    leaving.leave(newsroom.db, ann, NOON, settings=newsroom.settings)
    with pytest.raises(Gone):
        say(newsroom, tokens, token)
