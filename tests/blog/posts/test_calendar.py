"""What the clock will do, in its order."""

from datetime import timedelta

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import calendar, publishing, timing
from tests.blog.posts.building import MORNING, edit, story, write

NOON = MORNING + timedelta(hours=4)


def test_the_calendar_holds_what_goes_live_changes_and_is_taken_back(
    db: Database, edda: Person, arno: Person
) -> None:
    public, planned = story(db, edda, "Public"), write(db, arno, "Planned")
    write(db, edda, "A draft")
    publishing.schedule(db, planned, arno, MORNING, NOON)
    edit(db, public, edda, MORNING, title="Newer")
    timing.plan_change(db, public, edda, MORNING, NOON - timedelta(hours=1))
    timing.plan_withdrawal(db, public, edda, MORNING, NOON + timedelta(days=1))
    entries = calendar.coming(db, edda, NOON)
    told = [(entry.title, entry.kind, entry.is_late) for entry in entries]
    assert told == [
        ("Newer", "changes", True), ("Planned", "goes live", True), ("Newer", "is taken back", False),
    ]  # fmt: skip
    assert [entry.title for entry in calendar.coming(db, arno, MORNING)] == ["Planned"]


def test_what_was_to_be_taken_back_before_it_went_live_is_held_up_by_no_check(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Rings")
    publishing.schedule(db, post_id, edda, MORNING, NOON)
    timing.plan_withdrawal(db, post_id, edda, MORNING, NOON + timedelta(hours=1))
    entries = calendar.coming(db, edda, NOON + timedelta(hours=2))
    told = [(entry.kind, entry.is_late, entry.is_over) for entry in entries]
    assert told == [("goes live", False, True), ("is taken back", False, False)]
