"""The books of a large edition are kept: what a page tells is what the ledger held at the moment that it names."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from newsletter.delivery import books
from newsletter.delivery.model import LetterState
from newsletter.editions import counting, hindrances
from newsletter.editions.compiling import KIND
from newsletter.editions.model import Edition, EditionState
from newsletter.editions.progress import progress
from newsletter.figures import departures
from tests.conftest import NOON
from tests.newsletter.figures.conftest import Post, post, settle

__all__ = ["post"]

EACH = 1
"""As if every edition with a letter were large."""


def test_what_is_kept_is_what_the_ledger_holds(post: Post) -> None:
    live = progress(post.db, post.edition_id, NOON)
    told, pace = departures.edition(post.db, post.edition_id)
    assert counting.count_due(post.db, NOON, EACH) == post.edition_id
    with post.db.reading() as s:
        assert books.kept(s, KIND)[post.edition_id].counted_at == NOON
        assert books.balance(s, KIND, post.edition_id, NOON) == books.count(s, KIND, post.edition_id, NOON)
    assert progress(post.db, post.edition_id, NOON) == live
    assert departures.edition(post.db, post.edition_id) == (told, pace)
    assert sum(pace.numbers) == told.accepted == live.letters.accepted > 0


def test_a_page_tells_how_old_its_count_is(post: Post) -> None:
    counting.count_due(post.db, NOON, EACH)
    settle(post.db, post.readers[0], state=LetterState.REFUSED)
    seen = progress(post.db, post.edition_id, NOON + timedelta(seconds=3))
    assert (seen.letters.refused, seen.seconds_old) == (0, 3)


def test_an_edition_that_goes_out_is_counted_every_few_seconds_and_one_that_is_out_daily(post: Post) -> None:
    with post.db.transaction() as s:
        s.get_one(Edition, post.edition_id).state = EditionState.SENDING
    assert counting.count_due(post.db, NOON, EACH)
    assert not counting.is_anything_due(post.db, NOON + timedelta(seconds=1), EACH)
    assert counting.count_due(post.db, NOON + timedelta(minutes=2), EACH)
    with post.db.transaction() as s:
        s.get_one(Edition, post.edition_id).state = EditionState.SENT
    assert not counting.is_anything_due(post.db, NOON + timedelta(hours=23), EACH)
    assert counting.count_due(post.db, NOON + timedelta(days=2), EACH)


def test_small_editions_are_counted_when_somebody_asks(post: Post) -> None:
    assert counting.count_due(post.db, NOON) is None


def test_whoever_has_letters_tried_again_sees_it_at_once(post: Post) -> None:
    settle(post.db, post.readers[0], state=LetterState.REFUSED, code=550, reply="550 No")
    counting.count_due(post.db, NOON, EACH)
    assert hindrances.retry(post.db, post.edition_id, 550, "550 No", NOON) == 1
    assert progress(post.db, post.edition_id, NOON).letters.ready == 1


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_count_that_was_under_way_while_somebody_changed_the_letters_is_not_kept(
    post: Post, is_kept: bool
) -> None:
    settle(post.db, post.readers[0], state=LetterState.REFUSED, code=550, reply="550 No")
    if is_kept:
        counting.count_due(post.db, NOON, EACH)
    tried: list[int] = []

    def change(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "letter.reply" in statement and not tried:
            tried.append(0)
            tried.append(hindrances.retry(post.db, post.edition_id, 550, "550 No", NOON))

    event.listen(post.db.engine, "after_cursor_execute", change)
    books.keep(post.db, KIND, post.edition_id, NOON)
    event.remove(post.db.engine, "after_cursor_execute", change)
    assert tried == [0, 1] and progress(post.db, post.edition_id, NOON).letters.ready == 1
    assert counting.count_due(post.db, NOON, EACH) == post.edition_id
    assert progress(post.db, post.edition_id, NOON).letters.ready == 1
