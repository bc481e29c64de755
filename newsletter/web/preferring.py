"""What the open preference page shows, and what its form says. Called by the views in ``preferences``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta

from werkzeug.datastructures import MultiDict

from blog import links
from blog.db import Database
from blog.posts import reading as posts
from blog.settings import Settings
from newsletter.editions import expecting
from newsletter.figures import clicks
from newsletter.lists.model import EVERY_DAY
from newsletter.subscribers import choices, taking
from newsletter.subscribers.choices import Choices, Preferences
from newsletter.subscribers.choosing import LONGEST_PAUSE
from newsletter.subscribers.model import Subject
from newsletter.web import zones
from newsletter.web.wiring import Tokens

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUNDAY_BIT = 6
Form = MultiDict[str, str]


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Moment:
    name: str
    """Of the list."""
    words: str


@dataclass(frozen=True)
class Sheet:
    """The open page. ``choices`` are those that stand, or those just typed where they were refused."""

    token: str
    prefs: Preferences
    choices: Choices
    when: str
    """every, days, weekly or once."""
    topics: tuple[Option, ...]
    authors: tuple[Option, ...]
    tastes: tuple[Option, ...]
    regions: tuple[zones.Region, ...]
    moments: tuple[Moment, ...]
    tomorrow: date
    latest: date
    leave: str
    """Where one unsubscribes."""
    paused: str = ""
    """``6 Dec``, in the reader's own zone."""
    usual_zone: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    done: str = ""
    """What was just done: saved, paused, resumed or asked."""
    clock: str = ""
    """The local time of it."""

    def has_day(self, number: int) -> bool:
        return bool(self.choices.days >> number & 1)

    @property
    def weekly_day(self) -> int:
        """Which day a weekly digest comes on; Sunday until one is chosen."""
        days = self.choices.days
        return days.bit_length() - 1 if days.bit_count() == 1 else SUNDAY_BIT


def sheet(
    db: Database, tokens: Tokens, token: str, reader_id: int, at: datetime, settings: Settings
) -> Sheet:
    """Raises NotFound."""
    prefs = choices.preferences(db, reader_id, at, settings)
    expected = expecting.moments(db, reader_id, at, settings)
    coming = tuple(Moment(one.name, _moment(prefs, expected.get(one.id), at)) for one in prefs.held)
    return _drawn(db, prefs, prefs.choices, token, links.leave(tokens.leave(reader_id)), at, coming)


def refused(
    db: Database, before: Sheet, typed: Choices, when: str, faults: Mapping[str, Sequence[str]], at: datetime
) -> Sheet:
    """The same page with what was typed and why it was not saved."""
    again = _drawn(db, before.prefs, typed, before.token, before.leave, at, before.moments, when)
    told = {name: " ".join(sentences) for name, sentences in faults.items()}
    return replace(again, faults=told)


def marked(shown: Sheet, done: str, at: datetime) -> Sheet:
    """``done`` comes from the address, so only known words count."""
    if done not in ("saved", "paused", "resumed", "asked"):
        return shown
    return replace(shown, done=done, clock=f"{at.astimezone(shown.prefs.zone):%H:%M}")


def read_choices(form: Form, standing: Choices) -> tuple[Choices, str]:
    """What the form says, and which of the four radios was pressed. Nonsense numbers are as if nothing were said."""
    when = form.get("when", "")
    days = {"days": _bits(form.getlist("day")), "weekly": _bits([form.get("weekly", "")])}.get(
        when, EVERY_DAY
    )
    if not when:
        days = standing.days
    hour = form.get("hour", "")
    return Choices(
        lists=frozenset(_numbers(form.getlist("list"))), days=days, at_once=when == "once",
        timezone=form.get("timezone", "").strip()[:64], hour=next(iter(_numbers([hour])), None),
        topics=frozenset(_numbers(form.getlist("topic"))), authors=frozenset(_numbers(form.getlist("author"))),
        only_followed="only" in form, tastes=frozenset(_tastes(form.getlist("taste"))),
        pictures="pictures" in form, clicks="clicks" in form,
    ), when  # fmt: skip


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def copy_of(db: Database, reader_id: int, at: datetime) -> str:
    """Everything on record about a reader, as JSON. Raises NotFound."""
    taken = asdict(taking.take(db, reader_id, at))
    with db.reading() as s:
        taken["clicks"] = [asdict(one) for one in clicks.of_reader(s, reader_id)]
    return json.dumps(taken, indent=2, ensure_ascii=False, default=_as_text) + "\n"


def _drawn(
    db: Database,
    prefs: Preferences,
    chosen: Choices,
    token: str,
    leave: str,
    at: datetime,
    coming: tuple[Moment, ...],
    when: str = "",
) -> Sheet:
    topics = [(int(topic.id), topic.name, topic.stories) for topic, _ in posts.topics(db)]
    authors = [(int(one.id), one.name, one.stories) for one in posts.authors(db)]
    today = at.astimezone(prefs.zone).date()
    paused = prefs.paused_until.astimezone(prefs.zone) if prefs.paused_until else None
    return Sheet(
        token, prefs, chosen, when or _when(chosen), _options(topics, chosen.topics), _options(authors, chosen.authors),
        _gathered(prefs, chosen, topics, authors), zones.regions(chosen.timezone), coming,
        today + timedelta(days=1), today + LONGEST_PAUSE - timedelta(days=1), leave,
        f"{paused.day} {paused:%b}" if paused else "", zones.place(prefs.usual.zone.key),
    )  # fmt: skip


def _when(chosen: Choices) -> str:
    if chosen.at_once:
        return "once"
    if chosen.days == EVERY_DAY:
        return "every"
    return "weekly" if chosen.days.bit_count() == 1 else "days"


def _options(known: Iterable[tuple[int, str, int]], chosen: frozenset[int]) -> tuple[Option, ...]:
    return tuple(Option(str(number), name, stories, number in chosen) for number, name, stories in known)


def _gathered(
    prefs: Preferences,
    chosen: Choices,
    topics: Iterable[tuple[int, str, int]],
    authors: Iterable[tuple[int, str, int]],
) -> tuple[Option, ...]:
    names = {(Subject.TOPIC, number): name for number, name, _ in topics}
    names |= {(Subject.AUTHOR, number): name for number, name, _ in authors}
    return tuple(
        Option(
            f"{one.subject}:{one.subject_id}",
            f"{'More' if one.more else 'Less'} {'by' if one.subject == Subject.AUTHOR else 'about'} {names[key]}",
            0,
            (str(one.subject), one.subject_id) in chosen.tastes,
        )
        for one in prefs.tastes
        if (key := (one.subject, one.subject_id)) in names
    )


def _moment(prefs: Preferences, next_at: datetime | None, at: datetime) -> str:
    if next_at is None:
        until = prefs.paused_until
        after = f" from {_day(until.astimezone(prefs.zone).date())} on" if until else ""
        return f"each story when it comes out{after}"
    if next_at <= at:
        return "within minutes, if there is news"
    local = next_at.astimezone(prefs.zone)
    return f"{_day(local.date())} at {local:%H:%M} ({zones.time_of(prefs.zone.key)})"


def _day(day: date) -> str:
    """``Tuesday 24 Nov``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%b}"


def _bits(numbers: Iterable[str]) -> int:
    return sum(1 << number for number in {*_numbers(numbers)} if number < len(WEEKDAYS))


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]


def _tastes(texts: Iterable[str]) -> Iterable[tuple[str, int]]:
    for text in texts:
        subject, _, number = text.partition(":")
        if subject in set(Subject):
            yield from ((subject, one) for one in _numbers([number]))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
