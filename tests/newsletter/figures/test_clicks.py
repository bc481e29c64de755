"""Whose click counts, whose is kept apart, and that nobody counts twice."""

from datetime import timedelta

from sqlalchemy import delete

from blog.db import Database
from newsletter.delivery.marks import mark
from newsletter.delivery.model import LetterState
from newsletter.editions.model import EditionShare
from newsletter.figures import clicks
from newsletter.subscribers.model import Subscriber
from tests.newsletter.figures.conftest import BROWSER, SECRET, Post, settle


def test_a_reader_counts_once_for_a_story_however_often_they_click(post: Post) -> None:
    assert post.click() and post.click(minutes=1) and post.click(minutes=2)
    assert post.sums() == {(0, 1, False): (1, 0)}
    (row,) = post.rows()
    assert (row.times, row.at, row.is_machine) == (3, post.at, False)
    assert post.last_click() == post.at


def test_each_reader_and_each_story_counts_for_itself(post: Post) -> None:
    post.click(reader=0, story=1)
    post.click(reader=1, story=1, minutes=1)
    post.click(reader=1, story=3, minutes=2)
    assert post.sums() == {(1, 2, False): (2, 0), (3, 4, False): (1, 0)}
    assert post.last_click(1) == post.at + timedelta(minutes=2) and post.last_click(2) is None


def test_a_reader_who_does_not_wish_it_is_counted_without_a_name(db: Database, post: Post) -> None:
    with db.transaction() as s:
        s.get_one(Subscriber, post.readers[0]).clicks = False
    post.click()
    post.click(minutes=1)
    assert post.rows() == [] and post.last_click() is None
    assert post.sums() == {(0, 1, False): (0, 2)}


def test_a_story_that_the_letter_did_not_carry_counts_nothing(db: Database, post: Post) -> None:
    with db.transaction() as s:
        s.add(EditionShare(edition_id=post.edition_id, subscriber_id=post.readers[1], posts=post.stories[:2]))
    assert post.click(reader=1, story=1) and not post.click(reader=1, story=2)
    assert post.click(reader=0, story=2)
    for slot in (0, 5):
        made = mark(SECRET, post.edition_id, post.stories[3], slot, post.readers[0])
        assert not clicks.count(db, SECRET, made, BROWSER, post.at), "a place that the letter does not have"
    assert post.sums() == {(1, 2, False): (1, 0), (2, 3, False): (1, 0)}


def test_a_mark_of_nobodys_is_counted_without_a_name(db: Database, post: Post) -> None:
    nobodys = mark(SECRET, post.edition_id, post.stories[2], 3, 0)
    assert clicks.count(db, SECRET, nobodys, BROWSER, post.at)
    assert post.sums() == {(2, 3, False): (0, 1)} and post.rows() == []


def test_a_story_mailed_at_once_counts_for_the_story(db: Database, post: Post) -> None:
    made = mark(SECRET, 0, post.stories[1], 1, post.readers[0], kind="story")
    assert clicks.count(db, SECRET, made, BROWSER, post.at)
    (row,) = post.rows()
    assert (row.kind, row.edition_id, row.post_id) == ("story", 0, post.stories[1])


def test_a_mark_that_was_not_made_here_counts_nothing(db: Database, post: Post) -> None:
    for text in ("", "x", "d1-1-1-1-aaaaaaaaaa", "d" * 500, "d1-0-0-1-" + "é" * 10):
        assert not clicks.count(db, SECRET, text, BROWSER, post.at)
    assert post.sums() == {}


def test_a_story_that_is_gone_counts_nothing(db: Database, post: Post) -> None:
    gone = mark(SECRET, post.edition_id, 999, 1, post.readers[0])
    assert not clicks.count(db, SECRET, gone, BROWSER, post.at)
    assert post.rows() == [] and post.last_click() is None


def test_a_known_scanner_is_kept_apart(post: Post) -> None:
    for agent in ("BarracudaSentinel/1.0", "Mozilla/5.0 (compatible; Bot/2.0)", ""):
        post.click(agent=agent)
    assert post.sums() == {(0, 1, True): (1, 0)}
    assert [(row.why_machine, row.times) for row in post.rows()] == [("scanner", 3)]
    assert post.last_click() is None


def test_a_click_within_ten_seconds_of_acceptance_is_a_machines(db: Database, post: Post) -> None:
    settle(db, post.readers[0], settled_at=post.at)
    post.click(seconds=9)
    post.click(story=1, seconds=10)
    assert post.sums() == {(0, 1, True): (1, 0), (1, 2, False): (1, 0)}


def test_a_click_before_the_letter_was_accepted_is_a_machines(db: Database, post: Post) -> None:
    waiting = (LetterState.READY, LetterState.SENDING, LetterState.RETRY)
    for reader, state in enumerate(waiting):
        settle(db, post.readers[reader], state=state, settled_at=None)
        post.click(reader=reader)
    assert [row.why_machine for row in post.rows()] == ["early"] * 3


def test_a_letter_in_doubt_may_have_arrived(db: Database, post: Post) -> None:
    settle(db, post.readers[0], state=LetterState.UNCERTAIN, settled_at=None)
    post.click()
    assert post.sums() == {(0, 1, False): (1, 0)}


def test_three_stories_at_once_are_a_machines_and_the_first_two_are_taken_back(post: Post) -> None:
    post.click(story=0)
    post.click(story=1, seconds=0.5)
    assert post.last_click() is not None
    post.click(story=2, seconds=1)
    post.click(story=3, seconds=1.5)
    assert post.sums() == {(story, story + 1, True): (1, 0) for story in range(4)}
    assert {row.why_machine for row in post.rows()} == {"burst"}
    assert post.last_click() is None


def test_three_stories_one_after_the_other_are_a_persons(post: Post) -> None:
    for story in range(4):
        post.click(story=story, seconds=2 * story)
    assert post.sums() == {(story, story + 1, False): (1, 0) for story in range(4)}


def test_a_reader_whose_scanner_came_first_still_counts(post: Post) -> None:
    for story in range(3):
        post.click(story=story)
    post.click(story=1, minutes=30)
    assert post.sums()[1, 2, False] == (1, 0) and post.sums()[1, 2, True] == (1, 0)
    assert post.last_click() == post.at + timedelta(minutes=30)
    for story in range(3):
        post.click(story=story, minutes=60)
    assert post.sums()[1, 2, False] == (1, 0), "an honest click of before is not taken back"


def test_two_readers_at_once_are_not_a_burst(post: Post) -> None:
    for reader in range(3):
        post.click(reader=reader, story=reader)
    assert all(not row.is_machine for row in post.rows())


def test_erasing_a_reader_takes_their_clicks_away_and_leaves_the_sums(db: Database, post: Post) -> None:
    post.click()
    with db.transaction() as s:
        s.execute(delete(Subscriber).where(Subscriber.id == post.readers[0]))
    assert post.rows() == [] and post.sums() == {(0, 1, False): (1, 0)}


def test_a_readers_own_clicks_are_told_newest_first(db: Database, post: Post) -> None:
    post.click(story=0)
    post.click(story=2, minutes=5)
    post.click(story=3, agent="Mimecast")
    with db.reading() as s:
        told = clicks.of_reader(s, post.readers[0])
    assert [(one.post_id, one.edition_id, one.at) for one in told] == [
        (post.stories[2], post.edition_id, post.at + timedelta(minutes=5)),
        (post.stories[0], post.edition_id, post.at),
    ]


def test_a_click_of_before_the_letter_by_its_time_is_a_machines(db: Database, post: Post) -> None:
    settle(db, post.readers[0], settled_at=post.at)
    post.click(seconds=-1)
    assert [row.why_machine for row in post.rows()] == ["early"]
