"""Who is told that stories changed, of what, and what comes of it where nobody listens."""

import json
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, topics
from blog.posts.heralding import herald_due, indexnow_key, is_anything_due
from blog.refusals import Unavailable
from blog.settings import Settings, build
from tests.blog.posts.building import MORNING, edit, story

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
