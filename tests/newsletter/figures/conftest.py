"""An edition that went out to three readers, its letters accepted a minute after it closed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from blog.db import Database
from newsletter.delivery.marks import mark
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions.model import Edition, EditionPost, EditionState
from newsletter.figures import clicks
from newsletter.figures.model import Click, ClickCount
from newsletter.lists import reading as lists
from newsletter.subscribers.model import Subscriber
from tests.cast import Newsroom
from tests.conftest import NOON
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]

SECRET = "a-key-for-tests-only"
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Post:
    """The edition, its stories from the first to the last, its readers, and their clicks."""

    db: Database
    edition_id: int
    stories: list[int]
    readers: list[int]
    at: datetime = SEVEN + timedelta(hours=1)

    def click(self, reader: int = 0, story: int = 0, agent: str = BROWSER, **more: float) -> bool:
        """The reader of that place in the cast clicks on the story of that place; ``more`` is time after eight o'clock."""
        made = mark(SECRET, self.edition_id, self.stories[story], story + 1, self.readers[reader])
        return clicks.count(self.db, SECRET, made, agent, self.at + timedelta(**more))

    def sums(self) -> dict[tuple[int, int, bool], tuple[int, int]]:
        """(story, place, by a machine) -> (readers, clicks without a name), where there are any."""
        with self.db.reading() as s:
            return {
                (self.stories.index(row.post_id), row.slot, row.is_machine): (row.readers, row.nameless)
                for row in s.scalars(select(ClickCount))
                if row.readers or row.nameless
            }

    def rows(self) -> list[Click]:
        with self.db.reading() as s:
            return list(s.scalars(select(Click).order_by(Click.post_id, Click.subscriber_id, Click.id)))

    def last_click(self, reader: int = 0) -> datetime | None:
        with self.db.reading() as s:
            return s.get_one(Subscriber, self.readers[reader]).last_click_at


@pytest.fixture
def post(newsroom: Newsroom) -> Post:
    stories = [newsroom.publish(title, NOON) for title in ("Rings", "Dust", "Sun", "Moon")]
    readers = [newsroom.reader(f"{name}@example.org", NOON) for name in ("ann", "bob", "eve")]
    with newsroom.db.transaction() as s:
        mailing = lists.default_list(s, NOON)
        edition = Edition(
            list_id=mailing.id, local_date=SEVEN.date(), slug="2026-11-23", number=1, state=EditionState.SENT, due_at=SEVEN,
            subject="Rings", closed_at=SEVEN, sent_at=SEVEN, recipients=3,
        )  # fmt: skip
        s.add(edition)
        s.flush()
        for place, story in enumerate(stories, 1):
            s.add(EditionPost(edition_id=edition.id, list_id=mailing.id, post_id=story, position=place))
        for number, reader_id in enumerate(readers):
            s.add(
                Letter(
                    kind="digest", about_id=edition.id, reader_id=reader_id, address=f"{number}@example.org",
                    state=LetterState.ACCEPTED, created_at=SEVEN, due_at=SEVEN, settled_at=SEVEN + timedelta(minutes=number),
                )
            )  # fmt: skip
        return Post(newsroom.db, edition.id, [*stories], readers)


def settle(db: Database, reader_id: int, **facts: object) -> None:
    with db.transaction() as s:
        s.execute(update(Letter).where(Letter.reader_id == reader_id).values(**facts))
