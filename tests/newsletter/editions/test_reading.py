from datetime import UTC, date, datetime

import pytest

from blog.refusals import NotFound
from newsletter.editions import reading
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SEVEN = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


@pytest.fixture
def week(newsroom: Newsroom) -> Newsroom:
    """Five editions from 29 November to 4 December; on the third day there was nothing new. Edition n has n stories."""
    newsroom.begin(SEVEN - HOUR)
    for n in range(6):
        for k in range(n + 1 if n != 2 else 0):
            image_id = newsroom.picture(f"{n}{k}", SEVEN) if k == n else None
            newsroom.publish(f"Story {n} {k}", SEVEN + n * DAY - (10 - k) * HOUR / 10, image_id=image_id)
        newsroom.tick(SEVEN + n * DAY)
    return newsroom


def test_the_archive_is_by_month_newest_first_without_empty_days(week: Newsroom) -> None:
    archive = reading.archive(week.db)
    months = [(month.first_day, [card.local_date.day for card in month.editions]) for month in archive.months]
    assert months == [(date(2026, 12, 1), [4, 3, 2]), (date(2026, 11, 1), [30, 29])]
    assert (archive.total, archive.pages) == (5, 1)


def test_a_card_has_the_top_picture_and_three_titles(week: Newsroom) -> None:
    card = reading.archive(week.db).months[0].editions[0]
    assert card.titles == ("Story 5 5", "Story 5 4", "Story 5 3")
    assert (card.more, card.path, card.subject) == (3, "/digest/2026-12-04", "Story 5 5")
    assert card.picture and card.picture.key == "55"


def test_the_desk_sees_the_empty_day_too(week: Newsroom) -> None:
    past = reading.past(week.db)
    assert [(card.local_date.day, card.state) for card in past.editions] == [
        (4, "sending"), (3, "sending"), (2, "sending"), (1, "skipped"), (30, "sending"), (29, "sending"),
    ]  # fmt: skip


def test_an_edition_is_a_page_with_its_neighbours(week: Newsroom) -> None:
    page = reading.edition_page(week.db, date(2026, 12, 2))
    assert [story.title for story in page.edition.stories] == [
        "Story 3 3",
        "Story 3 2",
        "Story 3 1",
        "Story 3 0",
    ]
    assert page.previous and page.previous.local_date == date(2026, 11, 30), "the empty day is passed over"
    assert page.next and page.next.path == "/digest/2026-12-03"
    first = reading.edition_page(week.db, date(2026, 11, 29))
    assert first.previous is None


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 12, 5), date(1999, 1, 1)])
def test_a_day_without_an_edition_or_with_an_open_one_has_no_page(week: Newsroom, day: date) -> None:
    with pytest.raises(NotFound, match="no edition of that day"):
        reading.edition_page(week.db, day)


def test_a_story_withdrawn_since_is_left_out_of_the_page(week: Newsroom) -> None:
    story = reading.edition_page(week.db, date(2026, 12, 2)).edition.stories[1]
    week.withdraw(story.post_id)
    titles = [story.title for story in reading.edition_page(week.db, date(2026, 12, 2)).edition.stories]
    assert titles == ["Story 3 3", "Story 3 1", "Story 3 0"]


def test_an_empty_archive_is_one_empty_page(newsroom: Newsroom) -> None:
    assert reading.archive(newsroom.db) == reading.Archive((), 1, 1, 0)
