"""Topics: made, renamed, removed."""

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import topics
from blog.refusals import Conflict, Invalid, NotFound
from tests.blog.posts.building import story


def test_topics_are_listed_by_name_with_their_stories(db: Database, edda: Person) -> None:
    moon, zodiac = topics.create(db, "moon"), topics.create(db, "Zodiac", " Dust. ")
    story(db, edda, "One", topic_ids=(zodiac,))
    assert [(t.id, t.slug, t.name, t.description, t.stories) for t in topics.list_all(db)] == [
        (moon, "moon", "moon", "", 0), (zodiac, "zodiac", "Zodiac", "Dust.", 1),
    ]  # fmt: skip


def test_a_renamed_topic_keeps_its_address(db: Database) -> None:
    topic = topics.create(db, "Moon")
    topics.change(db, topic, "The Moon", "Ours.")
    (entry,) = topics.list_all(db)
    assert (entry.slug, entry.name, entry.description) == ("moon", "The Moon", "Ours.")


def test_names_are_needed_short_and_different(db: Database) -> None:
    topic = topics.create(db, "Moon")
    for name in ("", " \0 ", "x" * 81, " MOON "):
        with pytest.raises(Invalid) as refused:
            topics.create(db, name)
        assert refused.value.fields.keys() == {"name"}
    with pytest.raises(Invalid):
        topics.create(db, "Fine", "x" * 2001)
    topics.change(db, topic, "Moon", "")
    assert topics.create(db, "星") != topics.create(db, "月")
    assert [entry.slug for entry in topics.list_all(db)] == ["moon", "topic", "topic-2"]


def test_a_topic_with_stories_stays(db: Database, edda: Person) -> None:
    used, unused = topics.create(db, "Used"), topics.create(db, "Unused")
    story(db, edda, "One", topic_ids=(used,))
    with pytest.raises(Conflict):
        topics.delete(db, used)
    topics.delete(db, unused)
    for unknown in (unused, 0, 10**30):
        with pytest.raises(NotFound):
            topics.delete(db, unknown)
        with pytest.raises(NotFound):
            topics.change(db, unknown, "x", "")
