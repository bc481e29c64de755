"""A publication is undone in the very moment in which an edition closes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from blog.posts.model import PostState
from tests.newsletter.editions.conftest import HOUR, Newsroom

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


# SQLite has one writer at a time: whoever closes an edition there has read what stands.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("at_once", [False, True])
def test_a_story_whose_publication_is_undone_while_an_edition_closes_is_not_in_it(
    newsroom: Newsroom, noon: datetime, at_once: bool
) -> None:
    engine = newsroom.db.engine
    newsroom.begin(noon)
    newsroom.reader("ann@example.org", noon)
    tides, rings = newsroom.publish("Tides", noon), newsroom.publish("Rings", noon)
    if not at_once:
        newsroom.tick(noon + HOUR)
    undone: list[str] = []

    def undo(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FOR KEY SHARE" in statement and not undone:
            undone.append(statement)
            newsroom.change(rings, state=PostState.DRAFT)

    event.listen(engine, "before_cursor_execute", undo)
    closed = newsroom.tick(SEVEN)
    event.remove(engine, "before_cursor_execute", undo)
    assert undone and tides and [newsroom.titles(one) for one in closed] == [["Tides"]]
