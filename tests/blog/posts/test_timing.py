"""The clock changes a public story, and takes it back, at set times."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import deeds, publishing, reading, timing
from blog.refusals import Conflict, Forbidden, Gone, Invalid
from tests.blog.posts.building import MORNING, edit, story, write

NOON = MORNING + timedelta(hours=4)
ZONE = ZoneInfo("UTC")


def title(db: Database) -> str:
    return reading.article(db, "/2026/11/rings").article.card.title


def test_newer_words_take_their_place_at_a_set_time_once(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings")
    timing.plan_change(db, post_id, edda, MORNING, NOON)
    assert timing.keep_due(db, NOON - timedelta(seconds=1), zone=ZONE) == 0 and title(db) == "Rings"
    assert (timing.keep_due(db, NOON, zone=ZONE), timing.keep_due(db, NOON, zone=ZONE)) == (1, 0)
    assert title(db) == "Better rings" and timing.find(db, post_id) == timing.Planned()


def test_a_story_is_taken_back_at_a_set_time_even_one_that_was_only_scheduled(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Rings")
    publishing.schedule(db, post_id, edda, MORNING, NOON)
    with pytest.raises(Invalid):
        timing.plan_withdrawal(db, post_id, edda, MORNING, NOON)
    evening = NOON + timedelta(hours=6)
    timing.plan_withdrawal(db, post_id, edda, MORNING, evening)
    publishing.publish_due(db, NOON)
    assert timing.keep_due(db, NOON, zone=ZONE) == 0 and title(db) == "Rings"
    assert timing.keep_due(db, evening, zone=ZONE) == 1
    with pytest.raises(Gone):
        title(db)
    assert (deeds.of_post(db, post_id)[0].name, deeds.of_post(db, post_id)[0].kind) == ("", "withdrawn")


def test_a_change_that_a_check_blocks_waits_and_one_that_is_made_by_hand_is_over(
    db: Database, edda: Person
) -> None:
    post_id = story(db, edda, "Rings")
    edit(db, post_id, edda, MORNING, title="Better rings")
    timing.plan_change(db, post_id, edda, MORNING, NOON)
    edit(db, post_id, edda, MORNING, title="")
    assert timing.keep_due(db, NOON, zone=ZONE) == 0 and timing.find(db, post_id).change_at == NOON
    edit(db, post_id, edda, NOON, title="Mended")
    publishing.publish(db, post_id, edda, NOON)
    assert timing.find(db, post_id).change_at is None


def test_plans_are_dropped_and_need_somebody_who_may_and_a_time_to_come(
    db: Database, edda: Person, cleo: Person
) -> None:
    post_id, draft = story(db, edda, "Rings"), write(db, cleo, "Draft")
    with pytest.raises(Forbidden):
        timing.plan_withdrawal(db, post_id, cleo, MORNING, NOON)
    with pytest.raises(Invalid):
        timing.plan_withdrawal(db, post_id, edda, NOON, NOON)
    for plan in (timing.plan_change, timing.plan_withdrawal):
        with pytest.raises(Conflict):
            plan(db, draft, edda, MORNING, NOON)
    timing.plan_withdrawal(db, post_id, edda, MORNING, NOON)
    timing.drop_plans(db, post_id, edda, MORNING)
    assert timing.keep_due(db, NOON, zone=ZONE) == 0
    with pytest.raises(Conflict):
        timing.drop_plans(db, post_id, edda, MORNING)


def test_a_plan_of_a_story_that_was_taken_off_the_schedule_touches_no_later_publication(
    db: Database, edda: Person
) -> None:
    post_id = write(db, edda, "Rings")
    publishing.schedule(db, post_id, edda, MORNING, NOON)
    timing.plan_withdrawal(db, post_id, edda, MORNING, NOON + timedelta(hours=1))
    publishing.unschedule(db, post_id, edda, MORNING)
    publishing.publish(db, post_id, edda, NOON + timedelta(minutes=1))
    assert timing.keep_due(db, NOON + timedelta(hours=2), zone=ZONE) == 0 and title(db) == "Rings"


def test_a_story_cannot_be_set_for_a_time_after_it_is_taken_back(db: Database, edda: Person) -> None:
    post_id, evening = write(db, edda, "Rings"), NOON + timedelta(hours=6)
    publishing.schedule(db, post_id, edda, MORNING, NOON)
    timing.plan_withdrawal(db, post_id, edda, MORNING, evening)
    with pytest.raises(Invalid) as refused:
        publishing.schedule(db, post_id, edda, MORNING, evening)
    assert "publish_at" in refused.value.fields


def test_what_a_check_held_up_until_its_withdrawal_waits_for_a_person_who_publishes_it_for_good(
    db: Database, edda: Person
) -> None:
    post_id, evening = write(db, edda, "Rings"), NOON + timedelta(hours=6)
    publishing.schedule(db, post_id, edda, MORNING, NOON)
    timing.plan_withdrawal(db, post_id, edda, MORNING, evening)
    edit(db, post_id, edda, MORNING, title="")
    assert publishing.publish_due(db, NOON) == 0
    edit(db, post_id, edda, evening, title="Rings")
    assert publishing.publish_due(db, evening) == 0, "it would be taken back at once"
    publishing.publish(db, post_id, edda, evening)
    assert timing.keep_due(db, evening + timedelta(minutes=1), zone=ZONE) == 0 and title(db) == "Rings"
