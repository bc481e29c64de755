"""Which stories were clicked, and from which place of a mail. Sums only: they hold for readers who are long gone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.reading import stories_with
from newsletter.figures.model import Click, ClickCount

MOST = 10


@dataclass(frozen=True)
class Story:
    post_id: int
    title: str
    path: str
    authors: tuple[str, ...]
    clicks: int
    """Different readers of each mail, and the clicks of those who are not named."""


@dataclass(frozen=True)
class Place:
    """One story in one place of one kind of mail."""

    kind: str
    edition_id: int
    post_id: int
    title: str
    slot: int
    is_machine: bool
    readers: int
    nameless: int


@dataclass(frozen=True)
class Clicked:
    """The clicks of one edition."""

    stories: tuple[Story, ...]
    """The most clicked first."""
    slots: tuple[tuple[int, int], ...]
    """(place, clicks), from the first place on."""
    machines: tuple[tuple[str, int], ...]
    """(reason, clicks): reasons as in ``machines``; those of nobody's in particular under an empty one."""

    @property
    def by_machines(self) -> int:
        return sum(number for _, number in self.machines)


def best(db: Database, since: datetime, most: int = MOST) -> tuple[Story, ...]:
    """Of all mails; stories whose clicks began after ``since``."""
    clicks = func.sum(ClickCount.readers + ClickCount.nameless).label("clicks")
    counted = (
        select(ClickCount.post_id, clicks)
        .where(ClickCount.is_machine.is_(False), ClickCount.since >= since)
        .group_by(ClickCount.post_id)
        .order_by(clicks.desc(), ClickCount.post_id.desc())
        .limit(most)
    )
    with db.reading() as s:
        return _stories(s, {row.post_id: int(row.clicks) for row in s.execute(counted) if row.clicks})


def of_edition(db: Database, edition_id: int) -> Clicked:
    mine = select(ClickCount).where(ClickCount.kind == "digest", ClickCount.edition_id == edition_id)
    with db.reading() as s:
        rows = s.scalars(mine).all()
        stories: Counter[int] = Counter()
        slots: Counter[int] = Counter()
        for row in rows:
            if not row.is_machine and row.readers + row.nameless:
                stories[row.post_id] += row.readers + row.nameless
                slots[max(row.slot, 1)] += row.readers + row.nameless
        nameless = sum(row.nameless for row in rows if row.is_machine)
        return Clicked(_stories(s, stories), tuple(sorted(slots.items())), _machines(s, edition_id, nameless))


def places(db: Database) -> tuple[Place, ...]:
    """Everything that was ever counted, the newest edition first."""
    order = (ClickCount.edition_id.desc(), ClickCount.slot, ClickCount.post_id, ClickCount.is_machine)
    with db.reading() as s:
        rows = s.scalars(select(ClickCount).order_by(*order)).all()
        titles = {post_id: one.title for post_id, one in stories_with(s, {r.post_id for r in rows}).items()}
        return tuple(
            Place(
                row.kind, row.edition_id, row.post_id, titles.get(row.post_id, ""), row.slot, row.is_machine,  # type: ignore[call-overload]
                row.readers, row.nameless,
            )
            for row in rows
        )  # fmt: skip


def machine_clicks(db: Database) -> tuple[tuple[int, str, int], ...]:
    """(edition, reason, clicks) of all digests, the newest first; those of nobody's in particular under an empty reason."""
    with db.reading() as s:
        made = select(ClickCount.edition_id).where(
            ClickCount.kind == "digest", ClickCount.is_machine.is_(True)
        )
        editions = s.scalars(made.distinct().order_by(ClickCount.edition_id.desc())).all()
        return tuple(
            (edition_id, why, number)
            for edition_id in editions
            for why, number in _machines(s, edition_id, _nameless(s, edition_id))
        )


def _nameless(s: Session, edition_id: int) -> int:
    mine = (
        ClickCount.kind == "digest",
        ClickCount.edition_id == edition_id,
        ClickCount.is_machine.is_(True),
    )
    return int(s.scalar(select(func.sum(ClickCount.nameless)).where(*mine)) or 0)


def _stories(s: Session, clicks: Mapping[int, int]) -> tuple[Story, ...]:
    known: Mapping[Any, Any] = stories_with(s, clicks.keys())
    in_order = sorted(clicks.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Story(post_id, known[post_id].title, known[post_id].path, known[post_id].authors, number)
        for post_id, number in in_order
        if post_id in known
    )


def _machines(s: Session, edition_id: int, nameless: int) -> tuple[tuple[str, int], ...]:
    number = func.count()
    mine = (Click.kind == "digest", Click.edition_id == edition_id, Click.is_machine.is_(True))
    counted = select(Click.why_machine, number).where(*mine).group_by(Click.why_machine)
    found = {row[0]: row[1] for row in s.execute(counted)} | ({"": nameless} if nameless else {})
    return tuple(sorted(found.items(), key=lambda pair: -pair[1]))
