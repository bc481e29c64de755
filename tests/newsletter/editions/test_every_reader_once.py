"""Whatever readers choose and however clocks are set, each gets each story that their choices ask for exactly once."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import delete, select

from blog.posts.model import Post, PostTopic, Topic
from blog.refusals import Conflict
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import compiling, sharing
from newsletter.editions.model import Edition, EditionPost
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.subscribers import leaving, serving
from newsletter.subscribers.model import Consent, Follow, Subscriber, SubscriberState, Subscription
from tests.cast import Newsroom
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
        with self.room.db.transaction() as s:
            topics = [Topic(slug=slug, name=slug) for slug in ("moon", "mars", "stars")]
            s.add_all(topics)
            s.flush()
            self.topics = [topic.id for topic in topics]
            s.add(MailingList(slug="weekly", name="Weekly", weekdays=1 << 4, send_hour=17, created_at=BEGIN))
        self.room.begin(self.now)
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
        topics = self._follow(id_, only)
        self.wishes[id_] = Wish(topics, topics)

    @rule(who=pick, only=st.integers(1, 3))
    def follow_other_topics(self, who: int, only: int) -> None:
        id_ = self._reader(who)
        self.wishes[id_] = self.wishes[id_].now(self._follow(id_, only))

    def _follow(self, id_: int, only: int) -> frozenset[int]:
        """The first one or two topics alone, or everything."""
        topics = self.topics[:only]
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, id_)
            reader.only_followed = only < 3
            s.execute(delete(Follow).where(Follow.subscriber_id == id_))
            s.add_all(Follow(subscriber_id=id_, subject="topic", subject_id=topic) for topic in topics[:2])
            serving.settle(s, reader, self.now, self.room.settings)
        return frozenset(topics)

    @rule(
        who=pick,
        zone=st.sampled_from(ZONES),
        hour=st.sampled_from([None, 0, 1, 2, 7, 23]),
        days=st.sampled_from(DAYS),
        at_once=st.booleans(),
    )
    def choose(self, who: int, zone: str | None, hour: int | None, days: int, at_once: bool) -> None:
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, self._reader(who))
            reader.timezone, reader.hour = zone, hour
            for one in s.scalars(select(Subscription).where(Subscription.subscriber_id == reader.id)):
                one.days, one.at_once = days, at_once
            serving.settle(s, reader, self.now, self.room.settings)

    @rule(who=pick, days=st.sampled_from([0, 1, 5, 20]))
    def pause(self, who: int, days: int) -> None:
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, self._reader(who))
            reader.paused_until = self.now + timedelta(days=days) if days else None
            serving.settle(s, reader, self.now, self.room.settings)

    @rule(who=pick)
    def take_or_drop_the_weekly(self, who: int) -> None:
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, self._reader(who))
            weekly = s.scalars(select(MailingList.id).where(MailingList.slug == "weekly")).one()
            if s.get(Subscription, (reader.id, weekly)):
                serving.unsubscribe(s, reader.id, weekly)
            else:
                serving.subscribe(s, reader, weekly, self.now, self.room.settings)

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
        self.now = max(self.now, min(e.due_at for e in self.room.editions() if e.state == "open"))
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
            for reader_id, wish in self.wishes.items():
                told = self._told(reader_id)
                assert max(Counter(post for post, _ in told).values(), default=1) == 1
                for post_id, at in told:
                    moment = released[post_id]
                    assert moment and at >= moment
                    assert self.about[post_id] in wish.ever

    def teardown(self) -> None:
        """At last everybody has what their lists carried since they began with them."""
        if not hasattr(self, "room"):
            return
        self.hold_or_release(False)
        with self.room.db.reading() as s:
            rest = max([self.now, *filter(None, s.scalars(select(Post.released_at)))])
        for _ in range(2):
            rest = max([rest, *(e.due_at for e in self.room.editions() if e.state == "open")])
            self.room.tick(rest)
        for id_ in self.wishes:
            self._resume(id_)
        self.room.tick(rest)
        while moments := self._moments_of_those_behind():
            self.room.tick(min(moments))
        missing = {id_: self._owed(id_) - {post for post, _ in self._told(id_)} for id_ in self.wishes}
        self.room.db.close()
        assert missing == {id_: set() for id_ in self.wishes}

    def _resume(self, id_: int) -> None:
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, id_)
            reader.paused_until = None
            serving.settle(s, reader, self.now, self.room.settings)

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

    def _reader(self, who: int) -> int:
        return sorted(self.wishes)[who % len(self.wishes)]

    def _told(self, reader_id: int) -> list[tuple[int, datetime]]:
        """Every story a letter to this reader carries, with the time at which the letter was written."""
        with self.room.db.reading() as s:
            letters = s.scalars(
                select(Letter).where(Letter.reader_id == reader_id, Letter.state != LetterState.SKIPPED)
            ).all()
            told = [(letter.about_id, letter.created_at) for letter in letters if letter.kind == "story"]
            for letter in letters:
                if letter.kind == "digest":
                    posts = sharing.shares(s, letter.about_id, [reader_id])[reader_id]
                    assert posts, "a digest without a story"
                    told += [(post_id, letter.created_at) for post_id in posts]
            return told

    def _owed(self, reader_id: int) -> set[int]:
        wish = self.wishes[reader_id]
        with self.room.db.reading() as s:
            reader = s.get_one(Subscriber, reader_id)
            if reader.state != SubscriberState.CONFIRMED:
                return set()
            owed: set[int] = set()
            for one in s.scalars(select(Subscription).where(Subscription.subscriber_id == reader_id)):
                carried = select(EditionPost.post_id).join(Edition, Edition.id == EditionPost.edition_id)
                since = max(one.since, self._returned(reader_id))
                owed |= set(
                    s.scalars(carried.where(Edition.list_id == one.list_id, Edition.closed_at > since))
                )
        return {post for post in owed if self.about[post] in wish.always}

    def _returned(self, reader_id: int) -> datetime:
        back = select(Consent.at).where(Consent.subscriber_id == reader_id, Consent.deed == "returned")
        with self.room.db.reading() as s:
            return max(s.scalars(back), default=BEGIN)


def test_every_reader_gets_every_story_once_on_sqlite(fresh_sqlite: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_sqlite, examples=20, steps=30)


def test_every_reader_gets_every_story_once_on_postgresql(fresh_postgres: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_postgres, examples=4, steps=25)
