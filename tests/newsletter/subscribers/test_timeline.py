from datetime import datetime, timedelta

import pytest

from blog.db import Database
from blog.refusals import Invalid, NotFound
from newsletter.delivery import outbox
from newsletter.delivery.model import LetterState
from newsletter.subscribers import stopping, suppression, timeline
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.timeline import Event
from tests.cast import Newsroom
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]

KEY = "a-key-for-tests-only"
HOUR = timedelta(hours=1)


@pytest.fixture
def ann(newsroom: Newsroom, noon: datetime) -> int:
    return newsroom.reader("ann@example.org", noon)


def test_a_record_tells_deeds_letters_and_what_other_rooms_know_newest_first(
    db: Database, ann: int, noon: datetime
) -> None:
    with db.transaction() as s:
        stopping.note(s, ann, "asked", noon, "/news", "band: the words of the form")
        stopping.note(s, ann, "confirmed", noon, "letter")
        outbox.put(s, "digest", 7, ann, "ann@example.org", noon + 2 * HOUR)
        outbox.put(s, "test", 7, ann, "ed@example.org", noon + 2 * HOUR)
        stopping.note(s, ann, "paused", noon + 3 * HOUR, "preferences", "until 2026-12-06")
    seen = timeline.record(db, ann, KEY, [Event(noon + HOUR, "click", "A quiet Sun")])
    assert [event.name for event in seen.events] == ["paused", "digest", "A quiet Sun", "confirmed", "asked"]
    letter = seen.events[1]
    assert (letter.kind, letter.state, letter.about_id) == ("letter", LetterState.READY, 7)
    assert [(deed.deed, deed.detail) for deed in seen.consents] == [
        ("asked", "band: the words of the form"),
        ("confirmed", ""),
    ]
    assert seen.suppressed is None


def test_a_record_tells_that_the_address_is_suppressed(db: Database, ann: int, noon: datetime) -> None:
    suppression.enter(db, KEY, "Ann@example.org", "asked by phone", "Ed", noon)
    seen = timeline.record(db, ann, KEY)
    assert seen.suppressed and (seen.suppressed.reason, seen.suppressed.note) == ("manual", "asked by phone")
    assert seen.reader.state == SubscriberState.LEFT


def test_fields_are_written_as_they_are_to_be(db: Database, ann: int, newsroom: Newsroom) -> None:
    timeline.write_fields(db, ann, [("city", " Jos "), ("tag", "vip, beta"), ("", ""), ("old", " ")], "Ann")
    seen = timeline.record(db, ann, KEY)
    assert seen.fields == (("city", "Jos"), ("tag", "vip, beta")) and seen.reader.name == "Ann"
    with pytest.raises(Invalid, match="no name for a field"):
        timeline.write_fields(db, ann, [('a"b', "x")])
    with pytest.raises(Invalid, match="40 fields"):
        timeline.write_fields(db, ann, [(f"f{n}", "x") for n in range(41)])
    timeline.write_fields(db, ann, [])
    assert timeline.record(db, ann, KEY).fields == ()


def test_a_note_is_a_line_of_the_history(db: Database, ann: int, noon: datetime) -> None:
    timeline.note(db, ann, " Rang us\nup ", "Ed", noon)
    (event,) = timeline.record(db, ann, KEY).events
    assert (event.name, event.detail, event.source) == ("noted", "Rang us up (Ed)", "desk")
    for words in ("", "write to bob@example.org instead"):
        with pytest.raises(Invalid):
            timeline.note(db, ann, words, "Ed", noon)


def test_nobody_has_no_record(db: Database, noon: datetime) -> None:
    for act in (
        lambda: timeline.record(db, 9, KEY),
        lambda: timeline.note(db, 9, "x", "Ed", noon),
        lambda: timeline.write_fields(db, 9, []),
    ):
        with pytest.raises(NotFound):
            act()
