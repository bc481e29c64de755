"""When the next digest leaves and what the last one was, in the words of pages. Called by the public doors and the panels."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blog.db import Database
from blog.settings import Settings
from newsletter.editions import archive, expecting
from newsletter.editions.archive import Neighbour
from newsletter.lists import reading as lists
from newsletter.lists.planning import next_due


def next_time(db: Database, at: datetime, settings: Settings) -> str:
    """``tomorrow at 07:00 (Lagos time)``."""
    with db.reading() as s:
        rhythm = lists.rhythm(lists.find_list(s), settings)
    return expecting.time_words(next_due(at, rhythm.zone, rhythm.hour).due_at, at, rhythm.zone)


def next_time_of(db: Database, reader_id: int, at: datetime, settings: Settings) -> str:
    """The same for one reader, by their own choices; empty where each story comes when it is out."""
    with db.reading() as s:
        return expecting.next_time(s, reader_id, at, settings)


def last_edition(db: Database) -> Neighbour | None:
    with db.reading() as s:
        return archive.latest(s)


def when(due_at: datetime, zone: str) -> str:
    """``Mon 23 Nov at 07:00 (Lagos)``."""
    local = due_at.astimezone(ZoneInfo(zone))
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%a} {local.day} {local:%b} at {local:%H:%M} ({place})"
