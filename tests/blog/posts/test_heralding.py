"""Who is told that stories changed, of what, and what comes of it where nobody listens."""

import json
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from structlog.testing import capture_logs

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import heralding, publishing, topics
from blog.posts.heralding import LATE, herald_due, indexnow_key, is_anything_due
from blog.refusals import Unavailable
from blog.settings import Settings, build
from tests.blog.posts.building import MORNING, edit, story
from tests.cast import Newsroom

HUB, ENGINE, SITE = "https://hub.example/", "https://engine.example/indexnow", "https://news.example.org"
LISTENING = build(site_url=SITE, websub_hub=HUB, indexnow=ENGINE)


class World:
    """Hears what it is sent, while it answers at all."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.status = 204

    def send(self, address: str, media_type: str, body: bytes) -> int:
        if not self.status:
            raise Unavailable("away")
        self.heard.append((address, body))
        return self.status

    def told(self, db: Database, at: datetime, settings: Settings = LISTENING) -> dict[str, list[str]]:
        """By address, what it was told of at that moment."""
        self.heard.clear()
        herald_due(db, at, settings, "a-key", self.send)
        return {
            address: json.loads(body)["urlList"] if address == ENGINE else
            [value for name, value in parse_qsl(body.decode()) if name == "hub.url"]
            for address, body in self.heard
        }  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def hours(number: int) -> datetime:
    return MORNING + timedelta(hours=number)


def test_feeds_and_addresses_of_what_changed_are_told_once(db: Database, edda: Person, world: World) -> None:
    story(db, edda, "Old")
    assert world.told(db, hours(1)) == {}, "what was there before is known"
    mars = topics.create(db, "Mars")
    dust = story(db, edda, "Dust", at=hours(2), topic_ids=(mars,))
    assert is_anything_due(db, hours(3), LISTENING)
    told = world.told(db, hours(3))
    assert told[ENGINE] == [f"{SITE}/", f"{SITE}/2026/11/dust"]
    assert {f"{SITE}/feed.xml", f"{SITE}/authors/edda/atom.xml", f"{SITE}/topics/mars/feed.json"} <= {
        *told[HUB]
    }
    assert len(told[HUB]) == 9
    assert world.told(db, hours(4)) == {} and not is_anything_due(db, hours(4), LISTENING)
    edit(db, dust, edda, hours(5), dek="Changed.")
    publishing.publish(db, dust, edda, hours(5))
    assert set(world.told(db, hours(5))) == {HUB, ENGINE}
    publishing.withdraw(db, dust, edda, hours(6))
    assert f"{SITE}/2026/11/dust" in world.told(db, hours(6))[ENGINE]


@pytest.mark.parametrize("status", [0, 429, 500])
def test_who_does_not_hear_is_told_again(db: Database, edda: Person, world: World, status: int) -> None:
    world.told(db, hours(0))
    story(db, edda, "Dust", at=hours(1))
    world.status = status
    world.told(db, hours(2))
    world.status = 200
    assert set(world.told(db, hours(3))) == {HUB, ENGINE} and world.told(db, hours(4)) == {}


def test_nobody_is_told_unless_the_settings_name_them(db: Database, edda: Person, world: World) -> None:
    silent = build(site_url=SITE)
    world.told(db, hours(0), silent)
    story(db, edda, "Dust", at=hours(1))
    assert world.told(db, hours(2), silent) == {} and not is_anything_due(db, hours(2), silent)


def test_the_key_tells_nothing_of_the_secret(db: Database) -> None:
    assert indexnow_key("a") != indexnow_key("b") and len(indexnow_key("a")) == 32


def test_what_is_committed_after_its_moment_is_told_too_and_once(
    db: Database, edda: Person, world: World
) -> None:
    world.told(db, hours(1))
    story(db, edda, "In time", at=hours(2))
    assert len(world.told(db, hours(2) + timedelta(seconds=5))[ENGINE]) == 2
    story(db, edda, "Late", at=hours(2))
    for soon in (10, 20):
        told = world.told(db, hours(2) + timedelta(seconds=soon)).get(ENGINE)
        assert told == ([f"{SITE}/", f"{SITE}/2026/11/late"] if soon == 10 else None)
    assert world.told(db, hours(2) + 2 * LATE) == {}


def test_more_than_can_be_told_at_once_is_told_in_turn(db: Database, world: World) -> None:
    world.told(db, hours(0))
    newsroom = Newsroom(db, LISTENING)
    titles = [f"story-{number}" for number in range(heralding.MOST + 3)]
    for number, title in enumerate(titles):
        newsroom.publish(title, hours(1) + timedelta(seconds=number))
    first, rest = (world.told(db, at)[ENGINE][1:] for at in (hours(2), hours(3)))
    assert [*first, *rest] == [f"{SITE}/2026/11/{title}" for title in titles] and len(rest) == 3
    assert world.told(db, hours(4)) == {}


def test_who_does_not_hear_is_left_alone_for_longer_each_time_with_one_line_in_the_log(
    db: Database, edda: Person, world: World
) -> None:
    world.told(db, hours(0))
    story(db, edda, "Dust", at=hours(1))
    world.status = 500
    with capture_logs() as logged:
        asked = [bool(world.told(db, hours(2) + timedelta(seconds=10 * beat))) for beat in range(16)]
    assert [beat for beat, was in enumerate(asked) if was] == [0, 1, 3, 7, 15]
    assert len([line for line in logged if line["log_level"] == "warning"]) == len((HUB, ENGINE))
    assert not is_anything_due(db, hours(2) + timedelta(seconds=160), LISTENING)


def test_of_two_clocks_at_once_one_tells(db: Database, edda: Person, world: World) -> None:
    world.told(db, hours(0))
    story(db, edda, "Dust", at=hours(1))
    other = World()

    def send(address: str, media_type: str, body: bytes) -> int:
        herald_due(db, hours(2), LISTENING, "a-key", other.send)
        return world.send(address, media_type, body)

    herald_due(db, hours(2), LISTENING, "a-key", send)
    heard = [address for address, _ in (*world.heard, *other.heard)]
    assert sorted(heard) == sorted((HUB, ENGINE))
