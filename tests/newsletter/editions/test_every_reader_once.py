"""Whatever readers choose and however clocks are set, each gets each story that their choices ask for exactly once."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from blog.posts.model import Post
from blog.refusals import Conflict
from newsletter.editions import adding, compiling, specials
from newsletter.editions.model import Edition, EditionKind, EditionPost
from newsletter.lists.model import MailingList
from newsletter.subscribers import bulk
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription
from tests.cast import Newsroom
from tests.newsletter.editions import owing
from tests.newsletter.editions.readership import BEGIN, Readership, pick
from tests.newsletter.editions.walking import fresh_postgres, fresh_sqlite, plain, walk
from tests.newsletter.editions.wire import Wire

__all__ = ["fresh_postgres", "fresh_sqlite", "plain"]
STEPS = [timedelta(minutes=m) for m in (1, 59, 5 * 60, 7 * 60, 24 * 60, 25 * 60, 8 * 24 * 60)]


class Readers(Readership):
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

    @rule()
    def let_letters_leave(self) -> None:
        """By the real sender: nobody who is away is written to."""
        taken = self.wire.deliver(self.now)
        assert not {self.addresses[id_] for id_ in self.away}.intersection(taken)

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
        self.wire = Wire(self.room)

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
                    assert self.about[post_id] & wish.ever or post_id in for_all

    @invariant()
    def nothing_waits_for_who_left_and_nothing_is_written_in_a_pause(self) -> None:
        with self.room.db.reading() as s:
            until = {id_: s.get_one(Subscriber, id_).paused_until for id_ in self.hush}
        for letter in owing.waiting(self.room.db):
            assert letter.reader_id not in self.away
            if letter.id > self.hush.get(letter.reader_id, letter.id):
                end = until[letter.reader_id]
                assert end is None or letter.created_at >= end

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
        self.wire.deliver(rest)
        while moments := self._moments_of_those_behind():
            self.room.tick(min(moments))
            self.wire.deliver(min(moments))
        assert owing.waiting(self.room.db) == []
        missing = {
            id_: self._owed(id_) - {post for post, _ in owing.told(self.room.db, id_)} for id_ in self.wishes
        }
        self.room.db.close()
        assert missing == {id_: set() for id_ in self.wishes}

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

    def _owed(self, reader_id: int) -> set[int]:
        at_once = () if reader_id in self.paused else (self.lists["alerts"],)
        found = owing.owed(self.room.db, reader_id, at_once, BEGIN)
        return {post for post in found if self.about[post] & self.wishes[reader_id].always}


def test_every_reader_gets_every_story_once_on_sqlite(fresh_sqlite: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_sqlite, examples=14, steps=30)


def test_every_reader_gets_every_story_once_on_postgresql(fresh_postgres: Callable[[], Newsroom]) -> None:
    walk(Readers, fresh_postgres, examples=4, steps=25)
