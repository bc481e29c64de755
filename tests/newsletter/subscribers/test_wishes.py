"""What a new reader chooses on the form itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers import signup, wishes
from newsletter.subscribers.model import Follow, Subject, Subscriber, Subscription
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from newsletter.subscribers.wishes import Followed, Wishes

UTC_LIST = ZoneInfo("UTC")
LAGOS = Wishes(timezone="Africa/Lagos")


@pytest.fixture
def weekly(db: Database, noon: datetime) -> int:
    """A second list beside the daily one."""
    with db.transaction() as s:
        lists.default_list(s, noon)
        made = MailingList(slug="weekly", name="Weekly best", weekdays=64, created_at=noon)
        s.add(made)
        s.flush()
        return made.id


def ask(db: Database, settings: Settings, at: datetime, wished: Wishes) -> None:
    signup.ask(db, "reader@example.org", Origin("/"), at, settings, wishes=wished)


def held(db: Database) -> list[str]:
    with db.reading() as s:
        of_reader = select(MailingList.slug).join(Subscription, Subscription.list_id == MailingList.id)
        return list(s.scalars(of_reader.order_by(MailingList.slug)))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Africa/Lagos", "Africa/Lagos"),
        ("Europe/London", "Europe/London"),
        ("UTC", None),
        ("Africa/Abidjan", None),
        ("Mars/Olympus", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_a_zone_is_kept_where_its_clocks_tell_another_time(
    noon: datetime, name: str, kept: str | None
) -> None:
    assert wishes.zone(name, UTC_LIST, noon) == kept


def test_a_confirmed_reader_gets_the_digest_at_the_lists_hour_of_their_own_morning(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens
) -> None:
    ask(db, settings, noon, LAGOS)
    done = signup.confirm(db, tokens, tokens.confirm(1, noon), noon, settings)
    with db.reading() as s:
        reader, next_at = s.get_one(Subscriber, 1), s.scalar(select(Subscription.next_at))
    assert done.is_new and (reader.timezone, reader.hour) == ("Africa/Lagos", None)
    assert next_at and next_at.astimezone(ZoneInfo("Africa/Lagos")).hour == settings.send_hour


def test_ticked_lists_are_the_ones_and_the_last_choice_counts(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, weekly: int
) -> None:
    ask(db, settings, noon, Wishes(lists=("daily", "weekly")))
    ask(db, settings, noon, Wishes(lists=("weekly", "no such list")))
    assert held(db) == ["weekly"]
    assert signup.look(db, tokens, tokens.confirm(1, noon), noon, settings).lists == ("Weekly best",)
    signup.confirm(db, tokens, tokens.confirm(1, noon), noon, settings)
    assert held(db) == ["weekly"]


def test_without_a_choice_it_is_the_daily_digest(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, weekly: int
) -> None:
    ask(db, settings, noon, wishes.NOTHING)
    assert held(db) == []
    signup.confirm(db, tokens, tokens.confirm(1, noon), noon, settings)
    assert held(db) == ["daily"]


def test_a_list_that_is_not_offered_cannot_be_had(
    db: Database, noon: datetime, settings: Settings, weekly: int
) -> None:
    with db.transaction() as s:
        s.get_one(MailingList, weekly).is_offered = False
    ask(db, settings, noon, Wishes(lists=("weekly",)))
    assert held(db) == []
    assert [one.slug for one in wishes.offered(db)] == ["daily"]


def test_a_follow_is_kept_once_and_a_form_cannot_pile_them_up(
    db: Database, noon: datetime, settings: Settings
) -> None:
    for number in (7, 7, *range(100, 140)):
        ask(db, settings, noon, Wishes(follow=Followed(Subject.AUTHOR, number)))
    with db.reading() as s:
        follows = s.scalars(select(Follow).order_by(Follow.subject_id)).all()
    assert (follows[0].subject, follows[0].subject_id, follows[0].weight) == ("author", 7, 2)
    assert len(follows) == wishes.FOLLOWS


def test_a_stranger_cannot_change_what_a_reader_chose(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, weekly: int
) -> None:
    ask(db, settings, noon, wishes.NOTHING)
    signup.confirm(db, tokens, tokens.confirm(1, noon), noon, settings)
    follow = Followed(Subject.TOPIC, 3)
    ask(db, settings, noon + timedelta(days=2), Wishes("Africa/Lagos", ("weekly",), follow))
    assert held(db) == ["daily"]
    with db.reading() as s:
        assert s.get_one(Subscriber, 1).timezone is None
        assert s.scalars(select(Follow)).all() == []


@pytest.mark.parametrize("text", ["", "author", "author:0", "author:-1", "reader:1", "topic:" + "9" * 30])
def test_a_follow_that_names_nothing_is_none(text: str) -> None:
    assert wishes.read_follow(text) is None
    assert str(wishes.read_follow("topic:12")) == "topic:12"
