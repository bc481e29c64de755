"""What an edition did, counted in few statements however much there is to count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from blog.db import Database
from blog.refusals import NotFound
from newsletter.delivery.model import LetterState
from newsletter.editions.model import Edition, EditionPost, EditionState
from newsletter.figures import departures, growth, sources, stories
from newsletter.subscribers.model import Consent
from tests.conftest import NOON
from tests.newsletter.figures.conftest import SEVEN, Post, settle


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield said
    event.remove(db.engine, "before_cursor_execute", listen)


def test_an_edition_tells_letters_losses_and_clicks(db: Database, post: Post) -> None:
    settle(db, post.readers[2], state=LetterState.REFUSED)
    mine = f"edition {post.edition_id}"
    with db.transaction() as s:
        for deed, source in (("left", mine), ("left", "edition 99"), ("bounced", mine), ("confirmed", mine)):
            s.add(Consent(subscriber_id=post.readers[1], deed=deed, at=post.at, source=source))
    post.click(reader=0, story=0)
    post.click(reader=0, story=1, minutes=1)
    post.click(reader=1, agent="Mimecast")
    told, pace = departures.edition(db, post.edition_id)
    assert (told.letters, told.accepted, told.refused, told.skipped) == (3, 2, 1, 0)
    assert (told.bounced, told.complained, told.left, told.clicked) == (1, 0, 1, 1)
    assert told.share_clicked == 50.0 and told.share_opened == 0.0
    assert (pace.minutes, pace.numbers) == (1, (1, 1)) and pace.starts[0] == SEVEN
    clicked = stories.of_edition(db, post.edition_id)
    assert [(one.title, one.clicks) for one in clicked.stories] == [("Rings", 1), ("Dust", 1)]
    assert clicked.slots == ((1, 1), (2, 1))
    assert clicked.machines == (("scanner", 1),) and clicked.by_machines == 1


def test_an_edition_that_is_open_or_unknown_has_no_figures(db: Database, post: Post) -> None:
    with db.transaction() as s:
        s.get_one(Edition, post.edition_id).state = EditionState.OPEN
    for number in (post.edition_id, 999):
        with pytest.raises(NotFound):
            departures.edition(db, number)
    assert departures.last_editions(db) == ()


def test_the_best_stories_come_first_and_old_ones_not_at_all(db: Database, post: Post) -> None:
    for reader in range(3):
        post.click(reader=reader, story=1)
    post.click(story=3, minutes=3)
    assert [(one.title, one.clicks) for one in stories.best(db, NOON)] == [("Dust", 3), ("Moon", 1)]
    assert [one.title for one in stories.best(db, NOON, 1)] == ["Dust"]
    assert stories.best(db, post.at + timedelta(days=1)) == ()
    with db.reading() as s:
        told = select(EditionPost.post_id, EditionPost.clicks).where(EditionPost.clicks > 0)
        assert set(s.execute(told)) == {(post.stories[1], 3), (post.stories[3], 1)}


def test_the_number_of_statements_does_not_grow_with_editions_and_readers(db: Database, post: Post) -> None:
    post.click()

    def asked() -> int:
        with statements(db) as said:
            departures.last_editions(db)
            departures.edition(db, post.edition_id)
            stories.of_edition(db, post.edition_id)
            stories.best(db, NOON)
            stories.places(db)
            growth.by_date(db, post.at, NOON.tzinfo)  # type: ignore[arg-type]
            sources.sources(db, NOON)
        return len([one for one in said if one.lstrip().startswith("SELECT")])

    few = asked()
    with db.transaction() as s:
        for number in range(30):
            s.add(
                Edition(
                    list_id=1, local_date=SEVEN.date() + timedelta(days=number + 1), slug=f"later-{number}", number=number + 2,
                    state=EditionState.SENT, due_at=SEVEN, closed_at=SEVEN + timedelta(days=number + 1),
                )
            )  # fmt: skip
    for story in range(4):
        for reader in range(3):
            post.click(reader=reader, story=story, minutes=story)
    assert asked() == few <= 36
    assert len(departures.last_editions(db)) == 14
