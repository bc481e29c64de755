"""Which readers are meant: one filter for the desk's list, saved segments, exports, bulk acts and figures.

The same filter in three shapes: the words of an address line (``read``, ``written``), a ``ReaderFilter``, and SQL (``chosen``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from newsletter.delivery.model import Letter, LetterState
from newsletter.lists.model import MailingList
from newsletter.subscribers import fields
from newsletter.subscribers.model import Follow, Subject, Subscriber, SubscriberState, Subscription

LONGEST = 200
BIGGEST = 2**63 - 1
ACTIVITIES = {
    "mail-30": "Mail accepted in the last 30 days",
    "no-mail-30": "No mail accepted in 30 days",
}
ENGAGEMENTS = {
    "clicked-30": "Clicked in the last 30 days",
    "clicked-90": "Clicked in the last 90 days",
    "lapsed-90": "Clicked once, but not in the last 90 days",
    "never-clicked": "Never clicked",
    "uncounted": "Clicks not counted, as they wish",
}
DIGESTS = ("digest", "story")
"""The kinds of letters by which a reader gets stories."""


@dataclass(frozen=True)
class ReaderFilter:
    """An empty field does not narrow."""

    words: str = ""
    """Any part of the address or the name."""
    state: str = ""
    list_slug: str = ""
    topic_id: int = 0
    author_id: int = 0
    source: str = ""
    """Any part of the page's path or the other site's address."""
    form: str = ""
    campaign: str = ""
    since: date | None = None
    until: date | None = None
    """Joined on this day or later, on this day or earlier."""
    activity: str = ""
    """One of ACTIVITIES: whether mail reaches them."""
    engagement: str = ""
    """One of ENGAGEMENTS: what they do with it."""
    field: str = ""
    value: str = ""
    """A custom field and what it must hold; without a value it must only be there."""
    paused: bool = False


def read(said: Mapping[str, str]) -> ReaderFilter:
    """What an address line or a saved segment says. Unknown names and impossible values do not narrow."""
    words = {name: text.replace("\0", "").strip()[:LONGEST] for name, text in said.items()}
    state, activity, field = words.get("state", ""), words.get("activity", ""), words.get("field", "")
    # Segments that were saved when both were one list still mean what they meant.
    engagement = words.get("engagement", "") or activity
    return ReaderFilter(
        words=words.get("q", ""),
        state=state if state in set(SubscriberState) else "",
        list_slug=words.get("list", ""),
        topic_id=number(words.get("topic", "")),
        author_id=number(words.get("author", "")),
        source=words.get("source", ""),
        form=words.get("form", ""),
        campaign=words.get("campaign", ""),
        since=_date(words.get("since", "")),
        until=_date(words.get("until", "")),
        activity=activity if activity in ACTIVITIES else "",
        engagement=engagement if engagement in ENGAGEMENTS else "",
        field=field if fields.is_name(field) else "",
        value=words.get("value", "") if fields.is_name(field) else "",
        paused=words.get("paused", "") == "yes",
    )


def written(wanted: ReaderFilter) -> dict[str, str]:
    """The pairs of an address line; ``read`` takes them back."""
    pairs = {
        "q": wanted.words,
        "state": wanted.state,
        "list": wanted.list_slug,
        "topic": str(wanted.topic_id or ""),
        "author": str(wanted.author_id or ""),
        "source": wanted.source,
        "form": wanted.form,
        "campaign": wanted.campaign,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "activity": wanted.activity,
        "engagement": wanted.engagement,
        "field": wanted.field,
        "value": wanted.value,
        "paused": "yes" if wanted.paused else "",
    }
    return {name: text for name, text in pairs.items() if text}


def chosen(wanted: ReaderFilter, at: datetime, zone: tzinfo = UTC) -> Select[Subscriber]:
    """The readers as they are at ``at``, in no order. Days are those of ``zone``."""
    return select(Subscriber).where(*_conditions(wanted, at, zone))


def number(text: str) -> int:
    """A number as rows bear it; 0 for anything else."""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return found if found <= BIGGEST else 0


def _conditions(wanted: ReaderFilter, at: datetime, zone: tzinfo) -> list[ColumnElement[bool]]:
    found = [
        *_equal(wanted),
        *_joined(wanted, zone),
        *_active(wanted.activity, at),
        *_engaged(wanted.engagement, at),
        *_contains(wanted.source, Subscriber.source),
        *_named(wanted.words),
        *_follows(Subject.TOPIC, wanted.topic_id),
        *_follows(Subject.AUTHOR, wanted.author_id),
    ]
    if wanted.list_slug:
        found.append(_gets(wanted.list_slug))
    if wanted.paused:
        found.append(Subscriber.paused_until > at)
    if wanted.field:
        name, value = wanted.field, wanted.value
        found.append(fields.holds(name, value) if value else fields.text_of(name).is_not(None))
    return found


def _equal(wanted: ReaderFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (Subscriber.state, wanted.state),
        (Subscriber.form, wanted.form),
        (Subscriber.campaign, wanted.campaign),
    )
    return [column == text for column, text in pairs if text]


def _named(words: str) -> list[ColumnElement[bool]]:
    """Names as they were typed: folding an "ß" makes it two other letters."""
    by_name = Subscriber.name.icontains(words, autoescape=True)
    return [or_(*_contains(words.casefold(), Subscriber.address_key), by_name)] if words else []


def _contains(words: str, column: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    return [column.icontains(words, autoescape=True)] if words else []


def _joined(wanted: ReaderFilter, zone: tzinfo) -> list[ColumnElement[bool]]:
    found = []
    if wanted.since:
        found.append(Subscriber.created_at >= _midnight(wanted.since, zone))
    if wanted.until and wanted.until < date.max:
        found.append(Subscriber.created_at < _midnight(wanted.until + timedelta(days=1), zone))
    return found


def _active(activity: str, at: datetime) -> list[ColumnElement[bool]]:
    if not activity:
        return []
    silent = and_(*(_no_mail_since(kind, at - timedelta(days=30)) for kind in DIGESTS))
    return [silent if activity == "no-mail-30" else not_(silent)]


def _engaged(engagement: str, at: datetime) -> list[ColumnElement[bool]]:
    """Whoever does not want their clicks counted has none: nothing may be concluded from that."""
    last = Subscriber.last_click_at
    asked: dict[str, list[ColumnElement[bool]]] = {
        "clicked-30": [last > at - timedelta(days=30)],
        "clicked-90": [last > at - timedelta(days=90)],
        "lapsed-90": [last <= at - timedelta(days=90)],
        "never-clicked": [last.is_(None), Subscriber.clicks.is_(True)],
        "uncounted": [Subscriber.clicks.is_(False)],
    }
    return asked.get(engagement, [])


def _no_mail_since(kind: str, since: datetime) -> ColumnElement[bool]:
    """Asks only for the newest one of each reader, which an index finds at once however many there are."""
    newest = (
        select(Letter.settled_at)
        .where(Letter.reader_id == Subscriber.id, Letter.kind == kind, Letter.state == LetterState.ACCEPTED)
        .order_by(Letter.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest < since, True)


def _follows(subject: Subject, subject_id: int) -> list[ColumnElement[bool]]:
    mine = (Follow.subscriber_id == Subscriber.id, Follow.subject == subject, Follow.subject_id == subject_id)
    return [select(Follow.subscriber_id).where(*mine, Follow.weight > 0).exists()] if subject_id else []


def _gets(slug: str) -> ColumnElement[bool]:
    list_id = select(MailingList.id).where(MailingList.slug == slug).scalar_subquery()
    mine = (Subscription.subscriber_id == Subscriber.id, Subscription.list_id == list_id)
    return select(Subscription.list_id).where(*mine).exists()


def _midnight(day: date, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
