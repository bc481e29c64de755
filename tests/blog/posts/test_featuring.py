"""The story that leads the home page, and those that stay on top of a topic's until their day is over."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.pagecache import purge
from blog.posts import deeds, featuring, publishing, reading, topics, tree
from blog.posts.model import Post, PostId
from blog.refusals import Forbidden, Invalid
from tests.blog.posts.building import MORNING, story, write

ZONE = ZoneInfo("UTC")
FRIDAY = date(2026, 11, 20)


def feature(db: Database, post: PostId, by: Person, leads: bool = False, until: date | None = None) -> None:
    featuring.feature(db, post, leads, until, by, MORNING, zone=ZONE)


def several(db: Database, by: Person, number: int, **fields: object) -> list[PostId]:
    """One an hour, the newest last."""
    return [story(db, by, f"Story {n}", at=MORNING + timedelta(hours=n), **fields) for n in range(number)]


def on_page(db: Database, slug: str, page: int = 1) -> list[str]:
    return [card.title for card in reading.topic(db, slug, page).page.items]


def leads(db: Database) -> str:
    lead = reading.home(db).lead
    return lead.title if lead else ""


def test_a_featured_story_leads_however_old_it_is_and_nothing_else_moves(db: Database, edda: Person) -> None:
    made = several(db, edda, 16)
    feature(db, made[0], edda, leads=True)
    home = reading.home(db)
    assert leads(db) == "Story 0"
    assert [card.title for card in (*home.beside, *home.latest)] == [f"Story {n}" for n in range(15, 3, -1)]
    feature(db, made[0], edda, leads=False)
    assert leads(db) == "Story 15" and len(reading.home(db).latest) == 9


def test_the_next_featured_story_takes_its_place(db: Database, edda: Person) -> None:
    made = several(db, edda, 3)
    feature(db, made[1], edda, leads=True)
    feature(db, made[0], edda, leads=True)
    assert leads(db) == "Story 0"
    feature(db, made[0], edda, leads=False)
    assert leads(db) == "Story 2", "the one before was let go"


def test_a_draft_that_is_featured_leads_once_it_is_public(db: Database, edda: Person) -> None:
    made = several(db, edda, 2)
    feature(db, made[0], edda, leads=True)
    draft = write(db, edda, "To come")
    feature(db, draft, edda, leads=True)
    assert leads(db) == "Story 0"
    publishing.publish(db, draft, edda, MORNING + timedelta(days=1))
    assert leads(db) == "To come"
    publishing.withdraw(db, draft, edda, MORNING + timedelta(days=2))
    assert leads(db) == "Story 0"


def test_a_pinned_story_stands_on_top_of_its_own_topic_and_pages_go_on_behind_it(
    db: Database, edda: Person
) -> None:
    planets, rings = topics.create(db, "Planets"), topics.create(db, "Rings")
    tree.arrange(db, rings, planets, [])
    made = several(db, edda, 14, topic_ids=(rings,))
    feature(db, made[0], edda, until=FRIDAY)
    first, second = on_page(db, "rings"), on_page(db, "rings", 2)
    assert first[:2] == ["Story 0", "Story 13"] and sorted(first + second) == sorted(
        f"Story {n}" for n in range(14)
    )
    assert reading.topic(db, "rings").pinned == {made[0]}
    assert on_page(db, "planets")[0] == "Story 13", "it is pinned to the topic below"


def test_a_pin_holds_to_the_end_of_its_day_by_the_publications_clocks(db: Database, edda: Person) -> None:
    rings = topics.create(db, "Rings")
    made = several(db, edda, 2, topic_ids=(rings,))
    feature(db, made[0], edda, until=FRIDAY)
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    publishing.publish_due(db, midnight - timedelta(seconds=1))
    publishing.publish_due(db, midnight, zone=ZoneInfo("America/New_York"))
    assert on_page(db, "rings") == ["Story 0", "Story 1"]
    publishing.publish_due(db, midnight)
    assert on_page(db, "rings") == ["Story 1", "Story 0"]


def test_pages_are_stale_from_the_commit_that_features_or_unpins(db: Database, edda: Person) -> None:
    purge.watch(db, [Post])
    post = story(db, edda, "Rings")

    def number() -> int:
        with db.reading() as s:
            return purge.present(s)

    before = number()
    feature(db, post, edda, leads=True, until=FRIDAY)
    featured = number()
    assert featured > before
    featuring.unpin_due(db, MORNING, zone=ZONE)
    assert number() == featured, "nothing was over"
    featuring.unpin_due(db, MORNING + timedelta(days=1), zone=ZONE)
    assert number() > featured


def test_authors_may_not_and_the_log_says_who_did(db: Database, edda: Person, arno: Person) -> None:
    post = story(db, arno, "Rings")
    with pytest.raises(Forbidden, match="Editors choose"):
        feature(db, post, arno, leads=True)
    feature(db, post, edda, leads=True, until=FRIDAY)
    feature(db, post, edda)
    done = [(line.name, line.kind) for line in deeds.of_post(db, post)]
    assert done[:4] == [
        ("Edda", "unpinned"),
        ("Edda", "unfeatured"),
        ("Edda", "pinned"),
        ("Edda", "featured"),
    ]


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 19), "is over"), (date(2099, 1, 1), "two years")])
def test_a_day_that_no_pin_can_have_is_refused(db: Database, edda: Person, day: date, said: str) -> None:
    post = story(db, edda, "Rings")
    with pytest.raises(Invalid, match=said) as refusal:
        feature(db, post, edda, leads=True, until=day)
    assert set(refusal.value.fields) == {"pinned_until"} and leads(db) == "Rings"
