from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from blog.db import Database
from blog.refusals import Gone, NotFound
from blog.settings import Settings
from newsletter.delivery.model import Letter
from newsletter.subscribers import leaving, reading, signup, suppression
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription
from newsletter.subscribers.tokens import Tokens

HOUR = timedelta(hours=1)
SECRET = "a-key-for-tests-only"


@pytest.fixture
def confirmed(db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int) -> int:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon, settings)
    return asked


def test_leaving_takes_effect_at_once_and_twice_is_once(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    first = leaving.leave(db, confirmed, noon + HOUR, "edition 3", settings=settings)
    again = leaving.leave(db, confirmed, noon + 2 * HOUR, "edition 3", settings=settings)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.left_at == again.left_at == noon + HOUR
    assert reading.count(db) == reading.Counts(0, 0, 1)
    assert [deed.deed for deed in reading.history(db, confirmed).deeds] == ["asked", "confirmed", "left"]


def test_an_old_undo_does_not_reverse_a_later_leave(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    leaving.leave(db, confirmed, noon + HOUR, settings=settings)
    leaving.come_back(db, confirmed, noon + 2 * HOUR, left=noon + HOUR, settings=settings)
    leaving.leave(db, confirmed, noon + 3 * HOUR, settings=settings)
    with pytest.raises(Gone):
        leaving.come_back(db, confirmed, noon + 4 * HOUR, left=noon + HOUR, settings=settings)
    assert reading.count(db) == reading.Counts(0, 0, 1)


def test_coming_back_undoes_it_and_twice_is_once(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    leaving.leave(db, confirmed, noon + HOUR, settings=settings)
    assert leaving.come_back(db, confirmed, noon + HOUR, settings=settings).is_on_list
    assert leaving.come_back(db, confirmed, noon + HOUR, settings=settings).is_on_list
    assert reading.count(db) == reading.Counts(1, 0, 0)
    assert [deed.deed for deed in reading.history(db, confirmed).deeds] == [
        "asked",
        "confirmed",
        "left",
        "returned",
    ]


def test_undo_never_puts_somebody_on_the_list_who_did_not_confirm(
    db: Database, noon: datetime, settings: Settings, asked: int
) -> None:
    leaving.leave(db, asked, noon, settings=settings)
    assert not leaving.come_back(db, asked, noon, settings=settings).is_on_list
    assert reading.count(db) == reading.Counts(0, 1, 0)


def test_a_stranger_cannot_leave(db: Database, noon: datetime, settings: Settings) -> None:
    for deed in (leaving.leave, leaving.come_back):
        with pytest.raises(NotFound):
            deed(db, 77, noon, settings=settings)


def test_the_history_says_from_where(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    leaving.leave(db, confirmed, noon + HOUR, "edition 3", settings=settings)
    history = reading.history(db, confirmed)
    assert history.reader.left_at == noon + HOUR
    assert [(deed.at, deed.source) for deed in history.deeds] == [
        (noon, "/"),
        (noon, "letter"),
        (noon + HOUR, "edition 3"),
    ]


def test_a_confirmation_that_has_not_left_yet_is_taken_back_too(
    db: Database, noon: datetime, settings: Settings, asked: int
) -> None:
    leaving.leave(db, asked, noon, settings=settings)
    with db.reading() as s:
        assert [(letter.kind, letter.state) for letter in s.scalars(select(Letter))] == [
            ("confirmation", "skipped")
        ]


def stop(db: Database, reader_id: int, state: SubscriberState, at: datetime) -> bool:
    with db.transaction() as s:
        reader = s.get_one(Subscriber, reader_id)
        return leaving.stop(s, reader, state, at, "mail", "550 no such user", SECRET)


def test_a_dead_address_is_stopped_and_suppressed(db: Database, noon: datetime, confirmed: int) -> None:
    assert stop(db, confirmed, SubscriberState.BOUNCED, noon + HOUR)
    assert not stop(db, confirmed, SubscriberState.BOUNCED, noon + 2 * HOUR)
    history = reading.history(db, confirmed)
    assert (history.reader.state, history.deeds[-1].deed) == (SubscriberState.BOUNCED, "bounced")
    with db.reading() as s:
        entry = suppression.find(s, SECRET, "reader@example.org")
        assert entry and (entry.reason, entry.note) == ("bounced", "550 no such user")
        assert [letter.state for letter in s.scalars(select(Letter))] == ["skipped", "skipped"]


def test_a_complaint_outweighs_leaving_and_no_undo_reverses_it(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    left = leaving.leave(db, confirmed, noon + HOUR, settings=settings)
    assert stop(db, confirmed, SubscriberState.COMPLAINED, noon + 2 * HOUR)
    assert not stop(db, confirmed, SubscriberState.LEFT, noon + 3 * HOUR)
    with pytest.raises(Gone):
        leaving.come_back(db, confirmed, noon + 3 * HOUR, left=left.left_at, settings=settings)
    again = leaving.leave(db, confirmed, noon + 4 * HOUR, settings=settings)
    assert not again.is_new
    assert reading.history(db, confirmed).reader.state == SubscriberState.COMPLAINED


def test_an_editor_stops_a_reader_without_suppressing_the_address(
    db: Database, noon: datetime, confirmed: int
) -> None:
    assert stop(db, confirmed, SubscriberState.LEFT, noon + HOUR)
    assert reading.history(db, confirmed).deeds[-1].deed == "stopped"
    with db.reading() as s:
        assert suppression.find(s, SECRET, "reader@example.org") is None


def test_a_reason_is_kept_also_when_it_comes_after_leaving(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    leaving.leave(db, confirmed, noon + HOUR, settings=settings)
    leaving.leave(
        db, confirmed, noon + 2 * HOUR, reason="Too\nmany\x00 mails " + "x" * 400, settings=settings
    )
    with db.reading() as s:
        reader = s.get_one(Subscriber, confirmed)
        assert reader.reason.startswith("Too many mails x") and len(reader.reason) == 300
        assert reader.left_at == noon + HOUR
    leaving.come_back(db, confirmed, noon + 3 * HOUR, settings=settings)
    with db.reading() as s:
        assert s.get_one(Subscriber, confirmed).reason == ""


def test_who_comes_back_has_a_list_again(
    db: Database, noon: datetime, settings: Settings, confirmed: int
) -> None:
    leaving.leave(db, confirmed, noon + HOUR, settings=settings)
    with db.transaction() as s:
        s.execute(delete(Subscription))
    leaving.come_back(db, confirmed, noon + 2 * HOUR, settings=settings)
    with db.reading() as s:
        assert s.scalars(select(Subscription.subscriber_id)).all() == [confirmed]
