from datetime import UTC, datetime

import pytest

from blog.db import Database
from blog.refusals import Conflict, Invalid, NotFound
from newsletter.subscribers import segments
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import SubscriberState
from tests.cast import Newsroom
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]

LEFT = ReaderFilter(state="left")


def test_a_segment_is_a_question_and_its_answer_is_of_today(newsroom: Newsroom, noon: datetime) -> None:
    db = newsroom.db
    made = segments.save(db, "  Gone   away ", LEFT, "Ed", noon)
    newsroom.reader("ann@example.org", noon, SubscriberState.LEFT)
    newsroom.reader("bob@example.org", noon)
    (shown,) = segments.listing(db, noon, UTC)
    assert (shown.id, shown.name, shown.readers, shown.by) == (made, "Gone away", 1, "Ed")
    newsroom.reader("cy@example.org", noon, SubscriberState.LEFT)
    assert segments.listing(db, noon, UTC)[0].readers == 2
    with db.reading() as s:
        assert segments.find(s, made) == LEFT
        assert segments.find(s, made + 1) is None


def test_a_segment_is_renamed_and_removed(db: Database, noon: datetime) -> None:
    made = segments.save(db, "Gone", LEFT, "Ed", noon)
    segments.save(db, "at home", ReaderFilter(state="confirmed"), "Ed", noon)
    segments.rename(db, made, "Zzz")
    assert [name for _, name in segments.names(db)] == ["at home", "Zzz"]
    assert segments.remove(db, made) == "Zzz"
    assert [name for _, name in segments.names(db)] == ["at home"]
    for act in (lambda: segments.remove(db, made), lambda: segments.rename(db, made, "x")):
        with pytest.raises(NotFound):
            act()


def test_a_segment_needs_a_name_of_its_own_and_a_filter(db: Database, noon: datetime) -> None:
    made = segments.save(db, "Gone", LEFT, "Ed", noon)
    other = segments.save(db, "Others", LEFT, "Ed", noon)
    with pytest.raises(Conflict):
        segments.save(db, "Gone", LEFT, "Ed", noon)
    with pytest.raises(Conflict):
        segments.rename(db, other, "Gone")
    with pytest.raises(Invalid, match="name"):
        segments.rename(db, made, " \x00 ")
    with pytest.raises(Invalid, match="80 characters"):
        segments.save(db, "x" * 81, LEFT, "Ed", noon)
    with pytest.raises(Invalid, match="whole list"):
        segments.save(db, "All", ReaderFilter(), "Ed", noon)
