"""What became of editions: their letters, who left by them, who clicked. Asked by the figures' pages and the sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import NotFound
from newsletter.delivery import books
from newsletter.delivery.model import LetterState
from newsletter.editions.model import Edition, EditionId, EditionState
from newsletter.figures import spans
from newsletter.figures.model import Click, ClickCount, OpenEstimate
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import Consent

LAST = 14
EVERY = 20_000
"""More than fifty years of a daily list."""
DEEDS = ("left", "bounced", "complained")


@dataclass(frozen=True)
class Departure:
    """An edition that went out. ``clicked`` are readers with a click of their own; ``opened`` is an estimate."""

    id: EditionId
    local_date: date
    subject: str
    list_name: str
    closed_at: datetime | None
    letters: int
    accepted: int
    refused: int
    skipped: int
    bounced: int
    complained: int
    left: int
    clicked: int
    nameless: int
    """Clicks that say of nobody whose they are."""
    opened: int

    @property
    def share_clicked(self) -> float:
        """In hundredths of the accepted letters."""
        return 100 * self.clicked / self.accepted if self.accepted else 0.0

    @property
    def share_opened(self) -> float:
        return min(100.0, 100 * self.opened / self.accepted) if self.accepted else 0.0


@dataclass(frozen=True)
class Pace:
    """Accepted letters by time; ``minutes`` is the length of one step."""

    minutes: int
    starts: tuple[datetime, ...]
    numbers: tuple[int, ...]


def last_editions(db: Database, most: int = LAST) -> tuple[Departure, ...]:
    """Of all lists, oldest first."""
    newest = _gone().order_by(Edition.closed_at.desc(), Edition.id.desc()).limit(most)
    with db.reading() as s:
        return tuple(reversed(_departures(s, s.execute(newest).all())))


def edition(db: Database, edition_id: int) -> tuple[Departure, Pace]:
    """Raises NotFound for one that has not gone out."""
    with db.reading() as s:
        found = _departures(s, s.execute(_gone().where(Edition.id == edition_id)).all())
        if not found:
            raise NotFound("No edition of that number has gone out.")
        return found[0], _pace(s, edition_id)


def _gone() -> Any:
    return (
        select(
            Edition.id, Edition.local_date, Edition.subject, Edition.closed_at, MailingList.name.label("list_name")
        )
        .join(MailingList, MailingList.id == Edition.list_id)
        .where(Edition.state.in_([EditionState.SENDING, EditionState.SENT]))
    )  # fmt: skip


def _departures(s: Session, rows: Sequence[Row[Any]]) -> list[Departure]:
    ids = [row.id for row in rows]
    letters, deeds = books.states(s, "digest", ids), _deeds(s, ids)
    clicked, nameless, opened = _clicked(s, ids), _nameless(s, ids), _opened(s, ids)
    return [
        Departure(
            id=EditionId(row.id),
            local_date=row.local_date,
            subject=row.subject,
            list_name=row.list_name,
            closed_at=row.closed_at,
            letters=sum(letters.get(row.id, {}).values()),
            accepted=letters.get(row.id, {}).get(LetterState.ACCEPTED, 0),
            refused=letters.get(row.id, {}).get(LetterState.REFUSED, 0),
            skipped=letters.get(row.id, {}).get(LetterState.SKIPPED, 0),
            bounced=deeds.get((f"edition {row.id}", "bounced"), 0),
            complained=deeds.get((f"edition {row.id}", "complained"), 0),
            left=deeds.get((f"edition {row.id}", "left"), 0),
            clicked=clicked.get(row.id, 0),
            nameless=nameless.get(row.id, 0),
            opened=opened.get(row.id, 0),
        )
        for row in rows
    ]


def _deeds(s: Session, ids: Sequence[int]) -> Mapping[tuple[str, str], int]:
    counted = (
        select(Consent.source, Consent.deed, func.count(func.distinct(Consent.subscriber_id)))
        .where(Consent.source.in_([f"edition {one}" for one in ids]), Consent.deed.in_(DEEDS))
        .group_by(Consent.source, Consent.deed)
    )
    return {(source, deed): number for source, deed, number in s.execute(counted)}


def _clicked(s: Session, ids: Sequence[int]) -> Mapping[int, int]:
    counted = (
        select(Click.edition_id, func.count(func.distinct(Click.subscriber_id)))
        .where(Click.kind == "digest", Click.edition_id.in_(ids), Click.is_machine.is_(False))
        .group_by(Click.edition_id)
    )
    return {row[0]: row[1] for row in s.execute(counted)}


def _nameless(s: Session, ids: Sequence[int]) -> Mapping[int, int]:
    counted = (
        select(ClickCount.edition_id, func.sum(ClickCount.nameless))
        .where(ClickCount.kind == "digest", ClickCount.edition_id.in_(ids), ClickCount.is_machine.is_(False))
        .group_by(ClickCount.edition_id)
    )
    return {edition_id: int(number) for edition_id, number in s.execute(counted)}


def _opened(s: Session, ids: Sequence[int]) -> Mapping[int, int]:
    counted = (
        select(OpenEstimate.edition_id, func.sum(OpenEstimate.number))
        .where(OpenEstimate.edition_id.in_(ids))
        .group_by(OpenEstimate.edition_id)
    )
    return {edition_id: int(number) for edition_id, number in s.execute(counted)}


def _pace(s: Session, edition_id: int) -> Pace:
    accepted = books.minutes(s, "digest", edition_id)
    if not accepted:
        return Pace(1, (), ())
    each, starts = spans.steps(accepted[0][0], accepted[-1][0])
    numbers = [0] * len(starts)
    for minute, number in accepted:
        numbers[(minute - starts[0]) // timedelta(minutes=each)] += number
    return Pace(each, starts, tuple(numbers))
