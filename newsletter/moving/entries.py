"""One line of a file, understood: who it is, what became of them there, and what they chose. Made by the formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.lists.model import EVERY_DAY
from newsletter.subscribers.model import Subject, SubscriberState

ENDED = (SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.COMPLAINED)
"""States in which a reader gets nothing."""


@dataclass(frozen=True)
class Choices:
    """What a reader chose, by the names that last: slugs, not ids. Only our own export knows them."""

    lists: tuple[str, ...] = ()
    days: int = EVERY_DAY
    """Those of the daily list, as is ``at_once``."""
    at_once: bool = False
    hour: int | None = None
    timezone: str | None = None
    paused_until: datetime | None = None
    only_followed: bool = False
    pictures: bool = True
    clicks: bool = True
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tastes: tuple[tuple[Subject, str, int], ...] = ()
    """What they want more of (1) or less of (-1)."""


@dataclass(frozen=True)
class Entry:
    typed: str
    """The address as it stands in the file."""
    state: SubscriberState = SubscriberState.CONFIRMED
    name: str = ""
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    reason: str = ""
    source: str | None = None
    form: str | None = None
    """None where the file cannot know: then it is the import."""
    campaign: str = ""
    choices: Choices = Choices()
    fields: Mapping[str, str] = field(default_factory=dict)
    """What has its place among a reader's own fields."""
    extras: Mapping[str, str] = field(default_factory=dict)
    """Columns that we have no place for, by their names in the file; kept where the editor wishes."""

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True)
class Line:
    index: int
    """Counted over all tables of the file, from 1, blank ones left out."""
    table: str
    number: int
    """Where it begins in its table, as an editor program counts lines."""
    entry: Entry | None
    """None where the line could not be read."""
