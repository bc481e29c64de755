"""Topics under topics, and the stories that a topic's page begins with."""

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, reading, topics, tree
from blog.refusals import Invalid, NotFound
from tests.blog.posts.building import MORNING, story


def test_the_page_of_a_topic_has_the_stories_of_those_under_it(db: Database, edda: Person) -> None:
    planets, mars, empty = (topics.create(db, name) for name in ("Planets", "Mars", "Vulcan"))
    for child in (mars, empty):
        tree.arrange(db, child, planets, ())
    story(db, edda, "Both", topic_ids=(planets, mars))
    story(db, edda, "Dust", topic_ids=(mars,))
    page = reading.topic(db, "planets")
    assert sorted(card.title for card in page.page.items) == ["Both", "Dust"]
    assert page.above is None and [one.name for one in page.below] == ["Mars"]
    below = reading.topic(db, "mars")
    assert below.above is not None and below.above.name == "Planets" and below.below == ()
    assert len(reading.feed(db, topic="planets")) == 2
    topics.delete(db, empty)


def test_a_topic_begins_with_the_stories_that_were_picked_while_they_are_public(
    db: Database, edda: Person
) -> None:
    mars = topics.create(db, "Mars")
    first = story(db, edda, "First")
    story(db, edda, "Second", topic_ids=(mars,))
    tree.arrange(
        db, mars, None, ["https://x.example/2026/11/second?y", "", "/2026/11/first/", "/2026/11/first"]
    )
    assert [card.title for card in reading.topic(db, "mars").picks] == ["Second", "First"]
    assert tree.arrangement(db, mars).picks == ("/2026/11/second", "/2026/11/first")
    publishing.withdraw(db, first, edda, MORNING)
    assert [card.title for card in reading.topic(db, "mars").picks] == ["Second"]


def test_the_tree_has_two_storeys_and_no_circle(db: Database) -> None:
    a, b, c = (topics.create(db, name) for name in "ABC")
    tree.arrange(db, b, a, ())
    assert [name for _, name in tree.arrangement(db, c).possible] == ["A"]
    assert tree.arrangement(db, a).possible == ()
    for child, parent in ((a, a), (a, c), (c, b), (c, 999)):
        with pytest.raises(Invalid, match="two storeys"):
            tree.arrange(db, child, parent, ())
    tree.arrange(db, b, None, ())
    tree.arrange(db, a, b, ())


@pytest.mark.parametrize("picks", [["/2026/11/nothing"], ["\0"], ["http://["], [f"/{n}" for n in range(9)]])
def test_only_public_stories_are_picked(db: Database, picks: list[str]) -> None:
    mars = topics.create(db, "Mars")
    with pytest.raises(Invalid):
        tree.arrange(db, mars, None, picks)
    with pytest.raises(NotFound):
        tree.arrange(db, 999, None, ())
