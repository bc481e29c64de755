"""A file becomes readers: what the check tells is what happens, twice is once, and the reader's own word outweighs any file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from blog.authors.model import Author
from blog.posts.model import PostAuthor, PostTopic, Topic
from blog.secret import secret_key
from newsletter.delivery.model import Letter
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers import exporting, leaving, serving, suppression
from newsletter.subscribers.model import Follow, Subscriber, SubscriberState, Subscription
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.moving.conftest import Van
from tests.newsletter.moving.test_formats import BUTTONDOWN, CLEANED, GHOST, SUBSCRIBED, UNSUBSCRIBED

COLUMNS = (
    "email,name,state,lists,days,at_once,hour,timezone,paused_until,only_followed,pictures,clicks,topics,authors,source,form,"
    "campaign,created_at,confirmed_at,left_at,reason,fields"
)
LONG_AGO = NOON - timedelta(days=400)


def many(number: int) -> str:
    return "email,name\n" + "".join(f"reader{n}@example.org,Reader {n}\n" for n in range(number))


def test_a_check_tells_everything_and_touches_nobody(van: Van, newsroom: Newsroom) -> None:
    newsroom.reader("here@example.org", LONG_AGO)
    newsroom.reader("named@example.org", LONG_AGO)
    newsroom.reader("gone@example.org", LONG_AGO, SubscriberState.LEFT)
    newsroom.reader("waiting@example.org", LONG_AGO, SubscriberState.PENDING)
    with van.db.transaction() as s:
        suppression.add(s, secret_key(van.settings), "no@example.org", "complained", NOON)
    before = van.states()
    run = van.check(
        "email,name\nnew@example.org,\nNEW@Example.org,\nhere@example.org,\nnamed@example.org,Ann\ngone@example.org,\n"
        "waiting@example.org,\nNo@Example.org,\nnonsense,\n,Nobody\n"
    )
    assert run.state == "ready" and run.total == 9 and run.newcomers == 1 and run.changes == 2
    assert run.counts == {
        "new": 1, "duplicate": 1, "here": 1, "filled": 1, "gone": 1, "waiting": 1, "suppressed": 1, "invalid": 2,
    }  # fmt: skip
    assert [(one.number, one.typed) for one in run.rejected] == [(9, "nonsense"), (10, "")]
    assert "doesn't look like an email address" in run.rejected[0].reason
    assert van.states() == before


def test_a_confirmed_reader_is_made_with_the_proof_of_where_from(van: Van) -> None:
    run = van.take_in(SUBSCRIBED, tag="Moved", extras=True)
    assert run.state == "done" and run.made == 1
    ann = van.readers()["ann@example.org"]
    assert (ann.state, ann.name, ann.source, ann.form) == ("confirmed", "Ann Moon", "import", "import")
    assert ann.confirmed_at == datetime(2018, 2, 6, 8, tzinfo=UTC)
    assert ann.fields["tag"] == "Editors, Friends, Moved" and ann.fields["TIMEZONE"] == "Europe/Rome"
    assert van.deeds("ann@example.org") == [("imported", f"import {run.id}")]
    with van.db.reading() as s:
        (seat,) = s.scalars(select(Subscription))
        assert s.get_one(MailingList, seat.list_id).slug == "daily" and seat.next_at is None


def test_an_imported_reader_gets_the_next_edition_and_no_older_story(van: Van, newsroom: Newsroom) -> None:
    newsroom.begin(NOON)
    newsroom.publish("Before", NOON + timedelta(minutes=1))
    newsroom.tick(NOON + timedelta(days=1))
    van.wait(days=1, minutes=1)
    van.take_in("email\nann@example.org\n")
    assert newsroom.letters() == []
    newsroom.publish("After", van.at)
    newsroom.tick(NOON + timedelta(days=2))
    assert [letter.address for letter in newsroom.letters()] == ["ann@example.org"]


def test_taking_a_file_in_twice_is_the_same_as_once(van: Van, newsroom: Newsroom) -> None:
    newsroom.reader("here@example.org", LONG_AGO)
    file = GHOST + '3,here@example.org,Here,,true,false,,,,"Star",\n'
    van.take_in(file, tag="Moved", extras=True)
    first = {name: vars(row) for name, row in van.readers().items()}
    deeds = van.deeds("here@example.org")
    again = van.take_in(file, tag="Moved", extras=True)
    assert again.counts == {"here": 2, "gone": 1} and again.made == 0
    second = {name: vars(row) for name, row in van.readers().items()}
    assert [strip(row) for row in first.values()] == [strip(row) for row in second.values()]
    assert van.deeds("here@example.org") == deeds == [("noted", "import 1")]


def strip(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if not name.startswith("_")}


def test_whoever_left_here_stays_left_and_whoever_has_not_confirmed_stays_so(
    van: Van, newsroom: Newsroom
) -> None:
    ann = newsroom.reader("ann@example.org", LONG_AGO)
    leaving.leave(van.db, ann, NOON, settings=van.settings)
    newsroom.reader("bob@example.org", LONG_AGO, SubscriberState.PENDING)
    van.take_in("email\nAnn@Example.org\nbob@example.org\n")
    assert van.states() == {"ann@example.org": "left", "bob@example.org": "pending"}


@pytest.mark.parametrize("reason", ["manual", "bounced", "complained", "erased"])
def test_a_suppressed_address_never_comes_in(van: Van, reason: str) -> None:
    with van.db.transaction() as s:
        suppression.add(s, secret_key(van.settings), "ann@example.org", reason, NOON)
    run = van.take_in("email\nANN@example.org\nbob@example.org\n", confirm_again=True)
    assert run.counts["suppressed"] == 1 and set(van.states()) == {"bob@example.org"}


def test_who_left_bounced_or_never_confirmed_there_is_noted_and_gets_nothing(van: Van) -> None:
    van.take_in(BUTTONDOWN)
    van.take_in(UNSUBSCRIBED.replace("bob@", "eve@"))
    van.take_in(CLEANED.replace("cy@", "fay@"))
    assert van.states() == {
        "ann@example.org": "confirmed", "bob@example.org": "left", "cy@example.org": "pending", "di@example.org": "bounced",
        "eve@example.org": "left", "fay@example.org": "bounced",
    }  # fmt: skip
    eve = van.readers()["eve@example.org"]
    assert eve.reason == "Too many" and eve.left_at == datetime(2023, 6, 6, 12, 56, 15, tzinfo=UTC)


def test_who_left_there_after_joining_here_is_stopped(van: Van, newsroom: Newsroom) -> None:
    newsroom.reader("bob@example.org", datetime(2020, 1, 1, tzinfo=UTC))
    newsroom.reader("late@example.org", datetime(2024, 1, 1, tzinfo=UTC))
    run = van.take_in(UNSUBSCRIBED + UNSUBSCRIBED.split("\n")[1].replace("bob@", "late@") + "\n")
    assert run.counts == {"stopped": 1, "here": 1}
    assert van.states() == {"bob@example.org": "left", "late@example.org": "confirmed"}
    assert van.deeds("bob@example.org") == [("stopped", f"import {run.id}")]


def test_everybody_can_be_asked_again(van: Van) -> None:
    van.take_in("email,status\nann@example.org,\nbob@example.org,unsubscribed\n", confirm_again=True)
    assert van.states() == {"ann@example.org": "pending", "bob@example.org": "left"}
    with van.db.reading() as s:
        assert [(letter.kind, letter.address) for letter in s.scalars(select(Letter))] == [
            ("confirmation", "ann@example.org")
        ]
    assert [deed for deed, _ in van.deeds("ann@example.org")] == ["imported", "asked"]


def test_another_list_can_be_chosen(van: Van) -> None:
    with van.db.transaction() as s:
        s.add(MailingList(slug="weekly", name="Weekly best", weekdays=1, created_at=NOON))
    van.take_in("email\nann@example.org\n", list_slug="weekly")
    van.take_in("email\nbob@example.org\n", list_slug="no-such-list")
    with van.db.reading() as s:
        pairs = select(Subscriber.address, MailingList.slug).join_from(Subscriber, Subscription)
        assert dict(map(tuple, s.execute(pairs.join(MailingList)))) == {
            "ann@example.org": "weekly",
            "bob@example.org": "daily",
        }


def test_a_plain_reader_is_seated_as_serving_would(van: Van, newsroom: Newsroom) -> None:
    newsroom.begin(LONG_AGO)
    with van.db.transaction() as s:
        lists.default_list(s, NOON).last_number = 7
    van.take_in("email\nann@example.org\n")
    bob = newsroom.reader("bob@example.org", NOON)
    with van.db.transaction() as s:
        s.execute(delete(Subscription).where(Subscription.subscriber_id == bob))
        serving.begin(s, s.get_one(Subscriber, bob), van.at, van.settings)
    with van.db.reading() as s:
        ann, other = s.scalars(select(Subscription).order_by(Subscription.subscriber_id))
        same = ("list_id", "days", "at_once", "position", "next_at")
        assert [getattr(ann, name) for name in same] == [getattr(other, name) for name in same]
        flags = s.scalars(select(Subscriber.is_particular)).all()
        assert flags == [False, False]


def test_our_own_export_brings_every_choice_home(van: Van, newsroom: Newsroom) -> None:
    topic, author = shelves(van, newsroom)
    with van.db.transaction() as s:
        s.add(MailingList(slug="weekly", name="Weekly best", weekdays=1, created_at=NOON))
    fields = json.dumps({"city": "=Rome", "tag": "vip"}).replace('"', '""')
    run = van.take_in(
        f"{COLUMNS}\n"
        "ann@example.org,'=Ann,confirmed,daily|weekly|lost,mon|thu,no,6,Africa/Lagos,2026-12-24T00:00:00+00:00,yes,no,no,mars|x,"
        f'eve-star,/news,band,fair,2025-01-02T03:04:05+00:00,2025-01-03T03:04:05+00:00,,,"{fields}"\n'
        "bob@example.org,,left,daily,all,no,,,,no,yes,yes,,,,,,2025-01-02,2025-01-02,2025-02-02,Too much,\n"
        "cy@example.org,,asleep,daily,all,yes,99,Mars/Olympus,1999-01-01,no,,,,,,,,,,,,[1]\n"
    )
    assert run.strangers == ("lost",) and run.counts == {"new": 1, "ended": 1, "pending": 1}
    ann, bob, cy = van.readers().values()
    assert (ann.name, ann.hour, ann.timezone) == ("=Ann", 6, "Africa/Lagos")
    assert (ann.only_followed, ann.pictures, ann.clicks) == (True, False, False)
    assert ann.paused_until == datetime(2026, 12, 24, tzinfo=UTC) and ann.is_particular
    assert (ann.source, ann.form, ann.campaign) == ("/news", "band", "fair")
    assert ann.fields == {"city": "=Rome", "tag": "vip"}
    assert (bob.state, bob.reason, bob.left_at) == ("left", "Too much", datetime(2025, 2, 2, tzinfo=UTC))
    assert (cy.state, cy.hour, cy.timezone, cy.paused_until) == ("pending", None, None, None)
    with van.db.reading() as s:
        mine = select(Subscription, MailingList.slug).join(MailingList).order_by(MailingList.slug)
        held = s.execute(mine.where(Subscription.subscriber_id == ann.id)).all()
        # Days are chosen for the daily list; the others keep to their own.
        assert [(slug, one.days) for one, slug in held] == [("daily", 9), ("weekly", 127)]
        assert all(one.next_at for one, _ in held)
        follows = s.execute(select(Follow.subject, Follow.subject_id).order_by(Follow.subject))
        assert [tuple(row) for row in follows] == [("author", author), ("topic", topic)]


def shelves(van: Van, newsroom: Newsroom) -> tuple[int, int]:
    """A topic and an author with a story each can be followed."""
    post = newsroom.publish("Red dust", NOON)
    with van.db.transaction() as s:
        topic, author = (
            Topic(slug="mars", name="Mars"),
            Author(slug="eve-star", name="Eve Star", created_at=NOON),
        )
        s.add_all([topic, author])
        s.flush()
        s.add_all(
            [
                PostTopic(post_id=post, topic_id=topic.id, position=0),
                PostAuthor(post_id=post, author_id=author.id, position=0),
            ]
        )
        return topic.id, author.id


def test_what_goes_out_comes_home_unchanged(van: Van, newsroom: Newsroom) -> None:
    topic, author = shelves(van, newsroom)
    with van.db.transaction() as s:
        s.add(MailingList(slug="weekly", name="Weekly best", weekdays=1, created_at=NOON))
    chooser = newsroom.reader("+ann@example.org", LONG_AGO)
    newsroom.reader("bob@example.org", LONG_AGO, SubscriberState.PENDING)
    with van.db.transaction() as s:
        s.execute(update(Subscriber).where(Subscriber.state == "pending").values(confirmed_at=None))
    gone = newsroom.reader("cy@example.org", LONG_AGO)
    leaving.leave(van.db, gone, NOON, reason="@Too much", settings=van.settings)
    choose(van, chooser, topic, author)
    out = exported(van, topic, author)
    with van.db.transaction() as s:
        s.execute(delete(Subscriber))
    van.take_in(out)
    assert exported(van, topic, author) == out
    assert out.count("\n") == 4 and "mon|fri" in out and "mars" in out
    assert "less:author:eve-star" in out


def choose(van: Van, reader_id: int, topic: int, author: int) -> None:
    with van.db.transaction() as s:
        ann, weekly = s.get_one(Subscriber, reader_id), lists.find_list(s, "weekly")
        assert weekly
        ann.name, ann.hour, ann.timezone = '=Ann, the "first"', 6, "Africa/Lagos"
        ann.pictures, ann.only_followed, ann.paused_until = False, True, NOON + timedelta(days=3)
        ann.fields = {"city": "-Rome", "tag": "a, b"}
        serving.subscribe(s, ann, weekly.id, NOON, van.settings)
        daily = lists.default_list(s, NOON)
        s.get_one(Subscription, (reader_id, daily.id)).days = 0b10001
        s.add_all([Follow(subscriber_id=ann.id, subject="topic", subject_id=topic)])
        s.add_all([Follow(subscriber_id=ann.id, subject="author", subject_id=author, weight=-1)])
        serving.settle(s, ann, NOON, van.settings)


def exported(van: Van, topic: int, author: int) -> str:
    text = io.StringIO()
    slugs = exporting.Slugs({topic: "mars"}, {author: "eve-star"})
    csv.writer(text, lineterminator="\n").writerows(exporting.lines(van.db, select(Subscriber), slugs))
    return text.getvalue()
