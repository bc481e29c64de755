from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from blog.db import Database
from blog.refusals import Gone, Invalid, NotFound
from blog.settings import Settings
from newsletter.subscribers import leaving, reading, signup, suppression
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens

SECRET = "a-key-for-tests-only"
KEY = "reader@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Kinds = Callable[[], list[str]]


def suppress(db: Database, reason: str, at: datetime, *, address: str | None = KEY, note: str = "") -> None:
    with db.transaction() as s:
        suppression.add(s, SECRET, KEY, reason, at, address=address, note=note)


def reason(db: Database) -> str | None:
    with db.reading() as s:
        found = suppression.find(s, SECRET, KEY)
    return found.reason if found else None


def state(db: Database, reader_id: int) -> SubscriberState:
    return reading.history(db, reader_id).reader.state


def test_an_address_is_known_by_a_keyed_hash_alone() -> None:
    sealed = suppression.seal(SECRET, KEY)
    assert len(sealed) == 64 and KEY not in sealed
    assert sealed == suppression.seal(SECRET, KEY) != suppression.seal("another", KEY)


def test_twice_is_once_and_a_weaker_reason_changes_nothing(db: Database, noon: datetime) -> None:
    for given in ("bounced", "complained", "complained", "bounced"):
        suppress(db, given, noon, note=given)
    (entry,) = suppression.listing(db).items
    assert (entry.reason, entry.note, entry.address) == ("complained", "complained", KEY)


def test_erasing_takes_the_address_and_every_word_away_but_not_an_editors_no(
    db: Database, noon: datetime
) -> None:
    suppress(db, "manual", noon, note=f"asked by {KEY}")
    suppress(db, "erased", noon, address=None)
    (entry,) = suppression.listing(db).items
    assert (entry.reason, entry.note, entry.address) == ("manual", "", None)


def test_a_crowd_is_looked_through_in_few_statements(db: Database, noon: datetime) -> None:
    suppress(db, "bounced", noon)
    with db.reading() as s:
        asked = [*(f"r{n}@example.org" for n in range(1200)), KEY]
        assert suppression.suppressed_among(s, SECRET, asked) == {KEY}
        assert suppression.suppressed_among(s, SECRET, []) == set()


@pytest.mark.parametrize("given", ["bounced", "complained", "erased"])
def test_only_the_readers_own_button_lifts_what_came_by_itself(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, letters: Kinds, given: str
) -> None:
    suppress(db, given, noon, address=None)
    signup.ask(db, "READER@Example.org", Origin("/"), noon, settings)
    assert (letters(), reason(db)) == (["confirmation"], given)
    with db.reading() as s:
        reader_id = s.scalars(select(Subscriber.id)).one()
    signup.confirm(db, tokens, tokens.confirm(reader_id, noon), noon, settings)
    assert (reason(db), state(db, reader_id)) == (None, SubscriberState.CONFIRMED)


def test_an_address_that_an_editor_stopped_gets_the_same_answer_and_no_letter(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    suppression.enter(db, SECRET, "Reader@Example.org", "asked by phone", "Ada", noon)
    for typed in ("reader@example.org", "READER@example.org"):
        assert signup.ask(db, typed, Origin("/"), noon, settings).address.casefold() == KEY
        signup.resend(db, typed, Origin("/"), noon + HOUR, settings)
    assert letters() == []
    with db.reading() as s:
        assert s.scalar(select(func.count()).select_from(Subscriber)) == 0


def test_an_older_confirmation_does_not_open_what_an_editor_shut(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    token = tokens.confirm(asked, noon)
    suppression.enter(db, SECRET, KEY, "", "Ada", noon + HOUR)
    assert state(db, asked) == SubscriberState.LEFT
    assert reading.history(db, asked).deeds[-1].deed == "stopped"
    for act in (signup.look, signup.confirm):
        with pytest.raises(Gone, match="editors stopped"):
            act(db, tokens, token, noon + 2 * HOUR, settings)
    signup.renew(db, tokens, token, noon + 2 * DAY, settings)
    assert letters() == ["confirmation"]
    with pytest.raises(Gone):
        leaving.come_back(db, asked, noon + 2 * HOUR, settings=settings)


def test_an_editor_takes_an_entry_away(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    sealed = suppression.enter(db, SECRET, KEY, "", "Ada", noon)
    suppression.remove(db, sealed)
    signup.ask(db, KEY, Origin("/"), noon, settings)
    assert letters() == ["confirmation"]
    with pytest.raises(NotFound):
        suppression.remove(db, sealed)
    with pytest.raises(Invalid):
        suppression.enter(db, SECRET, "nobody", "", "Ada", noon)


def test_entries_are_found_by_part_of_an_address_and_erased_ones_by_the_whole(
    db: Database, noon: datetime
) -> None:
    suppression.enter(db, SECRET, "Other@example.org", "", "Ada", noon)
    suppress(db, "erased", noon + HOUR, address=None)
    assert [entry.reason for entry in suppression.listing(db).items] == ["erased", "manual"]
    assert suppression.listing(db, "OTHER").total == 1
    assert suppression.listing(db, "reader").total == 0
    assert suppression.listing(db, KEY).total == 0
    assert suppression.listing(db, KEY, secret=SECRET).items[0].reason == "erased"
    assert suppression.listing(db, reason="manual").total == 1
    assert suppression.listing(db, "%").total == 0
