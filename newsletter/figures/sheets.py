"""All figures as sheets for a spreadsheet: a heading and rows of cells. The desk's door writes them as CSV (RFC 4180)."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from blog.db import Database
from blog.refusals import NotFound
from newsletter.figures import departures, growth, sources, spans, stories

Cell = str | int | float
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A cell that begins so would be reckoned, not read, by a spreadsheet."""


@dataclass(frozen=True)
class Sheet:
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheet(db: Database, what: str, at: datetime, zone: ZoneInfo) -> Sheet:
    """``what``: a name of SHEETS. Raises NotFound for anything else."""
    made = SHEETS.get(what)
    if made is None:
        raise NotFound("There is no such sheet of figures.")
    return made(db, at, zone)


def written(one: Sheet) -> str:
    """As CSV. Words that a spreadsheet would take for a formula get an apostrophe before them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(one.head)
    writer.writerows([safe(cell) for cell in row] for row in one.rows)
    return text.getvalue()


def safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


def _growth(db: Database, at: datetime, zone: ZoneInfo) -> Sheet:
    rows = growth.by_date(db, at, zone).stretches
    return Sheet(
        ("date", "joined", "left", "total"),
        tuple((f"{one.starts:%Y-%m-%d}", one.joined, one.left, one.total) for one in rows),
    )


def _sources(db: Database, at: datetime, zone: ZoneInfo) -> Sheet:
    found = sources.sources(db, spans.months(at, zone)[0], sources.PLACES)
    kinds: Iterable[tuple[str, tuple[sources.Origin, ...]]] = (
        ("form", found.forms), ("page", found.pages), ("campaign", found.campaigns), ("story", found.stories),
        ("author", found.authors),
    )  # fmt: skip
    return Sheet(
        ("what", "name", "address", "joined", "still reading"),
        tuple((kind, one.name, one.path, one.joined, one.stayed) for kind, some in kinds for one in some),
    )


def _editions(db: Database, _at: datetime, zone: ZoneInfo) -> Sheet:
    head = (
        "edition", "date", "list", "subject", "closed", "letters", "accepted", "refused", "skipped", "bounced", "complained",
        "left", "readers who clicked", "clicks without a name", "opens (estimate)",
    )  # fmt: skip
    rows = departures.last_editions(db, departures.EVERY)
    return Sheet(head, tuple(_edition(one, zone) for one in rows))


def _edition(one: departures.Departure, zone: ZoneInfo) -> tuple[Cell, ...]:
    closed = one.closed_at.astimezone(zone).isoformat(timespec="seconds") if one.closed_at else ""
    return (
        one.id, one.local_date.isoformat(), one.list_name, one.subject, closed, one.letters, one.accepted, one.refused,
        one.skipped, one.bounced, one.complained, one.left, one.clicked, one.nameless, one.opened,
    )  # fmt: skip


def _stories(db: Database, _at: datetime, _zone: ZoneInfo) -> Sheet:
    rows = stories.best(db, BEGINNING, departures.EVERY)
    return Sheet(
        ("story", "title", "address", "authors", "clicks"),
        tuple((one.post_id, one.title, one.path, ", ".join(one.authors), one.clicks) for one in rows),
    )


def _clicks(db: Database, _at: datetime, _zone: ZoneInfo) -> Sheet:
    return Sheet(
        ("letter", "edition", "story", "title", "place", "by a machine", "readers", "clicks without a name"),
        tuple(
            (
                one.kind, one.edition_id or "", one.post_id, one.title, one.slot, "yes" if one.is_machine else "no",
                one.readers, one.nameless,
            )
            for one in stories.places(db)
        ),
    )  # fmt: skip


def _machines(db: Database, _at: datetime, _zone: ZoneInfo) -> Sheet:
    return Sheet(
        ("edition", "reason", "clicks"),
        tuple(
            (edition_id, why or "unnamed", number) for edition_id, why, number in stories.machine_clicks(db)
        ),
    )


def _pace(db: Database, _at: datetime, zone: ZoneInfo) -> Sheet:
    """Of the editions that the overview shows."""
    return Sheet(
        ("edition", "from", "minutes", "accepted"),
        tuple(
            (one.id, start.astimezone(zone).isoformat(timespec="minutes"), pace.minutes, number)
            for one in departures.last_editions(db)
            for pace in [departures.edition(db, one.id)[1]]
            for start, number in zip(pace.starts, pace.numbers, strict=True)
        ),
    )


SHEETS: Mapping[str, Callable[[Database, datetime, ZoneInfo], Sheet]] = {
    "growth": _growth,
    "sources": _sources,
    "editions": _editions,
    "stories": _stories,
    "clicks": _clicks,
    "machines": _machines,
    "pace": _pace,
}
