"""Whatever readers choose and however clocks are set, each gets each story that their choices ask for exactly once."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from blog.posts.model import Post, PostTopic, Topic
from blog.refusals import Conflict, Gone, Invalid
from newsletter.editions import adding, compiling, specials
from newsletter.editions.model import Edition, EditionKind, EditionPost
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.subscribers import bulk, choices, choosing, leaving
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription
from tests.cast import Newsroom
from tests.newsletter.editions import owing
from tests.newsletter.editions.walking import fresh_postgres, fresh_sqlite, plain, walk

__all__ = ["fresh_postgres", "fresh_sqlite", "plain"]
BEGIN = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
"""Two days before Europe's clocks are set forward; America's are already."""
STEPS = [timedelta(minutes=m) for m in (1, 59, 5 * 60, 7 * 60, 24 * 60, 25 * 60, 8 * 24 * 60)]
ZONES = [
    None,
    "Europe/London",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/St_Johns",
    "Australia/Lord_Howe",
]
DAYS = [EVERY_DAY, 1 << 6, 0b0010101]
pick = st.integers(0, 10_000)


@dataclass
class Wish:
    """The topics that a reader asked for at any time, and those asked for all the time."""

    ever: frozenset[int]
    always: frozenset[int]

    def now(self, topics: frozenset[int]) -> "Wish":
        return Wish(self.ever | topics, self.always & topics)


class Readers(RuleBasedStateMachine):
    make: Callable[[], Newsroom]

    @initialize()
    def begin(self) -> None:
        self.room, self.now, self.count = self.make(), BEGIN, 0
        self.wishes: dict[int, Wish] = {}
        self.about: dict[int, int] = {}
        self.paused: set[int] = set()
        with self.room.db.transaction() as s:
            topics = [Topic(slug=slug, name=slug) for slug in ("moon", "mars", "stars")]
            s.add_all(topics)
            s.flush()
            self.topics = [topic.id for topic in topics]
            s.add(MailingList(slug="weekly", name="Weekly", weekdays=1 << 4, send_hour=17, created_at=BEGIN))
            s.add(MailingList(slug="alerts", name="Alerts", weekdays=0, created_at=BEGIN))
        self.room.begin(self.now)
        with self.room.db.reading() as s:
            self.lists = {row.slug: row.id for row in s.scalars(select(MailingList))}
        self.join(3)

    @rule(topic=pick)
    def publish(self, topic: int) -> None:
        self.count += 1
        post_id = self.room.publish(f"Story {self.count}", self.now)
        self.about[post_id] = self.topics[topic % 3]
        with self.room.db.transaction() as s:
            s.add(PostTopic(post_id=post_id, topic_id=self.about[post_id], position=1))

    @precondition(lambda self: len(self.wishes) < 6)
    @rule(only=st.sampled_from([3, 3, 1, 2]))
    def join(self, only: int) -> None:
        id_ = self.room.reader(f"reader{len(self.wishes)}@example.org", self.now)
        everything = frozenset(self.topics)
        self.wishes[id_] = Wish(everything, everything)
        self._choose(id_, **self._topics(only))
        self.wishes[id_] = Wish(self._asked(id_), self._asked(id_))

    @rule(who=pick, only=st.integers(1, 3))
    def follow_other_topics(self, who: int, only: int) -> None:
        self._choose(self._reader(who), **self._topics(only))

    def _topics(self, only: int) -> dict[str, object]:
        """The first one or two topics alone, or everything."""
        return {"topics": frozenset(self.topics[: min(only, 2)]), "only_followed": only < 3}

    @rule(
        who=pick,
        zone=st.sampled_from(ZONES),
        hour=st.sampled_from([None, 0, 1, 2, 7, 23]),
        days=st.sampled_from(DAYS),
        at_once=st.booleans(),
    )
    def choose(self, who: int, zone: str | None, hour: int | None, days: int, at_once: bool) -> None:
        self._choose(self._reader(who), timezone=zone or "", hour=hour, days=days, at_once=at_once)

    @rule(who=pick, slugs=st.sets(st.sampled_from(["daily", "weekly", "alerts"]), min_size=1))
    def take_lists(self, who: int, slugs: set[str]) -> None:
        self._choose(self._reader(who), lists=frozenset(self.lists[slug] for slug in slugs))

    def _choose(self, id_: int, **wanted: object) -> None:
        """As the preference page does it; whoever is away has nothing to choose."""
        with self.room.db.reading() as s:
            before = choices.chosen(s, s.get_one(Subscriber, id_))
        with suppress(Gone, Invalid):
            choosing.choose(self.room.db, id_, replace(before, **wanted), self.now, self.room.settings)  # type: ignore[arg-type]
        self.wishes[id_] = self.wishes[id_].now(self._asked(id_))

    def _asked(self, id_: int) -> frozenset[int]:
        with self.room.db.reading() as s:
            chosen = choices.chosen(s, s.get_one(Subscriber, id_))
        return chosen.topics if chosen.only_followed else frozenset(self.topics)

    @rule(who=pick, days=st.sampled_from([0, 1, 5, 20]))
    def pause(self, who: int, days: int) -> None:
        db, id_, settings = self.room.db, self._reader(who), self.room.settings
        with suppress(Gone, Invalid):
            if days:
                until = self.now.date() + timedelta(days=days)
                choosing.pause(db, id_, until, self.now, settings)
                self.paused.add(id_)
            else:
                choosing.resume(db, id_, self.now, settings)

    @rule(who=pick)
    def go_weekly(self, who: int) -> None:
        with suppress(Gone, Invalid):
            choosing.go_weekly(self.room.db, self._reader(who), self.now, self.room.settings)

    @rule(slug=st.sampled_from(["weekly", "alerts"]), on=st.booleans())
    def put_everybody_on_or_off_a_list(self, slug: str, on: bool) -> None:
        db, everybody = self.room.db, bulk.Choice(tuple(self.wishes))
        if on:
            bulk.subscribe(
                db, everybody, len(self.wishes), self.lists[slug], "Ada", self.now, self.room.settings
            )
        else:
            bulk.unsubscribe(db, everybody, len(self.wishes), self.lists[slug], "Ada", self.now)

    @precondition(lambda self: self.about)
    @rule(
        slug=st.sampled_from(["daily", "daily", "weekly", "alerts"]),
        which=st.sets(pick, min_size=1, max_size=2),
    )
    def send_a_special_edition(self, slug: str, which: set[int]) -> None:
        db, settings, posts = self.room.db, self.room.settings, sorted(self.about)
        made = specials.make(db, self.lists[slug], "Extra", self.now, settings)
        for one in sorted({posts[n % len(posts)] for n in which}):
            with suppress(Conflict):  # it went out with that list
                adding.add(db, made, one, self.now)
        with suppress(Conflict):  # it is empty
            compiling.send_now(db, self.now, settings, made)
            return
        specials.discard(db, made)

    @rule(who=pick)
    def leave_or_return(self, who: int) -> None:
        db, id_ = self.room.db, self._reader(who)
        with db.reading() as s:
            is_in = s.get_one(Subscriber, id_).state == SubscriberState.CONFIRMED
        if is_in:
            leaving.leave(db, id_, self.now, settings=self.room.settings)
        else:
            leaving.come_back(db, id_, self.now, settings=self.room.settings)

    @rule(step=st.sampled_from(STEPS), back=st.booleans(), ticks=st.booleans())
    def let_time_pass(self, step: timedelta, back: bool, ticks: bool) -> None:
        self.now = max(BEGIN, self.now - min(step, timedelta(hours=1)) if back else self.now + step)
        if ticks:
            self.room.tick(self.now)

    @rule()
    def come_to_a_readers_moment(self) -> None:
        with self.room.db.reading() as s:
            coming = s.scalars(select(Subscription.next_at).where(Subscription.next_at > self.now)).all()
        self.now = min([moment for moment in coming if moment], default=self.now)
        self.room.tick(self.now)

    @rule()
    def come_to_the_lists_hour(self) -> None:
        self.now = max(self.now, min(e.due_at for e in self._open()))
        self.room.tick(self.now)

    @rule(hour=st.integers(0, 23), zone=st.sampled_from(["UTC", "Europe/London", "Pacific/Kiritimati"]))
    def move_the_list(self, hour: int, zone: str) -> None:
        self.room.settings = self.room.settings.model_copy(update={"send_hour": hour, "timezone": zone})

    @rule(hold=st.booleans())
    def hold_or_release(self, hold: bool) -> None:
        with self.room.db.transaction() as s:
            for edition in s.scalars(select(Edition).where(Edition.state == "open")):
                edition.held_at = self.now if hold else None

    @rule()
    def send_now(self) -> None:
        with suppress(Conflict):  # nothing to send
            compiling.send_now(self.room.db, self.now, self.room.settings)

    @invariant()
    def nobody_gets_a_story_twice_or_too_early_or_unasked(self) -> None:
        with self.room.db.reading() as s:
            released = {post.id: post.released_at for post in s.scalars(select(Post))}
            special = select(EditionPost.post_id).join(Edition, Edition.id == EditionPost.edition_id)
            for_all = set(s.scalars(special.where(Edition.kind == EditionKind.SPECIAL)))
            for reader_id, wish in self.wishes.items():
                told = owing.told(self.room.db, reader_id)
                assert max(Counter(post for post, _ in told).values(), default=1) == 1
                for post_id, at in told:
                    moment = released[post_id]
                    assert moment and at >= moment
                    assert self.about[post_id] in wish.ever or post_id in for_all

    def teardown(self) -> None:
        """At last everybody has what their lists carried since they began with them, and what was mailed at once meanwhile."""
        if not hasattr(self, "room"):
            return
        self.hold_or_release(False)
        with self.room.db.reading() as s:
            rest = max([self.now, *filter(None, s.scalars(select(Post.released_at)))])
        for _ in range(2):
            rest = max([rest, *(e.due_at for e in self._open())])
            self.room.tick(rest)
        for id_ in self.wishes:
            self._resume(id_)
        self.room.tick(rest)
        while moments := self._moments_of_those_behind():
            self.room.tick(min(moments))
        missing = {
            id_: self._owed(id_) - {post for post, _ in owing.told(self.room.db, id_)} for id_ in self.wishes
        }
        self.room.db.close()
        assert missing == {id_: set() for id_ in self.wishes}

    def _resume(self, id_: int) -> None:
        with suppress(Gone):
            choosing.resume(self.room.db, id_, self.now, self.room.settings)

    def _moments_of_those_behind(self) -> list[datetime]:
        behind = (
            select(Subscription.next_at)
            .join(MailingList)
            .join(Subscriber)
            .where(
                Subscription.position < MailingList.last_number, Subscriber.state == SubscriberState.CONFIRMED
            )
        )
        with self.room.db.reading() as s:
            return [moment for moment in s.scalars(behind) if moment]

    def _open(self) -> list[Edition]:
        return [edition for edition in self.room.editions() if edition.state == "open"]

    def _reader(self, who: int) -> int:
        return sorted(self.wishes)[who % len(self.wishes)]

    def _owed(self, reader_id: int) -> set[int]:
        at_once = () if reader_id in self.paused else (self.lists["alerts"],)
        found = owing.owed(self.room.db, reader_id, at_once, BEGIN)
        return {post for post in found if self.about[post] in self.wishes[reader_id].always}


def test_every_reader_gets_every_story_once_on_sqlite(fresh_sqlite: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_sqlite, examples=14, steps=30)


def test_every_reader_gets_every_story_once_on_postgresql(fresh_postgres: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_postgres, examples=4, steps=25)
