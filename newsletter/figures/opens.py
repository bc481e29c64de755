"""An estimate of how many opened an edition, where the publication counts that at all (``count_opens``).

The picture in a mail is fetched by GET, and no GET changes a row: its door appends a line to ``<data>/opens/<day>.log``, and the
clock's sweep folds the lines into the table. Many mail programs fetch all pictures by themselves, so it is called an estimate.
"""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.settings import Settings
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.marks import read_mark
from newsletter.editions.model import Edition
from newsletter.figures.model import OpenEstimate

FULL = 64 * 1024 * 1024
"""Bytes after which a day's file takes no more lines."""


def note(settings: Settings, secret: str, text: str, at: datetime) -> None:
    """Writes down that a picture was fetched. Does nothing where opens are not counted or the mark is none of ours."""
    made = read_mark(secret, text) if settings.count_opens else None
    if made is None or made.kind != "digest" or made.post_id or not made.reader_id:
        return
    folder = settings.data / "opens"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{at:%Y-%m-%d}.log"
    # One short write at the end of the file: the lines of several processes do not mix.
    with path.open("ab", buffering=0) as file:
        if file.tell() < FULL:
            file.write(f"{made.edition_id} {made.reader_id}\n".encode())


def fold(db: Database, settings: Settings, at: datetime) -> int:
    """Counts the files into the table: each reader once for an edition and day. Files of days that are over are then removed.

    Folding twice gives the same numbers. Returns how many files there were.
    """
    paths = sorted((settings.data / "opens").glob("????-??-??.log"))
    for path in paths:
        day = date.fromisoformat(path.stem)
        counted = _counted(path)
        with db.transaction() as s:
            _keep(s, day, counted)
        if day < at.date():
            path.unlink(missing_ok=True)
    return len(paths)


def _counted(path: Path) -> dict[int, int]:
    readers: defaultdict[int, set[str]] = defaultdict(set)
    with path.open() as file:
        for line in file:
            edition_id, _, reader_id = line.strip().partition(" ")
            if edition_id.isdigit() and reader_id.isdigit():
                readers[int(edition_id)].add(reader_id)
    return {edition_id: len(those) for edition_id, those in readers.items()}


def _keep(s: Session, day: date, counted: dict[int, int]) -> None:
    known = set(s.scalars(select(Edition.id).where(Edition.id.in_(counted))))
    rows = [{"edition_id": key, "day": day, "number": counted[key]} for key in sorted(known)]
    if rows:
        insert = insert_into(s, OpenEstimate)
        fresh, kept = insert.excluded.number, OpenEstimate.number
        # A line that was a moment late begins the file of a day anew that was counted already.
        more = {"number": case((fresh > kept, fresh), else_=kept)}
        s.execute(insert.on_conflict_do_update(index_elements=["edition_id", "day"], set_=more), rows)
