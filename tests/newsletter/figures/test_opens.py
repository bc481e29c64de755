"""Opens: only where they are wanted, a line in a file first, an estimate in the table later."""

from datetime import timedelta

from sqlalchemy import select

from blog.db import Database
from blog.settings import Settings
from newsletter.delivery.marks import mark
from newsletter.figures import departures, opens
from newsletter.figures.model import OpenEstimate
from tests.newsletter.figures.conftest import SECRET, SEVEN, Post


def fetched(settings: Settings, post: Post, reader_id: int, **later: float) -> None:
    made = mark(SECRET, post.edition_id, 0, 0, reader_id)
    opens.note(settings, SECRET, made, SEVEN + timedelta(**later))


def estimates(db: Database) -> list[tuple[int, str, int]]:
    with db.reading() as s:
        rows = s.scalars(select(OpenEstimate).order_by(OpenEstimate.day))
        return [(row.edition_id, f"{row.day:%d}", row.number) for row in rows]


def test_nothing_is_written_down_unless_the_publication_counts_opens(settings: Settings, post: Post) -> None:
    fetched(settings, post, 1)
    assert not (settings.data / "opens").exists()
    assert opens.fold(post.db, settings, SEVEN) == 0


def test_each_reader_counts_once_a_day(db: Database, settings: Settings, post: Post) -> None:
    counting = settings.model_copy(update={"count_opens": True})
    for reader in (1, 1, 2):
        fetched(counting, post, reader)
    fetched(counting, post, 2, days=1)
    opens.note(counting, SECRET, mark(SECRET, post.edition_id, post.stories[0], 1, 3), SEVEN)
    opens.note(counting, SECRET, "no mark", SEVEN)
    fetched(counting, post, 0)
    for _ in range(2):
        assert opens.fold(db, counting, SEVEN + timedelta(hours=1)) == 2
        assert estimates(db) == [(post.edition_id, "23", 2), (post.edition_id, "24", 1)]
    assert departures.edition(db, post.edition_id)[0].opened == 3
    assert departures.edition(db, post.edition_id)[0].share_opened == 100.0


def test_the_file_of_a_day_that_is_over_goes_and_its_number_stays(
    db: Database, settings: Settings, post: Post
) -> None:
    counting = settings.model_copy(update={"count_opens": True})
    fetched(counting, post, 1)
    fetched(counting, post, 2)
    opens.fold(db, counting, SEVEN + timedelta(days=1))
    assert list((settings.data / "opens").iterdir()) == []
    fetched(counting, post, 3)
    opens.fold(db, counting, SEVEN + timedelta(days=1))
    assert estimates(db) == [(post.edition_id, "23", 2)]


def test_lines_of_editions_that_are_gone_are_passed_over(
    db: Database, settings: Settings, post: Post
) -> None:
    folder = settings.data / "opens"
    folder.mkdir()
    (folder / "2026-11-23.log").write_text(f"99 1\nnonsense\n{post.edition_id} 1\n{post.edition_id}\n")
    opens.fold(db, settings, SEVEN)
    assert estimates(db) == [(post.edition_id, "23", 1)]
