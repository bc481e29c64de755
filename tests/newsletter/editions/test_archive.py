from datetime import UTC, date, datetime

import pytest

from blog.refusals import NotFound
from newsletter.editions import archive
from newsletter.lists.model import MailingList
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SEVEN = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


def test_the_archive_is_by_month_newest_first_without_empty_days(week: Newsroom) -> None:
    found = archive.archive(week.db)
    months = [(month.first_day, [card.local_date.day for card in month.editions]) for month in found.months]
    assert months == [(date(2026, 12, 1), [4, 3, 2]), (date(2026, 11, 1), [30, 29])]
    assert (found.total, found.pages) == (5, 1)


def test_a_card_has_the_top_picture_and_three_titles(week: Newsroom) -> None:
    card = archive.archive(week.db).months[0].editions[0]
    assert card.titles == ("Story 5 5", "Story 5 4", "Story 5 3")
    assert (card.more, card.path, card.subject) == (3, "/digest/2026-12-04", "Story 5 5")
    assert card.picture and card.picture.key == "55"


def test_an_edition_is_a_page_with_its_neighbours(week: Newsroom) -> None:
    page = archive.edition_page(week.db, "2026-12-02")
    assert [story.title for story in page.edition.stories] == [
        "Story 3 3",
        "Story 3 2",
        "Story 3 1",
        "Story 3 0",
    ]
    assert page.previous and page.previous.local_date == date(2026, 11, 30), "the empty day is passed over"
    assert page.next and page.next.path == "/digest/2026-12-03"
    first = archive.edition_page(week.db, "2026-11-29")
    assert first.previous is None


@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-05", "1999-01-01"])
def test_a_day_without_an_edition_or_with_an_open_one_has_no_page(week: Newsroom, day: str) -> None:
    with pytest.raises(NotFound, match="no edition of that day"):
        archive.edition_page(week.db, day)


def test_a_story_withdrawn_since_is_left_out_of_the_page(week: Newsroom) -> None:
    story = archive.edition_page(week.db, "2026-12-02").edition.stories[1]
    week.withdraw(story.post_id)
    titles = [story.title for story in archive.edition_page(week.db, "2026-12-02").edition.stories]
    assert titles == ["Story 3 3", "Story 3 1", "Story 3 0"]


def test_an_empty_archive_is_one_empty_page(newsroom: Newsroom) -> None:
    found = archive.archive(newsroom.db)
    assert (found.months, found.spans, found.number, found.pages, found.total) == ((), (), 1, 1, 0)
    assert found.shelf.path == "/digest"


def test_a_month_stands_alone_too(week: Newsroom) -> None:
    found = archive.archive(week.db)
    assert [(span.path, span.editions) for span in found.spans] == [
        ("/digest/2026-12", 3),
        ("/digest/2026-11", 2),
    ]
    november = archive.archive(week.db, month=date(2026, 11, 1))
    assert [card.local_date.day for card in november.months[0].editions] == [30, 29]
    with pytest.raises(NotFound, match="that month"):
        archive.archive(week.db, month=date(2025, 11, 1))


def test_words_find_editions_by_their_stories_and_notes(week: Newsroom) -> None:
    found = archive.search(week.db, "STORY 5")
    assert [card.local_date.day for card in found.editions] == [4]
    assert archive.search(week.db, "100%").total == archive.search(week.db, " ").total == 0


def test_each_list_has_a_part_of_its_own(week: Newsroom) -> None:
    with week.db.transaction() as s:
        shown, hidden = (
            MailingList(
                slug=slug,
                name=slug.title(),
                created_at=SEVEN + 5 * DAY,
                send_hour=8,
                is_offered=slug == "best",
            )
            for slug in ("best", "staff")
        )
        s.add_all([shown, hidden])
    week.publish("Best of all", SEVEN + 5 * DAY)
    week.tick(SEVEN + 5 * DAY + HOUR)
    best = archive.archive(week.db, slug="best")
    assert [shelf.slug for shelf in best.shelves] == ["daily", "best"]
    assert best.months[0].editions[0].path == "/digest/best/2026-12-04"
    page = archive.edition_page(week.db, "2026-12-04", "best")
    assert page.previous is None and page.edition.list_name == "Best"
    with pytest.raises(NotFound, match="no such digest"):
        archive.edition_page(week.db, "2026-12-04", "staff")
