from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.refusals import Gone, NotFound
from newsletter.delivery.model import Letter
from newsletter.subscribers import leaving, reading, signup
from newsletter.subscribers.tokens import Tokens

HOUR = timedelta(hours=1)


@pytest.fixture
def confirmed(db: Database, noon: datetime, tokens: Tokens, asked: int) -> int:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon)
    return asked


def test_leaving_takes_effect_at_once_and_twice_is_once(db: Database, noon: datetime, confirmed: int) -> None:
    first = leaving.leave(db, confirmed, noon + HOUR, "edition 3")
    again = leaving.leave(db, confirmed, noon + 2 * HOUR, "edition 3")
    assert (first.is_new, again.is_new) == (True, False)
    assert first.left_at == again.left_at == noon + HOUR
    assert reading.count(db) == reading.Counts(0, 0, 1)
    assert [deed.deed for deed in reading.history(db, confirmed).deeds] == ["asked", "confirmed", "left"]


def test_an_old_undo_does_not_reverse_a_later_leave(db: Database, noon: datetime, confirmed: int) -> None:
    leaving.leave(db, confirmed, noon + HOUR)
    leaving.come_back(db, confirmed, noon + 2 * HOUR, left=noon + HOUR)
    leaving.leave(db, confirmed, noon + 3 * HOUR)
    with pytest.raises(Gone):
        leaving.come_back(db, confirmed, noon + 4 * HOUR, left=noon + HOUR)
    assert reading.count(db) == reading.Counts(0, 0, 1)


def test_coming_back_undoes_it_and_twice_is_once(db: Database, noon: datetime, confirmed: int) -> None:
    leaving.leave(db, confirmed, noon + HOUR)
    assert leaving.come_back(db, confirmed, noon + HOUR).is_on_list
    assert leaving.come_back(db, confirmed, noon + HOUR).is_on_list
    assert reading.count(db) == reading.Counts(1, 0, 0)
    assert [deed.deed for deed in reading.history(db, confirmed).deeds] == [
        "asked",
        "confirmed",
        "left",
        "returned",
    ]


def test_undo_never_puts_somebody_on_the_list_who_did_not_confirm(
    db: Database, noon: datetime, asked: int
) -> None:
    leaving.leave(db, asked, noon)
    assert not leaving.come_back(db, asked, noon).is_on_list
    assert reading.count(db) == reading.Counts(0, 1, 0)


def test_a_stranger_cannot_leave(db: Database, noon: datetime) -> None:
    for deed in (leaving.leave, leaving.come_back):
        with pytest.raises(NotFound):
            deed(db, 77, noon)


def test_the_history_says_from_where(db: Database, noon: datetime, confirmed: int) -> None:
    leaving.leave(db, confirmed, noon + HOUR, "edition 3")
    history = reading.history(db, confirmed)
    assert history.reader.left_at == noon + HOUR
    assert [(deed.at, deed.source) for deed in history.deeds] == [
        (noon, "/"),
        (noon, "letter"),
        (noon + HOUR, "edition 3"),
    ]


def test_a_confirmation_that_has_not_left_yet_is_taken_back_too(
    db: Database, noon: datetime, asked: int
) -> None:
    leaving.leave(db, asked, noon)
    with db.reading() as s:
        assert [(letter.kind, letter.state) for letter in s.scalars(select(Letter))] == [
            ("confirmation", "skipped")
        ]
