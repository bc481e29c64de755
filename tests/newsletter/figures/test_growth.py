"""Who came, who went, and where from."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.authors.model import Author
from blog.db import Database
from blog.posts.model import PostAuthor, Redirect
from newsletter.figures import growth, sources, spans
from newsletter.subscribers.model import Subscriber
from tests.cast import Newsroom
from tests.conftest import NOON
from tests.newsletter.figures.conftest import newsroom

__all__ = ["newsroom"]

UTC_ZONE = ZoneInfo("UTC")


def join(db: Database, name: str, at: datetime, **facts: object) -> None:
    row = {"state": "confirmed", "confirmed_at": at, **facts}
    address = f"{name}@example.org"
    with db.transaction() as s:
        s.add(Subscriber(address=address, address_key=address, created_at=at, asked_at=at, **row))


def test_growth_tells_months_of_the_publications_own_zone(db: Database) -> None:
    lagos = ZoneInfo("Africa/Lagos")
    join(db, "first", datetime(2024, 1, 1, tzinfo=UTC))
    join(db, "ann", datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    join(db, "bob", datetime(2026, 10, 31, 22, 30, tzinfo=UTC), state="left", left_at=NOON)
    join(db, "eve", datetime(2026, 8, 1, tzinfo=UTC), state="bounced", left_at=NOON - timedelta(days=30))
    join(db, "pia", NOON, state="pending", confirmed_at=None)
    told = growth.by_month(db, NOON, lagos)
    assert [one.starts for one in told.stretches][::11] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert [(one.joined, one.left, one.total) for one in told.stretches[-4:]] == [
        (1, 0, 2),
        (0, 0, 2),
        (1, 1, 2),
        (1, 1, 2),
    ]
    assert (told.total, told.joined, told.left, told.lately(2)) == (2, 3, 2, 0)


def test_the_last_days_end_with_this_moment(db: Database) -> None:
    join(db, "ann", NOON - timedelta(minutes=1))
    join(db, "bob", NOON - timedelta(days=1, minutes=1))
    join(db, "eve", NOON - timedelta(days=31))
    told = growth.recent(db, NOON)
    assert [one.total for one in told.stretches][-3:] == [1, 2, 3] and len(told.stretches) == 30
    assert told.lately(7) == 2


def test_without_readers_everything_is_nothing(db: Database) -> None:
    told = growth.by_month(db, NOON, UTC_ZONE)
    assert (told.total, told.joined, told.left) == (0, 0, 0) and len(told.stretches) == 12
    assert sources.sources(db, NOON).forms == ()


def test_sources_tell_forms_pages_tags_stories_and_authors(db: Database, newsroom: Newsroom) -> None:
    rings, dust = newsroom.publish("Rings", NOON), newsroom.publish("Dust", NOON)
    with db.transaction() as s:
        s.add_all(
            [Author(id=1, slug="ada", name="Ada Bright", created_at=NOON), Author(id=2, slug="lin", name="Lin Far", created_at=NOON)]
        )  # fmt: skip
        s.flush()
        s.add_all(
            [
                PostAuthor(post_id=rings, author_id=1, position=0),
                PostAuthor(post_id=dust, author_id=1, position=1),
            ]
        )
        s.add_all(
            [
                PostAuthor(post_id=dust, author_id=2, position=0),
                Redirect(path="/2026/11/old", post_id=rings, created_at=NOON),
            ]
        )
    for number, (source, form, tag) in enumerate(
        [
            ("/2026/11/rings", "band", ""), ("/2026/11/old", "band", "spring"), ("/2026/11/dust", "band", "spring"),
            ("/", "page", ""), ("https://stars.example/about", "embed", "stars"),
        ]
    ):  # fmt: skip
        join(db, f"r{number}", NOON, source=source, form=form, campaign=tag)
    join(db, "gone", NOON, source="/", form="page", state="left", left_at=NOON)
    join(db, "older", NOON - timedelta(days=400), source="/", form="page")
    told = sources.sources(db, NOON - timedelta(days=365))
    assert [(one.name, one.joined, one.stayed) for one in told.forms] == [("band", 3, 3), ("page", 2, 1), ("embed", 1, 1)]  # fmt: skip
    assert [(one.name, one.joined, one.path) for one in told.pages] == [
        ("/", 2, "/"),
        ("https://stars.example/about", 1, ""),
    ]
    assert [(one.name, one.joined) for one in told.campaigns] == [("spring", 2), ("stars", 1)]
    assert [(one.name, one.joined, one.path) for one in told.stories] == [
        ("Rings", 2, "/2026/11/rings"),
        ("Dust", 1, "/2026/11/dust"),
    ]
    assert [(one.name, one.joined) for one in told.authors] == [("Ada Bright", 3), ("Lin Far", 1)]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["UTC", "Africa/Lagos", "Asia/Kathmandu", "America/New_York"]))  # fmt: skip
def test_months_and_dates_end_with_the_present(at: datetime, name: str) -> None:
    now, zone = at.replace(tzinfo=UTC), ZoneInfo(name)
    for edges in (spans.months(now, zone), spans.dates(now, zone, 40), spans.days(now, 30)):
        assert list(edges) == sorted(set(edges)) and edges[-1] <= now
    assert spans.months(now, zone)[-1].astimezone(zone).day == 1


@pytest.mark.parametrize(
    ("seconds", "minutes", "number"), [(0, 1, 1), (59 * 60, 1, 60), (60 * 60, 2, 31), (86_400, 25, 58)]
)
def test_steps_are_whole_minutes_and_few(seconds: int, minutes: int, number: int) -> None:
    first = datetime(2026, 11, 23, 7, 0, 30, tzinfo=UTC)
    each, starts = spans.steps(first, first + timedelta(seconds=seconds))
    assert (each, len(starts)) == (minutes, number) and starts[0].second == 0
