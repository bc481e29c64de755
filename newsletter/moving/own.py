"""Our own export, read back: every choice comes home by the names of lists, topics and authors."""

from collections.abc import Iterator, Mapping

from blog import zones
from newsletter.lists.model import EVERY_DAY
from newsletter.moving import cells
from newsletter.moving.entries import Choices, Entry
from newsletter.subscribers import exporting
from newsletter.subscribers.model import Subject, SubscriberState

HOURS = {str(hour): hour for hour in range(24)}
WEIGHTS = {word: weight for weight, word in exporting.TASTES.items()}


def columns() -> frozenset[str]:
    return frozenset(exporting.COLUMNS)


def fits(columns: frozenset[str]) -> bool:
    return {"email", "state", "lists", "only_followed"} <= columns


def read(row: Mapping[str, str], _table: str) -> Entry:
    row = {name: exporting.plain(cell) for name, cell in row.items()}
    fields = cells.table(row.get("fields", ""))
    return Entry(
        typed=row.get("email", ""),
        state=_state(row.get("state", "")),
        name=cells.clean(row.get("name", ""), 120),
        created_at=cells.moment(row.get("created_at", "")),
        confirmed_at=cells.moment(row.get("confirmed_at", "")),
        left_at=cells.moment(row.get("left_at", "")),
        reason=cells.clean(row.get("reason", ""), 300),
        source=cells.clean(row.get("source", ""), 200),
        form=cells.clean(row.get("form", ""), 60),
        campaign=cells.clean(row.get("campaign", ""), 100),
        choices=_choices(row),
        fields=fields,
    )


def _choices(row: Mapping[str, str]) -> Choices:
    zone = row.get("timezone", "")
    return Choices(
        lists=cells.words(row.get("lists", ""), exporting.JOINT),
        days=_days(row.get("days", "")),
        at_once=cells.yes(row.get("at_once", "")),
        hour=HOURS.get(row.get("hour", "")),
        timezone=zone if zone in zones.names() else None,
        paused_until=cells.moment(row.get("paused_until", "")),
        only_followed=cells.yes(row.get("only_followed", "")),
        pictures=cells.yes(row.get("pictures", "") or "yes"),
        clicks=cells.yes(row.get("clicks", "") or "yes"),
        topics=cells.words(row.get("topics", ""), exporting.JOINT),
        authors=cells.words(row.get("authors", ""), exporting.JOINT),
        tastes=tuple(_tastes(row.get("tastes", ""))),
    )


def _tastes(cell: str) -> Iterator[tuple[Subject, str, int]]:
    for word in cells.words(cell, exporting.JOINT):
        way, _, about = word.partition(":")
        kind, _, slug = about.partition(":")
        if way in WEIGHTS and kind in set(Subject):
            yield Subject(kind), slug, WEIGHTS[way]


def _state(cell: str) -> SubscriberState:
    """A state that we do not know gets no mail by our guess."""
    cell = cell.casefold()
    return SubscriberState(cell) if cell in set(SubscriberState) else SubscriberState.PENDING


def _days(cell: str) -> int:
    bits = sum(
        1 << exporting.WEEKDAYS.index(day)
        for day in set(cell.casefold().split(exporting.JOINT))
        if day in exporting.WEEKDAYS
    )
    return bits or EVERY_DAY
