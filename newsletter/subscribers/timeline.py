"""Everything on record about one reader, for their page on the desk; and what an editor notes there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Invalid, NotFound
from newsletter.delivery import post
from newsletter.delivery.model import LetterState
from newsletter.subscribers import fields, reading, stopping, suppression
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.reading import Deed, Reader
from newsletter.subscribers.suppression import Suppressed

LETTERS = 50
"""So many letters are shown, the newest ones."""
FIELDS = 40
"""So many custom fields a reader may have."""
AGREEING = frozenset({"asked", "confirmed", "returned", "imported"})
"""The deeds that prove consent."""


@dataclass(frozen=True)
class Event:
    """One line of the time line: a deed of the reader's, a letter, or what another room knows (a click, a bounce)."""

    at: datetime
    kind: str
    """``deed``, ``letter`` or whatever the other room calls it."""
    name: str
    """The deed, the letter's kind, or the other room's words."""
    source: str = ""
    detail: str = ""
    state: LetterState | None = None
    about_id: int = 0


@dataclass(frozen=True)
class Record:
    reader: Reader
    fields: tuple[tuple[str, str], ...]
    """Name and text, by name."""
    events: tuple[Event, ...]
    """Newest first."""
    consents: tuple[Deed, ...]
    """Oldest first: what they agreed to, when and where."""
    suppressed: Suppressed | None


def record(db: Database, subscriber_id: int, secret: str, extra: Sequence[Event] = ()) -> Record:
    """``extra`` are lines from rooms above this one. Raises NotFound."""
    with db.reading() as s:
        row = s.get(Subscriber, subscriber_id) or _unknown()
        reader, deeds = reading.find_in(s, row.id) or _unknown(), reading.deeds(s, row.id)
        lines = [*(_said(deed) for deed in deeds), *_letters(s, row.id), *extra]
        lines.sort(key=lambda line: line.at)
        return Record(
            reader,
            tuple(sorted((name, str(text)) for name, text in row.fields.items())),
            tuple(reversed(lines)),
            tuple(deed for deed in deeds if deed.deed in AGREEING),
            suppression.find(s, secret, row.address_key),
        )


def note(db: Database, subscriber_id: int, words: str, by: str, at: datetime) -> None:
    """Raises NotFound, Invalid."""
    said = stopping.plain(words, 250)
    if not said:
        raise Invalid("Write a few words first.")
    if "@" in said:
        # The history outlives a change of address, and exports of it go further than this page.
        raise Invalid("Leave addresses out of notes.")
    with db.transaction() as s:
        row = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
        stopping.note(s, row.id, "noted", at, "desk", f"{said} ({by})")


def write_fields(db: Database, subscriber_id: int, pairs: Sequence[tuple[str, str]], name: str = "") -> None:
    """The reader's name and all custom fields as they are to be; a pair without text goes. Raises NotFound, Invalid."""
    kept = {field.strip(): stopping.plain(text, fields.LONGEST) for field, text in pairs if text.strip()}
    if len(kept) > FIELDS:
        raise Invalid(f"A reader can have {FIELDS} fields.")
    with db.transaction() as s:
        row = s.get(Subscriber, subscriber_id, with_for_update=True) or _unknown()
        for field in kept.keys() - row.fields.keys():
            if not fields.is_name(field):
                raise Invalid(
                    f"“{field[:60]}” is no name for a field. Use letters, digits, spaces and hyphens."
                )
        row.fields, row.name = kept, stopping.plain(name, 120)


def _said(deed: Deed) -> Event:
    return Event(deed.at, "deed", deed.deed, deed.source, deed.detail)


def _letters(s: Session, subscriber_id: int) -> list[Event]:
    return [
        Event(one.at, "letter", one.kind, detail=one.reply, state=one.state, about_id=one.about_id)
        for one in post.letters_of(s, subscriber_id, LETTERS)
    ]


def _unknown() -> NoReturn:
    raise NotFound("There is no such reader.")
