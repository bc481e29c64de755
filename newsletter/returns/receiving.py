"""What follows from what came back. Called by the mailbox, the listener, the webhooks and the sweep of refusals.

Hard: the reader bounced, at once. Complaint: the reader complained, at once. Soft: on four different days, without a letter that
arrived in between. Block: nobody is held to account but we, and many of them pause sending. The same report twice is once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.model import Letter
from newsletter.delivery.verdicts import without_address
from newsletter.returns import counting, matching, reports
from newsletter.returns.judging import Kind
from newsletter.returns.matching import Keys, Match
from newsletter.returns.mime import header, parse
from newsletter.returns.model import Returned
from newsletter.returns.reports import Report
from newsletter.subscribers import leaving
from newsletter.subscribers.model import Subscriber, SubscriberState

log = structlog.get_logger()

Alarm = Callable[[str, str], None]
"""Writes to the administrators: subject, text."""


@dataclass(frozen=True)
class Event:
    """One report of a provider, whose signature was checked: the address that it names is believed."""

    id: str
    """The provider's own, the same when it reports again."""
    report: Report
    address: str


@dataclass(frozen=True)
class Taken:
    """How many reports were new, how many had come before, and how many are about nothing of ours."""

    new: int = 0
    repeated: int = 0
    unknown: int = 0
    stopped: int = 0
    """Readers who get no more mail for it."""


def take(
    db: Database, raw: bytes, envelope_to: Iterable[str], at: datetime, keys: Keys, via: str, alarm: Alarm
) -> Taken:
    """One mail that came back. ``envelope_to`` are the addresses at which it arrived, as far as they are known."""
    found = reports.read(raw)
    with db.transaction() as s:
        letter = matching.by_envelope(s, envelope_to, keys)
        for one in found:
            letter = letter or matching.by_traces(s, one.about, keys)
        report = matching.about_one(found, letter.address) if letter else None
        if letter is None or report is None:
            return Taken(unknown=1)
        what = header(parse(raw), "Message-ID") or sha256(raw).hexdigest()
        entered = _enter(s, matching.match(s, letter), report, what, at, keys.secret, via)
    return _summed([entered], alarm)


def take_events(
    db: Database, events: Sequence[Event], at: datetime, keys: Keys, via: str, alarm: Alarm
) -> Taken:
    """What a provider reports, each event in its own transaction: one that fails is reported again, the others stand."""
    return _summed([_take_event(db, event, at, keys, via) for event in events], alarm)


@dataclass(frozen=True)
class _Entered:
    is_known: bool = True
    is_new: bool = False
    stopped: bool = False
    paused: str = ""
    """The server's words, when this one paused sending."""


def enter(s: Session, found: Match, report: Report, what: str, at: datetime, secret: str, via: str) -> bool:
    """For refusals that the ledger holds already. True where the report is new."""
    return _enter(s, found, report, what, at, secret, via).is_new


def _take_event(db: Database, event: Event, at: datetime, keys: Keys, via: str) -> _Entered:
    report = event.report
    with db.transaction() as s:
        letter = matching.by_traces(s, report.about, keys)
        found = matching.match(s, letter) if letter else Match(None, matching.by_address(s, event.address))
        if letter is None and found.reader is None:
            return _Entered(is_known=False)
        return _enter(s, found, report, event.id, at, keys.secret, via)


def _enter(
    s: Session, found: Match, report: Report, what: str, at: datetime, secret: str, via: str
) -> _Entered:
    row = None if report.kind is Kind.NOTHING else _write(s, found, report, what, at, via)
    if row is None:
        return _Entered()
    paused = ""
    reader = found.reader
    if report.kind is Kind.BLOCK:
        paused = counting.weigh_block(s, row, found.letter, at)
        row.stopped = bool(paused)
    elif reader and (end := _end(s, row, found.letter, reader, report.kind)):
        row.stopped = leaving.stop(s, reader, end, at, _source(found, via), _why(report), secret)
    log.info("return.taken", kind=row.kind, code=row.code, via=via, stopped=row.stopped)
    return _Entered(is_new=True, stopped=row.stopped and not paused, paused=paused)


def _source(found: Match, via: str) -> str:
    """The edition that cost us the reader, in the words by which figures count those who left by one."""
    letter = found.letter
    return f"edition {letter.about_id}" if letter and letter.kind == "digest" else f"returns {via}"


def _why(report: Report) -> str:
    is_said = report.code in report.words
    return without_address(report.words if is_said else f"{report.code} {report.words}".strip())


def _end(
    s: Session, row: Returned, letter: Letter | None, reader: Subscriber, kind: Kind
) -> SubscriberState | None:
    if kind is Kind.COMPLAINT:
        return SubscriberState.COMPLAINED
    if letter and reader.confirmed_at and letter.created_at < reader.confirmed_at:
        return None  # They have pressed a button in a mail since: the address lives.
    if kind is Kind.HARD or counting.is_given_up(s, reader, row.at, row.via):
        return SubscriberState.BOUNCED
    return None


def _write(s: Session, found: Match, report: Report, what: str, at: datetime, via: str) -> Returned | None:
    """None where the same stands there already."""
    letter_id = found.letter.id if found.letter else None
    about = f"letter {letter_id}" if letter_id else f"reader {found.reader.id if found.reader else 0}"
    key = sha256(f"{about}\0{report.kind}\0{what}".encode("utf-8", "replace")).hexdigest()
    row = insert_into(s, Returned).values(
        letter_id=letter_id,
        subscriber_id=found.reader.id if found.reader else None,
        kind=report.kind.value,
        code=report.code,
        words=report.words,
        counts=report.counts,
        stopped=False,
        at=at,
        via=via,
        key=key,
    )
    made = s.scalar(row.on_conflict_do_nothing().returning(Returned.id))
    return s.scalars(select(Returned).where(Returned.id == made)).one() if made else None


def _summed(entered: Sequence[_Entered], alarm: Alarm) -> Taken:
    for one in entered:
        if one.paused:
            alarm(*counting.words_of_alarm(one.paused))
    known = [one for one in entered if one.is_known]
    new = sum(one.is_new for one in known)
    return Taken(new, len(known) - new, len(entered) - len(known), sum(one.stopped for one in known))
