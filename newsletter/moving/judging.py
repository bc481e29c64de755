"""What is to become of one line. The check and the run ask the same questions, so the report tells what will happen.

The reader's own word here outweighs any file: who left stays left, who has not confirmed stays unconfirmed, what somebody chose
stays chosen. A file only adds what is missing, so that taking it in twice is the same as once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.refusals import Invalid
from newsletter.lists.reading import DAILY
from newsletter.moving import cells
from newsletter.moving.entries import ENDED, Entry, Line
from newsletter.subscribers import address as addresses
from newsletter.subscribers.address import Address
from newsletter.subscribers.fields import JOINT, TAG
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.origins import IMPORT

UNREADABLE = (
    "This line can't be read: a quotation mark is opened and never closed, or a cell is far too long."
)


class Verdict(StrEnum):
    NEW = "new"
    """Becomes a confirmed reader."""
    PENDING = "pending"
    """Becomes a reader who has yet to confirm."""
    ENDED = "ended"
    """Had left, bounced or complained there; noted, so that they get nothing."""
    FILLED = "filled"
    """Here already; the file adds a name, tags or fields."""
    STOPPED = "stopped"
    """On the list here, and left elsewhere since: is stopped."""
    HERE = "here"
    GONE = "gone"
    """Left, bounced or complained here."""
    WAITING = "waiting"
    """Has asked here and not confirmed."""
    SUPPRESSED = "suppressed"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@dataclass(frozen=True)
class Options:
    list_slug: str = DAILY
    """For readers whose file names no list that is here."""
    confirm_again: bool = False
    """Everybody gets a confirmation mail, and nothing else before they pressed its button."""
    tag: str = ""
    extras: bool = False
    """Columns that we have no place for become fields of the reader."""


@dataclass(frozen=True)
class Gain:
    """What a reader who is here already gains."""

    name: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Read:
    """A line with its address read: one of ``address`` and ``fault`` is set."""

    line: Line
    entry: Entry
    address: Address | None
    fault: str = ""


def read(line: Line) -> Read:
    entry = line.entry or Entry("")
    if line.entry is None:
        return Read(line, entry, None, UNREADABLE)
    try:
        return Read(line, entry, addresses.read(entry.typed))
    except Invalid as refusal:
        return Read(line, entry, None, str(refusal) if entry.typed else "There is no address on this line.")


def readers(s: Session, keys: Iterable[str], *, locked: bool = False) -> dict[str, Subscriber]:
    """Those of the keys who are here, by key."""
    found = select(Subscriber).where(Subscriber.address_key.in_(set(keys))).order_by(Subscriber.id)
    rows = s.scalars(found.with_for_update() if locked else found)
    return {row.address_key: row for row in rows}


def judge(entry: Entry, reader: Subscriber | None, is_suppressed: bool, options: Options) -> Verdict:
    if is_suppressed:
        return Verdict.SUPPRESSED
    if reader is None:
        return _newcomer(entry, options)
    if reader.state in ENDED:
        return Verdict.GONE
    if entry.has_ended and _since(entry, reader):
        return Verdict.STOPPED
    if reader.state == SubscriberState.PENDING:
        return Verdict.WAITING
    return Verdict.FILLED if gain(entry, reader, options) else Verdict.HERE


def gain(entry: Entry, reader: Subscriber, options: Options) -> Gain | None:
    """None where the file adds nothing; what stands already is never written over."""
    fields = {**own_fields(entry, options, reader.fields), **reader.fields}
    if tags := _tags(entry, options, reader.fields):
        fields[TAG] = tags
    name = reader.name or entry.name
    return Gain(name, fields) if name != reader.name or fields != reader.fields else None


def own_fields(entry: Entry, options: Options, before: Mapping[str, str] | None = None) -> dict[str, str]:
    told = {**(entry.extras if options.extras else {}), **entry.fields}
    if tags := _tags(entry, options, before or entry.fields):
        told[TAG] = tags
    return cells.kept(told)


def _newcomer(entry: Entry, options: Options) -> Verdict:
    if entry.has_ended:
        return Verdict.ENDED
    is_in = entry.state == SubscriberState.CONFIRMED and not options.confirm_again
    return Verdict.NEW if is_in else Verdict.PENDING


def _since(entry: Entry, reader: Subscriber) -> bool:
    """Whether they left there after they joined here. Where the file does not say when, only if a file brought them too."""
    if entry.left_at is None:
        return reader.form == IMPORT
    return entry.left_at > (reader.confirmed_at or reader.created_at)


def _tags(entry: Entry, options: Options, before: Mapping[str, str]) -> str:
    """Those that are there and the new ones, each once."""
    stand = cells.words(str(before.get(TAG, "")))
    return JOINT.join(dict.fromkeys([*stand, *entry.tags, *filter(None, [options.tag])]))
