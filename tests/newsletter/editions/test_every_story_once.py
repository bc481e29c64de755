"""Whatever happens in a newsroom, every published story is in exactly one edition: a random walk against that one sentence."""

from collections import Counter
from collections.abc import Callable
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

from blog.posts.model import Post, PostState
from blog.refusals import Conflict, NotFound
from newsletter.delivery.model import Letter
from newsletter.editions import arranging, compiling
from newsletter.editions.model import Edition, EditionPost, EditionState
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.editions.walking import fresh_postgres, fresh_sqlite, plain, walk

__all__ = ["fresh_postgres", "fresh_sqlite", "plain"]
BEGIN = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
STEPS = [timedelta(minutes=m) for m in (0, 1, 59, 7 * 60, 23 * 60, 25 * 60, 9 * 24 * 60)]
ARRANGE = ["pin", "unpin", "up", "down", "drop", "put_back", "retitle"]
pick = st.integers(0, 10_000)


class Newsdays(RuleBasedStateMachine):
    make: Callable[[], Newsroom]

    @initialize()
    def begin(self) -> None:
        self.room, self.now, self.count = self.make(), BEGIN, 0
        self.posts: list[int] = []
        self.room.reader("ann@example.org", self.now)
        self.room.begin(self.now)

    @rule(in_digest=st.integers(0, 5))
    def publish(self, in_digest: int) -> None:
        self.count += 1
        self.posts.append(self.room.publish(f"Story {self.count}", self.now, in_digest=in_digest > 0))

    @rule()
    def publish_to_the_microsecond(self) -> None:
        """One just before the hour, one on it, one after; a tick at the hour; all by the clock of the newsroom."""
        due = self.room.open().due_at
        for moment in (due - MICROSECOND, due, due + MICROSECOND):
            self.now = max(self.now, moment)
            self.publish(1)
            if moment == due:
                self.room.tick(due)

    @rule(step=st.sampled_from(STEPS), back=st.booleans(), ticks=st.booleans())
    def let_time_pass(self, step: timedelta, back: bool, ticks: bool) -> None:
        self.now = max(BEGIN, self.now - min(step, timedelta(hours=1)) if back else self.now + step)
        if ticks:
            self.room.tick(self.now)

    @rule()
    def come_to_the_hour(self) -> None:
        self.now = max(self.now, self.room.open().due_at)
        self.room.tick(self.now)

    @precondition(lambda self: self.posts)
    @rule(which=pick)
    def withdraw_or_publish_again(self, which: int) -> None:
        post_id = self.posts[which % len(self.posts)]
        with self.room.db.reading() as s:
            is_public = s.get_one(Post, post_id).state == PostState.PUBLISHED
        self.room.change(post_id, state=PostState.WITHDRAWN if is_public else PostState.PUBLISHED)

    @precondition(lambda self: self.posts)
    @rule(which=pick, in_digest=st.booleans())
    def edit(self, which: int, in_digest: bool) -> None:
        self.room.change(self.posts[which % len(self.posts)], title=f"Edited {which}", in_digest=in_digest)

    @rule(
        hour=st.integers(0, 23),
        zone=st.sampled_from(["UTC", "Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
    )
    def change_the_hour(self, hour: int, zone: str) -> None:
        self.room.settings = self.room.settings.model_copy(update={"send_hour": hour, "timezone": zone})

    @precondition(lambda self: self.posts)
    @rule(which=pick, deed=st.sampled_from(ARRANGE))
    def arrange(self, which: int, deed: str) -> None:
        db, edition_id, post_id = self.room.db, self.room.open().id, self.posts[which % len(self.posts)]
        try:
            if deed in ("up", "down"):
                arranging.move(db, edition_id, post_id, self.now, up=deed == "up")
            elif deed == "retitle":
                arranging.retitle(db, edition_id, post_id, f"Other {which}", self.now)
            else:
                getattr(arranging, deed)(db, edition_id, post_id, self.now)
        except NotFound:
            assert post_id not in self._candidates()

    @rule()
    def send_now(self) -> None:
        shown = [story.post_id for story in self._coming().stories]
        try:
            edition_id = compiling.send_now(self.room.db, self.now, self.room.settings)
        except Conflict:
            assert not shown
        else:
            with self.room.db.reading() as s:
                kept = select(EditionPost.post_id).where(
                    EditionPost.edition_id == edition_id, EditionPost.dropped.is_(False)
                )
                assert list(s.scalars(kept.order_by(EditionPost.position))) == shown

    @invariant()
    def every_day_has_at_most_one_edition_and_one_is_open(self) -> None:
        editions = self.room.editions()
        assert max(Counter(e.local_date for e in editions).values()) == 1
        assert sum(e.state == EditionState.OPEN for e in editions) == 1

    @invariant()
    def what_left_had_stories_and_one_letter_a_reader(self) -> None:
        with self.room.db.reading() as s:
            letters = Counter(s.scalars(select(Letter.about_id)))
            left = s.scalars(select(Edition).where(Edition.state.in_(("sending", "sent")))).all()
            assert {e.id: e.recipients for e in left} == letters == {e.id: 1 for e in left}
            told = select(EditionPost.edition_id).where(
                EditionPost.dropped.is_(False), EditionPost.title != ""
            )
            assert {e.id for e in left} <= set(s.scalars(told))

    def teardown(self) -> None:
        """At last the newsroom rests: after the next edition every public story has had its place exactly once."""
        if not hasattr(self, "room"):
            return
        with self.room.db.reading() as s:
            rest = max([self.now, *s.scalars(select(Post.released_at))])
        self.room.tick(rest)
        self.room.tick(self.room.open().due_at)
        with self.room.db.reading() as s:
            closed = select(EditionPost.post_id).join(Edition, Edition.id == EditionPost.edition_id)
            places = Counter(s.scalars(closed.where(Edition.state != EditionState.OPEN)))
            public = s.scalars(select(Post.id).where(Post.state == PostState.PUBLISHED, Post.in_digest)).all()
        self.room.db.close()
        assert {post_id: places[post_id] for post_id in public} == dict.fromkeys(public, 1)

    def _coming(self) -> arranging.Coming:
        return arranging.coming(self.room.db, self.now, self.room.settings)

    def _candidates(self) -> set[int]:
        coming = self._coming()
        return {story.post_id for story in (*coming.stories, *coming.dropped)}


def test_every_story_is_in_exactly_one_edition_on_sqlite(fresh_sqlite: Callable[[], Newsroom]) -> None:
    walk(Newsdays, fresh_sqlite, examples=24, steps=30)


def test_every_story_is_in_exactly_one_edition_on_postgresql(fresh_postgres: Callable[[], Newsroom]) -> None:
    walk(Newsdays, fresh_postgres, examples=5, steps=25)
