"""An erased reader leaves no trace but a keyed hash, and the books of past editions still balance."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from blog.db import Base, Database
from blog.refusals import NotFound
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.editions.model import EditionShare
from newsletter.subscribers import choosing, erasing, readdressing, suppression
from newsletter.subscribers.model import Follow
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.newsletter.subscribers import filing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def ann(newsroom: Newsroom) -> int:
    newsroom.begin(NOON - timedelta(hours=1))
    reader_id = newsroom.reader("ann@example.org", NOON)
    newsroom.reader("bob@example.org", NOON)
    newsroom.publish("Rings", NOON)
    newsroom.tick(MONDAY)
    return reader_id


@pytest.fixture
def lived_in(newsroom: Newsroom, ann: int, tokens: Tokens) -> int:
    """Ann, with rows in every table that readers have rows in."""
    choosing.pause_weeks(newsroom.db, ann, 2, NOON, newsroom.settings)
    readdressing.ask(newsroom.db, tokens, ann, "ann@example.net", NOON, newsroom.settings)
    readdressing.ask(newsroom.db, tokens, 2, "ann@example.org", NOON, newsroom.settings)
    with newsroom.db.transaction() as s:
        s.add(Follow(subscriber_id=ann, subject="topic", subject_id=1, weight=2))
        s.add(EditionShare(edition_id=1, subscriber_id=ann, posts=[1]))
        letter = s.scalars(select(Letter).where(Letter.reader_id == ann, Letter.kind == "digest")).one()
        letter.state, letter.settled_at = "refused", MONDAY
        letter.reply = "550 5.1.1 <Ann@Example.org> no such user"
        outbox.put(s, "test", 5, 0, "ann@example.org", NOON, payload={"text": "x"})
        s.scalars(select(Letter).where(Letter.kind == "test")).one().settled_at = NOON
    return ann


def everything(db: Database) -> str:
    with db.reading() as s:
        return repr(
            [[tuple(row) for row in s.execute(select(table))] for table in Base.metadata.sorted_tables]
        ).casefold()


def books(db: Database) -> list[tuple[str, int]]:
    with db.reading() as s:
        rows = s.execute(select(Letter.kind, func.count()).group_by(Letter.kind).order_by(Letter.kind))
        return [(kind, number) for kind, number in rows]


def test_no_table_holds_the_address_any_more(newsroom: Newsroom, lived_in: int) -> None:
    before = books(newsroom.db)
    erasing.erase(newsroom.db, lived_in, MONDAY, newsroom.settings)
    assert "ann@example" not in everything(newsroom.db)
    assert books(newsroom.db) == before
    with newsroom.db.reading() as s:
        found = suppression.find(s, secret_key(newsroom.settings), "ann@example.org")
    assert found and (found.reason, found.address, found.note) == ("erased", None, "")


def test_letters_that_wait_are_not_sent(newsroom: Newsroom, ann: int) -> None:
    erasing.erase(newsroom.db, ann, MONDAY, newsroom.settings)
    with newsroom.db.reading() as s:
        states = s.execute(select(Letter.state, Letter.address).order_by(Letter.reader_id)).all()
    assert [tuple(row) for row in states] == [("skipped", ""), ("ready", "bob@example.org")]


def test_an_editors_suppression_outlives_the_erasing_without_its_address(
    newsroom: Newsroom, ann: int
) -> None:
    secret = secret_key(newsroom.settings)
    with newsroom.db.transaction() as s:
        suppression.add(s, secret, "ann@example.org", "manual", NOON, address="ann@example.org", note="x")
    erasing.erase(newsroom.db, ann, MONDAY, newsroom.settings)
    with newsroom.db.reading() as s:
        found = suppression.find(s, secret, "ann@example.org")
    assert found and (found.reason, found.address) == ("manual", None)


def test_the_question_names_what_goes(newsroom: Newsroom, lived_in: int) -> None:
    seen = erasing.weigh(newsroom.db, lived_in)
    assert (seen.address, seen.lists, seen.follows, seen.letters) == ("a•••@example.org", 1, 1, 4)
    assert seen.deeds == len(filing.deeds(newsroom.db, lived_in))


def test_twice_is_refused_and_the_number_is_never_given_again(newsroom: Newsroom, ann: int) -> None:
    erasing.erase(newsroom.db, ann, MONDAY, newsroom.settings)
    with pytest.raises(NotFound):
        erasing.erase(newsroom.db, ann, MONDAY, newsroom.settings)
    with pytest.raises(NotFound):
        erasing.weigh(newsroom.db, ann)
    assert newsroom.reader("ann@example.org", MONDAY) > 2
