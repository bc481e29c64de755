"""The run: five hundred lines a transaction, and how far it has come in the same one. A run that was killed goes on from there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.db import Database
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import AFTER_EDITIONS
from newsletter.moving import formats, holding, judging, seating, tables
from newsletter.moving.entries import Entry
from newsletter.moving.holding import CHUNK, Held
from newsletter.moving.judging import Options, Read, Verdict
from newsletter.moving.model import ImportRun, RunId, RunState
from newsletter.moving.seating import Seat, Subjects
from newsletter.subscribers import leaving, suppression
from newsletter.subscribers.model import Consent, Subscriber, SubscriberState

TRIES = 3


@dataclass
class Taken:
    """What one chunk came to, before it is written."""

    source: str
    readers: dict[str, Subscriber]
    counts: Counter[str] = field(default_factory=Counter)
    seats: list[Seat] = field(default_factory=list)


def source_of(run_id: RunId) -> str:
    """How the history of a reader names the import that brought them."""
    return f"import {run_id}"


def take(db: Database, held: Held, settings: Settings) -> int:
    """Goes on from where it stood until the time is over, the file is at its end or somebody stops it. Returns the lines done."""
    known, position = seating.subjects(db), held.position
    ahead = (line for line in tables.lines(held.content) if line.index > held.position)
    for chunk in tables.chunks(ahead, CHUNK):
        reads = [judging.read(line) for line in chunk]
        if not _chunk(db, held, position, reads, known, settings):
            return position - held.position
        position = chunk[-1].index
        if held.is_over:
            return position - held.position
    _finish(db, held, position)
    return position - held.position


def _chunk(
    db: Database, held: Held, position: int, reads: Sequence[Read], known: Subjects, settings: Settings
) -> bool:
    """Again where somebody signed up in the same moment: then they are here, and the line finds them."""
    for left in reversed(range(TRIES)):
        try:
            with db.transaction() as s:
                run = holding.row(s, held, position)
                if run is not None:
                    _take(s, run, held.now, reads, known, settings)
                return run is not None
        except IntegrityError:
            if not left:
                raise
    return False


def _take(
    s: Session, run: ImportRun, at: datetime, reads: Sequence[Read], known: Subjects, settings: Settings
) -> None:
    options, secret = Options(**run.options), secret_key(settings)
    keys = [read.address.key for read in reads if read.address]
    kept_out = suppression.suppressed_among(s, secret, keys)
    taken = Taken(source_of(RunId(run.id)), judging.readers(s, keys, locked=True))
    for read in reads:
        if read.address is None:
            taken.counts[Verdict.INVALID] += 1
            continue
        reader = taken.readers.get(read.address.key)
        verdict = judging.judge(read.entry, reader, read.address.key in kept_out, options)
        taken.counts[verdict.value] += 1
        if reader is None and verdict != Verdict.SUPPRESSED:
            made = seating.row(read.entry, read.address, options, at)
            taken.readers[made.address_key] = made
            taken.seats.append(Seat(made, read.entry))
            s.add(made)
        elif reader is not None:
            _meet(s, reader, read.entry, verdict, taken, options, at, secret)
    _welcome(s, taken, known, options, formats.label(run.format), at, settings)
    holding.add(run, "done", taken.counts)
    run.position, run.moved_at = reads[-1].line.index, at


def _meet(
    s: Session,
    reader: Subscriber,
    entry: Entry,
    verdict: Verdict,
    taken: Taken,
    options: Options,
    at: datetime,
    secret: str,
) -> None:
    """Somebody who is here already."""
    gain = judging.gain(entry, reader, options) if verdict == Verdict.FILLED else None
    if gain:
        reader.name, reader.fields = gain.name, gain.fields
        s.flush()
        s.add(Consent(subscriber_id=reader.id, deed="noted", at=at, source=taken.source))
    if verdict == Verdict.STOPPED:
        s.flush()
        leaving.stop(s, reader, entry.state, at, taken.source, entry.reason or "Left elsewhere.", secret)


def _welcome(
    s: Session, taken: Taken, known: Subjects, options: Options, label: str, at: datetime, settings: Settings
) -> None:
    s.flush()
    for seat in taken.seats:
        detail = _detail(seat.entry, label)
        s.add(
            Consent(subscriber_id=seat.reader.id, deed="imported", at=at, source=taken.source, detail=detail)
        )
    seating.seat(s, taken.seats, known, options, at, settings)
    if options.confirm_again:
        for seat in taken.seats:
            if seat.reader.state == SubscriberState.PENDING:
                _ask(s, seat.reader, taken.source, at)


def _ask(s: Session, reader: Subscriber, source: str, at: datetime) -> None:
    reader.asked_at = at
    s.add(Consent(subscriber_id=reader.id, deed="asked", at=at, source=source))
    about = int(at.timestamp())
    outbox.put(s, "confirmation", about, reader.id, reader.address, at, priority=AFTER_EDITIONS)


def _detail(entry: Entry, label: str) -> str:
    said = entry.confirmed_at or entry.created_at
    return f"{label}; joined there on {said:%Y-%m-%d}" if said else f"{label}; it does not say since when"


def _finish(db: Database, held: Held, position: int) -> None:
    with db.transaction() as s:
        run = holding.row(s, held, position)
        if run:
            run.state, run.moved_at = RunState.DONE, held.now
