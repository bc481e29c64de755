import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from blog.db import Database
from blog.refusals import Conflict
from blog.settings import Settings
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import compiling
from newsletter.editions.model import EditionState
from newsletter.lists.planning import GRACE
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SECOND = timedelta(seconds=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def morning(newsroom: Newsroom, noon: datetime) -> Newsroom:
    """A list that began on Sunday noon, with three readers; one is not confirmed and one has left."""
    newsroom.begin(noon)
    newsroom.reader("ann@example.org", noon)
    newsroom.reader("ben@example.org", noon, "pending")
    newsroom.reader("cem@example.org", noon, "left")
    newsroom.reader("dot@example.org", noon)
    return newsroom


def test_the_first_tick_makes_the_list_and_opens_tomorrows_edition(
    newsroom: Newsroom, noon: datetime
) -> None:
    assert newsroom.tick(noon) == []
    edition = newsroom.open()
    assert (edition.local_date, edition.due_at) == (date(2026, 11, 23), SEVEN)


def test_nothing_happens_before_the_hour(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    assert morning.tick(SEVEN - timedelta(microseconds=1)) == []
    assert morning.letters() == []


def test_at_the_hour_every_confirmed_reader_gets_one_letter(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    (edition_id,) = morning.tick(SEVEN)
    assert [(letter.address, letter.about_id) for letter in morning.letters()] == [
        ("ann@example.org", edition_id),
        ("dot@example.org", edition_id),
    ]
    closed, following = morning.editions()
    assert (closed.state, closed.closed_at, closed.recipients) == (EditionState.SENDING, SEVEN, 2)
    assert (following.state, following.due_at) == (EditionState.OPEN, SEVEN + DAY)


def test_a_second_tick_changes_nothing(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    morning.tick(SEVEN)
    assert morning.tick(SEVEN) == [] == morning.tick(SEVEN + SECOND)
    assert len(morning.letters()) == 2 and len(morning.editions()) == 2


def test_the_words_are_fixed_at_closing(morning: Newsroom, noon: datetime) -> None:
    image_id = morning.picture("aa", noon)
    post_id = morning.publish("Tides", noon, image_id=image_id)
    (edition_id,) = morning.tick(SEVEN)
    morning.change(post_id, title="Something else")
    assert morning.titles(edition_id) == ["Tides"]


def test_the_newest_story_leads_and_gives_the_subject(morning: Newsroom, noon: datetime) -> None:
    for hours, title in ((1, "Tides"), (3, "Comets"), (2, "Auroras")):
        morning.publish(title, noon + hours * HOUR)
    (edition_id,) = morning.tick(SEVEN)
    assert morning.titles(edition_id) == ["Comets", "Auroras", "Tides"]
    closed = morning.editions()[0]
    assert (closed.subject, closed.preheader) == ("Comets", "Auroras · Tides")


def test_a_story_that_stands_alone_lends_its_dek_to_the_preheader(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    morning.tick(SEVEN)
    assert morning.editions()[0].preheader == "What Tides is about."


def test_an_empty_day_sends_nothing_and_the_next_edition_opens(morning: Newsroom) -> None:
    assert morning.tick(SEVEN) == []
    skipped, following = morning.editions()
    assert (skipped.state, skipped.closed_at) == (EditionState.SKIPPED, SEVEN)
    assert following.due_at == SEVEN + DAY
    assert morning.letters() == []


def test_a_story_published_after_the_closing_waits_for_the_next_edition(
    morning: Newsroom, noon: datetime
) -> None:
    morning.publish("Tides", noon)
    (first,) = morning.tick(SEVEN)
    morning.publish("Comets", SEVEN + timedelta(microseconds=1))
    (second,) = morning.tick(SEVEN + DAY)
    assert (morning.titles(first), morning.titles(second)) == (["Tides"], ["Comets"])


def test_a_late_commit_is_not_lost_between_two_editions(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    morning.tick(SEVEN)
    morning.publish("Comets", SEVEN - HOUR)
    (second,) = morning.tick(SEVEN + DAY)
    assert morning.titles(second) == ["Comets"]


def test_stories_kept_out_of_the_digest_or_older_than_the_list_are_no_news(
    morning: Newsroom, noon: datetime
) -> None:
    morning.publish("Kept out", noon, in_digest=False)
    morning.publish("Old", noon - 2 * DAY)
    morning.publish("Just before the list began", noon - 20 * HOUR)
    (edition_id,) = morning.tick(SEVEN)
    assert morning.titles(edition_id) == ["Just before the list began"]


def test_a_withdrawn_story_appears_later_if_it_comes_back(morning: Newsroom, noon: datetime) -> None:
    post_id = morning.publish("Tides", noon)
    morning.withdraw(post_id)
    assert morning.tick(SEVEN) == []
    morning.change(post_id, state="published")
    (edition_id,) = morning.tick(SEVEN + DAY)
    assert morning.titles(edition_id) == ["Tides"]


@pytest.mark.parametrize("late", [timedelta(minutes=1), HOUR, GRACE])
def test_a_clock_that_was_down_for_a_while_still_sends_todays_edition(
    morning: Newsroom, noon: datetime, late: timedelta
) -> None:
    morning.publish("Tides", noon)
    assert len(morning.tick(SEVEN + late)) == 1
    assert morning.editions()[0].local_date == date(2026, 11, 23)
    assert morning.open().due_at == SEVEN + DAY


def test_beyond_the_grace_the_stories_wait_for_the_next_hour(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    assert morning.tick(SEVEN + GRACE + SECOND) == []
    assert (morning.open().local_date, len(morning.editions())) == (date(2026, 11, 24), 1)
    (edition_id,) = morning.tick(SEVEN + DAY)
    assert morning.titles(edition_id) == ["Tides"]


@pytest.mark.parametrize("away", [timedelta(hours=25), 9 * DAY])
def test_missed_days_become_one_edition_never_a_flood(
    morning: Newsroom, noon: datetime, away: timedelta
) -> None:
    morning.publish("Tides", noon)
    morning.publish("Comets", noon + HOUR)
    back = SEVEN + away
    sent = [morning.tick(back + timedelta(minutes=m)) for m in range(0, 3 * 24 * 60, 20)]
    assert sum(map(len, sent)) == 1
    assert morning.titles(next(ids[0] for ids in sent if ids)) == ["Comets", "Tides"]


def test_a_clock_set_forward_and_back_loses_no_day(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    assert morning.tick(SEVEN + 9 * DAY + 10 * HOUR) == []
    assert morning.tick(SEVEN - HOUR) == []
    assert morning.open().due_at == SEVEN
    assert len(morning.tick(SEVEN)) == 1


def test_a_clock_set_back_over_the_hour_sends_nothing_twice(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    morning.tick(SEVEN)
    morning.publish("Comets", SEVEN - HOUR)
    assert [morning.tick(SEVEN - HOUR), morning.tick(SEVEN), morning.tick(SEVEN + HOUR)] == [[], [], []]
    assert len(morning.tick(SEVEN + DAY)) == 1


def test_a_changed_hour_moves_the_open_edition(morning: Newsroom, noon: datetime) -> None:
    morning.publish("Tides", noon)
    morning.settings = morning.settings.model_copy(update={"send_hour": 9})
    assert morning.tick(SEVEN) == []
    assert morning.open().due_at == SEVEN + 2 * HOUR
    assert len(morning.tick(SEVEN + 2 * HOUR)) == 1
    morning.publish("Comets", SEVEN + 2 * HOUR)
    morning.settings = morning.settings.model_copy(update={"send_hour": 11})
    assert morning.tick(SEVEN + 4 * HOUR) == [], "the day has had its edition"


def test_a_changed_zone_moves_the_open_edition(morning: Newsroom) -> None:
    morning.settings = morning.settings.model_copy(update={"timezone": "Africa/Lagos"})
    assert morning.tick(SEVEN - 2 * HOUR) == []
    assert morning.open().due_at == SEVEN - HOUR


def test_send_now_bears_todays_date_where_it_is_free(
    morning: Newsroom, noon: datetime, settings: Settings
) -> None:
    morning.publish("Tides", noon)
    compiling.send_now(morning.db, noon + HOUR, settings)
    closed, following = morning.editions()
    assert (closed.local_date, closed.state, closed.recipients) == (
        date(2026, 11, 22),
        EditionState.SENDING,
        2,
    )
    assert following.due_at == SEVEN


def test_send_now_takes_the_date_of_a_day_that_was_skipped(morning: Newsroom, settings: Settings) -> None:
    morning.tick(SEVEN)
    morning.publish("Tides", SEVEN + HOUR)
    compiling.send_now(morning.db, SEVEN + 2 * HOUR, settings)
    assert [(e.local_date.day, e.state) for e in morning.editions()] == [(23, "sending"), (24, "open")]


def test_send_now_after_todays_edition_leaves_early_instead_of_tomorrow(
    morning: Newsroom, settings: Settings
) -> None:
    morning.publish("Tides", SEVEN - HOUR)
    morning.tick(SEVEN)
    morning.publish("Comets", SEVEN + HOUR)
    compiling.send_now(morning.db, SEVEN + 2 * HOUR, settings)
    assert [(e.local_date.day, e.state) for e in morning.editions()] == [
        (23, "sending"),
        (24, "sending"),
        (25, "open"),
    ]
    morning.publish("Auroras", SEVEN + 3 * HOUR)
    assert morning.tick(SEVEN + DAY) == []
    assert len(morning.tick(SEVEN + 2 * DAY)) == 1


def test_send_now_with_nothing_to_send_says_so(morning: Newsroom, noon: datetime, settings: Settings) -> None:
    with pytest.raises(Conflict, match="nothing to send"):
        compiling.send_now(morning.db, noon, settings)
    assert morning.letters() == [] and len(morning.editions()) == 1


def test_an_edition_is_sent_when_its_last_letter_has_come_to_an_end(
    morning: Newsroom, noon: datetime
) -> None:
    morning.publish("Tides", noon)
    morning.tick(SEVEN)
    assert compiling.sent_due(morning.db, SEVEN + SECOND) == 0
    with morning.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.ACCEPTED, settled_at=SEVEN + SECOND))
    assert [compiling.sent_due(morning.db, SEVEN + HOUR), compiling.sent_due(morning.db, SEVEN + DAY)] == [
        1,
        0,
    ]
    closed = morning.editions()[0]
    assert (closed.state, closed.sent_at) == (EditionState.SENT, SEVEN + HOUR)


def test_an_edition_without_readers_still_becomes_a_page(newsroom: Newsroom, noon: datetime) -> None:
    newsroom.begin(noon)
    newsroom.publish("Tides", noon)
    newsroom.tick(SEVEN)
    assert compiling.sent_due(newsroom.db, SEVEN) == 1


@pytest.mark.parametrize("day", range(3))
def test_many_clocks_in_the_same_millisecond_make_one_edition(
    newsroom: Newsroom, noon: datetime, database_url: str, day: int
) -> None:
    """Day 0: nothing exists yet, not even the list. Day 1: the edition is open. Day 2: two rounds later."""
    if day:
        newsroom.reader("ann@example.org", noon)
    newsroom.publish("Tides", noon)
    for earlier in range(day):
        newsroom.tick(SEVEN + (earlier - 1) * DAY)
        newsroom.publish(f"Story {earlier}", SEVEN + (earlier - 1) * DAY + HOUR)
    before, moment = len(newsroom.letters()), SEVEN + day * DAY
    starts, own = threading.Barrier(4), [Database(database_url) for _ in range(4)]

    def fire(db: Database) -> int:
        starts.wait()
        return len(compiling.compile_due(db, moment, newsroom.settings))

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(fire, own))
    for db in own:
        db.close()
    expected = 1 if day else 0
    assert sum(sent) == expected and len(newsroom.letters()) - before == expected
    assert sum(edition.state == EditionState.OPEN for edition in newsroom.editions()) == 1
