"""The dry run: what would become of each line, counted, with the first hundred that are refused. No reader is touched."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from blog.db import Database
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.lists import reading as lists
from newsletter.moving import holding, judging, tables
from newsletter.moving.entries import Line
from newsletter.moving.holding import CHUNK, Held
from newsletter.moving.judging import Options, Verdict
from newsletter.moving.model import RunState
from newsletter.subscribers import suppression

MOST_REJECTED = 100
AT_ONCE = 8
"""So many chunks are looked at between two notes of how far it has come."""
AS_WISHED = Options(extras=True)
"""The editor chooses later; till then every gain counts."""


@dataclass
class Found:
    """What a stretch of lines came to."""

    position: int
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[list[object]] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    """Lists that the file names and that are not here."""


def check(db: Database, held: Held, settings: Settings) -> int:
    """Goes on from where it stood until the time is over or the file is at its end. Returns how many lines it looked at."""
    secret, seen, found = secret_key(settings), set[bytes](), Found(held.position)
    position, looked = held.position, 0
    with db.reading() as s:
        slugs = {lists.DAILY} | {view.slug for view in lists.every_list(s)}
    for number, chunk in enumerate(tables.chunks(_unseen(held, seen), CHUNK), 1):
        _look(db, chunk, seen, found, secret, slugs)
        looked += len(chunk)
        if number % AT_ONCE == 0 or held.is_over:
            if not _note(db, held, position, found):
                return looked
            position, found = found.position, Found(found.position)
            if held.is_over:
                return looked
    _note(db, held, position, found, is_last=True)
    return looked


def _unseen(held: Held, seen: set[bytes]) -> Iterator[Line]:
    """The lines after the position; those before it are remembered as seen."""
    for line in tables.lines(held.content):
        if line.index > held.position:
            yield line
        elif line.entry:
            seen.add(_mark(line.entry.typed))


def _look(
    db: Database, chunk: Sequence[Line], seen: set[bytes], found: Found, secret: str, slugs: set[str]
) -> None:
    reads = [judging.read(line) for line in chunk]
    keys = [read.address.key for read in reads if read.address]
    with db.reading() as s:
        here = judging.readers(s, keys)
        kept_out = suppression.suppressed_among(s, secret, keys)
    for read in reads:
        mark = _mark(read.entry.typed)
        if read.address is None:
            verdict = Verdict.INVALID
            if len(found.rejected) < MOST_REJECTED:
                found.rejected.append([read.line.table, read.line.number, read.entry.typed[:100], read.fault])
        elif mark in seen:
            verdict = Verdict.DUPLICATE
        else:
            key = read.address.key
            verdict = judging.judge(read.entry, here.get(key), key in kept_out, AS_WISHED)
            found.strangers |= set(read.entry.choices.lists) - slugs
        seen.add(mark)
        found.counts[verdict.value] += 1
    found.position = chunk[-1].index


def _note(db: Database, held: Held, position: int, found: Found, *, is_last: bool = False) -> bool:
    with db.transaction() as s:
        run = holding.row(s, held, position)
        if run is None:
            return False
        holding.add(run, "counts", found.counts)
        told = run.report
        holding.write(
            run,
            rejected=[*told.get("rejected", []), *found.rejected][:MOST_REJECTED],
            strangers=sorted({*told.get("strangers", []), *found.strangers})[:20],
        )
        run.position, run.moved_at = found.position, held.now
        if is_last:
            run.state, run.total, run.position = RunState.READY, found.position, 0
        return True


def _mark(typed: str) -> bytes:
    """Eight bytes for an address, so that a million of them fit."""
    return blake2b(typed.strip().casefold().encode(), digest_size=8).digest()
