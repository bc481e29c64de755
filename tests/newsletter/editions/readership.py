"""Readers who come, choose, pause, leave, come back and delete everything: one half of the random walk over them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)
from sqlalchemy import select

from blog.posts.model import Topic
from blog.refusals import Gone, Invalid
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.subscribers import choices, choosing, erasing, leaving, tasting
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.newsletter.editions import owing
from tests.newsletter.editions.owing import Key
from tests.newsletter.editions.post_office import SECRET
from tests.newsletter.editions.wire import Wire

BEGIN = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
"""Two days before Europe's clocks are set forward; America's are already."""
ZONES = [
    None,
    "Europe/London",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/St_Johns",
    "Australia/Lord_Howe",
]
DAYS = [EVERY_DAY, 1 << 6, 0b0010101]
TOKENS = Tokens(SECRET)
pick = st.integers(0, 10_000)


@dataclass
class Wish:
    """The topics and authors that a reader asked for at any time, and those asked for all the time."""

    ever: frozenset[Key]
    always: frozenset[Key]

    def now(self, keys: frozenset[Key]) -> "Wish":
        return Wish(self.ever | keys, self.always & keys)


class Readership(RuleBasedStateMachine):
    """What each of them asked for is remembered as the walk goes on; ``away`` are those who left or are deleted."""

    make: Callable[[], Newsroom]

    @initialize()
    def begin(self) -> None:
        self.room, self.now, self.count = self.make(), BEGIN, 0
        self.wishes: dict[int, Wish] = {}
        self.addresses: dict[int, str] = {}
        self.about: dict[int, frozenset[Key]] = {}
        self.paused: set[int] = set()
        self.hush: dict[int, int] = {}
        self.away: set[int] = set()
        self.wire = Wire(self.room)
        with self.room.db.transaction() as s:
            topics = [Topic(slug=slug, name=slug) for slug in ("moon", "mars", "stars")]
            s.add_all(topics)
            s.flush()
            self.topics = [topic.id for topic in topics]
            s.add(MailingList(slug="weekly", name="Weekly", weekdays=1 << 4, send_hour=17, created_at=BEGIN))
            s.add(MailingList(slug="alerts", name="Alerts", weekdays=0, created_at=BEGIN))
        self.authors = [self.room.author(name, BEGIN) for name in ("Ada", "Bo")]
        self.everything = frozenset(
            (*(("topic", n) for n in self.topics), *(("author", n) for n in self.authors))
        )
        self.room.begin(self.now)
        with self.room.db.reading() as s:
            self.lists = {row.slug: row.id for row in s.scalars(select(MailingList))}
        self.join(3)

    @rule(topic=pick, author=st.booleans())
    def publish(self, topic: int, author: bool) -> None:
        self.count += 1
        topic_id, author_id = self.topics[topic % 3], self.authors[author]
        post_id = self.room.publish(f"Story {self.count}", self.now, topics=[topic_id], authors=[author_id])
        self.about[post_id] = frozenset({("topic", topic_id), ("author", author_id)})

    @precondition(lambda self: len(self.addresses) < 6)
    @rule(only=st.sampled_from([3, 3, 1, 2]))
    def join(self, only: int) -> None:
        address = f"reader{len(self.addresses)}@example.org"
        id_ = self.room.reader(address, self.now)
        self.addresses[id_], self.wishes[id_] = address, Wish(self.everything, self.everything)
        self._choose(id_, **self._topics(only))
        self.wishes[id_] = Wish(self._asked(id_), self._asked(id_))

    @rule(who=pick, only=st.integers(1, 3), author=st.booleans())
    def follow_others(self, who: int, only: int, author: bool) -> None:
        self._choose(self._reader(who), authors=frozenset(self.authors[:author]), **self._topics(only))

    @precondition(lambda self: self.about)
    @rule(who=pick, which=pick, more=st.booleans())
    def want_more_or_less_like_one(self, who: int, which: int, more: bool) -> None:
        id_, post_id = self._reader(who), sorted(self.about)[which % len(self.about)]
        token = TOKENS.taste(id_, post_id, more)
        with suppress(Gone):
            tasting.say(self.room.db, TOKENS, token, self.now, self.room.settings)
        self.wishes[id_] = self.wishes[id_].now(self._asked(id_))

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

    def _asked(self, id_: int) -> frozenset[Key]:
        return owing.asked(self.room.db, id_, self.everything)

    @rule(who=pick, days=st.sampled_from([0, 1, 5, 20]))
    def pause(self, who: int, days: int) -> None:
        db, id_, settings = self.room.db, self._reader(who), self.room.settings
        with suppress(Gone, Invalid):
            if days:
                until = self.now.date() + timedelta(days=days)
                choosing.pause(db, id_, until, self.now, settings)
                self.paused.add(id_)
                self.hush[id_] = owing.last_letter(db)
            else:
                self._resume(id_)

    @rule(who=pick)
    def go_weekly(self, who: int) -> None:
        with suppress(Gone, Invalid):
            choosing.go_weekly(self.room.db, self._reader(who), self.now, self.room.settings)

    @rule(who=pick)
    def leave_or_return(self, who: int) -> None:
        db, id_ = self.room.db, self._reader(who)
        with db.reading() as s:
            is_in = s.get_one(Subscriber, id_).state == SubscriberState.CONFIRMED
        if is_in:
            leaving.leave(db, id_, self.now, settings=self.room.settings)
            self.away.add(id_)
        else:
            leaving.come_back(db, id_, self.now, settings=self.room.settings)
            self.away.discard(id_)

    @precondition(lambda self: len(self.wishes) > 2)
    @rule(who=pick)
    def delete_everything(self, who: int) -> None:
        id_ = self._reader(who)
        erasing.erase(self.room.db, id_, self.now, self.room.settings)
        del self.wishes[id_]
        self.away.add(id_)
        self.hush.pop(id_, None)

    def _resume(self, id_: int) -> None:
        with suppress(Gone):
            choosing.resume(self.room.db, id_, self.now, self.room.settings)
            self.hush.pop(id_, None)

    def _reader(self, who: int) -> int:
        return sorted(self.wishes)[who % len(self.wishes)]
