"""What a reader takes with them holds all that is on record about them, and nothing about anybody else."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import NotFound
from blog.settings import Settings
from newsletter.subscribers import choices, choosing, readdressing, taking
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.newsletter.subscribers import filing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


def test_everything_of_one_reader_and_nothing_of_others(newsroom: Newsroom, tokens: Tokens) -> None:
    newsroom.begin(NOON - timedelta(hours=1))
    ann, _ = newsroom.reader("ann@example.org", NOON), newsroom.reader("bob@example.org", NOON)
    moon = filing.topic(newsroom.db, "Moon", newsroom.publish("Rings", NOON))
    wanted = replace(
        choices.preferences(newsroom.db, ann, NOON, newsroom.settings).choices,
        topics=frozenset({moon}),
        days=choosing.SUNDAY,
        clicks=False,
    )
    newsroom.tick(datetime(2026, 11, 23, 7, 1, tzinfo=UTC))
    choosing.choose(newsroom.db, ann, wanted, NOON, newsroom.settings)
    readdressing.ask(newsroom.db, tokens, ann, "new@example.net", NOON, newsroom.settings)
    copy = taking.take(newsroom.db, ann, NOON)
    assert copy.reader.address == "ann@example.org" and copy.moving_to == "new@example.net"
    assert [(one.name, one.days) for one in copy.lists] == [("Daily digest", "Sun")]
    assert [(one.subject, one.name, one.means) for one in copy.follows] == [("topic", "Moon", "follow")]
    assert [one.deed for one in copy.history] == ["chose", "noted"]
    assert [one.kind for one in copy.letters] == ["digest", "message", "message"]
    assert not copy.choices.clicks_counted
    assert "bob@" not in repr(asdict(copy))


def test_a_stranger_has_nothing_to_take(newsroom: Newsroom) -> None:
    with pytest.raises(NotFound):
        taking.take(newsroom.db, 9, NOON)
