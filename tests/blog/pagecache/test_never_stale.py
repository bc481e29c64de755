"""Whatever a newsroom does, a page that comes from a cache is the page as it would be made now: a random walk against a twin without one."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import create_app, open_house
from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.authors import profiles
from blog.authors.profiles import AuthorText
from blog.images.model import Image
from blog.posts import noting, publishing, timing, topics, tree, writing
from blog.posts.model import Post, PostState
from blog.refusals import Conflict, Invalid
from blog.settings import Settings
from blog.signs import announcing, signposts
from newsletter.editions import compiling
from tests.blog.posts.building import MORNING, block, edit, paragraph, person, picture, write

LISTS = (
    "/", "/news", "/archive", "/2026/11", "/corrections", "/pictures", "/topics", "/authors", "/feed.xml", "/atom.xml", "/feed.json",
    "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/2026.xml", "/sitemap/news.xml", "/digest", "/digest/feed.xml", "/old-moon", "/nowhere",
)  # fmt: skip
EMPTY_SINCE = re.compile(rb"<(lastBuildDate|updated)>[^<]*")
"""A feed without anything in it bears the present moment."""
Seen = tuple[int, bytes, str | None]
"""Status, body and the address that it leads to."""
pick = st.integers(0, 10_000)
word = st.sampled_from(["Moon", "Mars", "Dust", "Rings", "Comet", "Nova"])


class World:
    """Two workers with a cache each and the shelf between them, and the twin that makes every page anew."""

    def __init__(self, settings: Settings) -> None:
        db = open_house(settings).db
        self.db, self.settings, self.count = db, settings, 0
        self.edda: Person = person(db, RoleName.EDITOR, "Edda")
        self.workers = [create_app(settings).test_client() for _ in range(2)]
        self.twin = _bare(create_app(settings)).test_client()
        self.posts: list[int] = []
        self.pictures = [picture(db, name) for name in ("nebula", "comet")]
        self.authors = [
            profiles.create(db, AuthorText(name), MORNING) for name in ("Nkechi Obi", "Arno Falk")
        ]
        self.topics = [topics.create(db, name) for name in ("Stars", "Planets", "Young stars")]

    def paths(self) -> list[str]:
        with self.db.reading() as s:
            stories = [s.get_one(Post, one).path for one in self.posts]
        listed = topics.list_all(self.db), profiles.list_all(self.db)
        return [
            *LISTS, *filter(None, stories), *(f"/topics/{one.slug}" for one in listed[0]), *(f"/authors/{one.slug}" for one in listed[1]),
            *(f"/topics/{one.slug}/feed.xml" for one in listed[0][:1]), *(f"/pictures/{one}" for one in self.pictures),
        ]  # fmt: skip


def _bare(app: Flask) -> Flask:
    app.wsgi_app = app.extensions.pop("pagecache").application  # type: ignore[method-assign]
    return app


class Newsroom(RuleBasedStateMachine):
    world: World

    @rule(title=word, topic=pick, author=pick, image=pick)
    def publish(self, title: str, topic: int, author: int, image: int) -> None:
        world = self.world
        world.count += 1
        post = write(
            world.db, world.edda, f"{title} {world.count}", paragraph(f"{title} is a world."), block("figure", image=_one(world.pictures, image)),
            topic_ids=(_one(world.topics, topic),), author_ids=(_one(world.authors, author),), dek=f"Of {title}.", lead_image=_one(world.pictures, image),
        )  # fmt: skip
        publishing.publish(world.db, post, world.edda, clock.now())
        world.posts.append(post)

    @rule(which=pick, title=word)
    def change(self, which: int, title: str) -> None:
        if post := _one(self.world.posts, which):
            edit(self.world.db, post, self.world.edda, clock.now(), title=f"{title} anew")
            _try(lambda: publishing.publish(self.world.db, post, self.world.edda, clock.now()))

    @rule(which=pick)
    def withdraw_or_publish_again(self, which: int) -> None:
        if post := _one(self.world.posts, which):
            with self.world.db.reading() as s:
                is_public = s.get_one(Post, post).state == PostState.PUBLISHED
            verb = publishing.withdraw if is_public else publishing.publish
            _try(lambda: verb(self.world.db, post, self.world.edda, clock.now()))

    @rule(title=word)
    def come_out_by_the_clock(self, title: str) -> None:
        world = self.world
        world.count += 1
        soon = clock.now() + timedelta(hours=1)
        post = write(
            world.db, world.edda, f"Late {title} {world.count}", paragraph(), topic_ids=(world.topics[0],), author_ids=(world.authors[0],), dek="Late."
        )  # fmt: skip
        publishing.schedule(world.db, post, world.edda, clock.now(), soon)
        publishing.publish_due(world.db, soon)
        world.posts.append(post)

    @rule(which=pick)
    def be_withdrawn_by_the_clock(self, which: int) -> None:
        if post := _one(self.world.posts, which):
            soon = clock.now() + timedelta(hours=1)
            _try(lambda: timing.plan_withdrawal(self.world.db, post, self.world.edda, clock.now(), soon))
            timing.keep_due(self.world.db, soon, zone=self.world.settings.zone)

    @rule(which=pick, name=word)
    def rename_an_author(self, which: int, name: str) -> None:
        author = _one(self.world.authors, which)
        text = AuthorText(f"{name} Obi {author}", biography=f"Of {name}.", slug=f"{name.lower()}-{author}")
        profiles.change(self.world.db, author, text)

    @rule(which=pick, name=word)
    def rename_a_topic(self, which: int, name: str) -> None:
        topic = _one(self.world.topics, which)
        topics.change(self.world.db, topic, f"{name} {topic}", f"All of {name}.")

    @rule(which=pick, above=st.booleans(), picked=pick)
    def arrange_a_topic(self, which: int, above: bool, picked: int) -> None:
        post = _one(self.world.posts, picked)
        with self.world.db.reading() as s:
            path = s.get_one(Post, post).path if post else None
        parent = self.world.topics[0] if above else None
        _try(lambda: tree.arrange(self.world.db, self.world.topics[-1], parent, [path] if path else []))

    @rule(which=pick, words=word)
    def describe_a_picture(self, which: int, words: str) -> None:
        with self.world.db.transaction() as s:
            image = s.get_one(Image, _one(self.world.pictures, which))
            image.alt, image.credit, image.caption = (
                f"A view of {words}",
                f"{words} Observatory",
                f"{words} at night.",
            )

    @rule(which=pick, words=word)
    def correct(self, which: int, words: str) -> None:
        if post := _one(self.world.posts, which):
            _try(
                lambda: noting.add(
                    self.world.db, post, "correction", f"It was {words}.", self.world.edda, clock.now()
                )
            )

    @rule(words=st.sampled_from(["", "A comet is near", "Clouds tonight"]))
    def announce(self, words: str) -> None:
        announcing.announce(self.world.db, words, "", None, clock.now())

    @rule(stands=st.booleans())
    def put_up_a_signpost(self, stands: bool) -> None:
        if stands:
            signposts.put_up(self.world.db, "/old-moon", "/topics", clock.now())
        else:
            signposts.take_away(self.world.db, "/old-moon")

    @rule()
    def send_an_edition(self) -> None:
        _try(lambda: compiling.send_now(self.world.db, clock.now(), self.world.settings))

    @rule(which=pick)
    def write_what_nobody_sees(self, which: int) -> None:
        writing.start(self.world.db, self.world.edda, clock.now(), "A secret")

    @invariant()
    def every_page_is_as_it_would_be_made_now(self) -> None:
        self.look()

    def look(self) -> dict[str, Seen]:
        """Every page as it would be made now, which is how each worker shows it."""
        pages = {path: _seen(self.world.twin, path) for path in self.world.paths()}
        for worker in self.world.workers:
            for path, now in pages.items():
                assert _seen(worker, path) == now, path
        return pages


def _one(some: list[Any], which: int) -> Any:
    return some[which % len(some)] if some else None


def _try(deed: Callable[[], object]) -> None:
    """What cannot be done just now changes nothing."""
    with suppress(Conflict, Invalid):
        deed()


def _seen(visitor: FlaskClient, path: str) -> Seen:
    with visitor.get(path) as answer:
        body = answer.get_data()
        if b"<item>" not in body and b"<entry>" not in body:
            body = EMPTY_SINCE.sub(b"", body)
        return answer.status_code, body, answer.headers.get("Location")


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e-9)
    made = World(settings)
    yield made
    made.db.close()


def test_each_deed_is_seen_at_once(world: World) -> None:
    room = type("Room", (Newsroom,), {"world": world})()
    room.publish("Moon", 0, 0, 0)
    room.publish("Mars", 2, 1, 1)
    pages = room.look()
    deeds: list[Callable[[], None]] = [
        lambda: room.change(0, "Dust"), lambda: room.rename_an_author(0, "Nova"), lambda: room.rename_a_topic(0, "Rings"),
        lambda: room.describe_a_picture(0, "Comet"), lambda: room.correct(1, "smaller"), lambda: room.arrange_a_topic(0, True, 1),
        lambda: room.announce("Clouds tonight"), lambda: room.announce(""), lambda: room.put_up_a_signpost(True),
        lambda: room.put_up_a_signpost(False), lambda: room.come_out_by_the_clock("Late"), room.send_an_edition,
        lambda: room.withdraw_or_publish_again(0), lambda: room.withdraw_or_publish_again(0), lambda: room.be_withdrawn_by_the_clock(1),
    ]  # fmt: skip
    for deed in deeds:
        deed()
        before, pages = pages, room.look()
        assert pages != before, "visitors would see it"


@pytest.mark.slow
def test_never_a_stale_byte_after_the_commit(world: World) -> None:
    run_state_machine_as_test(
        type("Walk", (Newsroom,), {"world": world}),
        settings=hypothesis_settings(
            max_examples=15, stateful_step_count=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
