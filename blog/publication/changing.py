"""The owner changes what the publication says of itself. Called by the Settings page."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.masthead import UNSPEAKABLE, name_and_address
from blog.posts import deeds
from blog.publication.model import ONLY, Publication
from blog.publication.reading import Plain, held, laid_over
from blog.refusals import Invalid
from blog.settings import Settings

MEANWHILE = "Somebody else changed the settings while this page was open. Your words are still here: look at what stands now in another tab, then save once more."
SENTENCES = {
    "site_name": "Give it a name of at most 60 characters.",
    "tagline": "At most 120 characters fit.",
    "language": "Write a language code, like en, de or pt-BR.",
    "send_hour": "Choose an hour from 0 to 23.",
    "reply_to": "That doesn't look like an email address.",
    "postal_address": "At most 300 characters fit.",
    "privacy_text": "At most 20,000 characters fit.",
}
"""Said in place of pydantic's own words."""


@dataclass(frozen=True)
class Choice:
    """What the Settings page was filled with."""

    site_name: str
    tagline: str
    language: str
    timezone: str
    send_hour: int
    sender_name: str
    reply_to: str
    postal_address: str
    social_links: str
    privacy_text: str


def change(
    db: Database, given: Settings, choice: Choice, seen: int, by: Person, at: datetime
) -> tuple[str, ...]:
    """Takes over what differs from what stands, and returns the names of it. The sender's address stays: that is proven first.

    ``seen`` is the version that the page showed. Raises Invalid.
    """
    with db.transaction() as s:
        row = hold(s)
        if row.version != seen:
            raise Invalid(MEANWHILE)
        now = laid_over(given, row.chosen)
        differs = _differing(_judged(_wanted(choice, now)), now, given)
        if differs:
            put(s, row, differs, by, at)
    return tuple(differs)


def hold(s: Session) -> Publication:
    """The one row, locked until the end of the transaction."""
    row = s.scalar(select(Publication).where(Publication.id == ONLY).with_for_update())
    if row is None:
        row = Publication(id=ONLY, chosen={}, version=0, proven="", trial="", trial_code="", trial_tries=0)
        s.add(row)
    return row


def put(s: Session, row: Publication, differs: dict[str, Any], by: Person, at: datetime) -> None:
    row.chosen = {**row.chosen, **differs}
    row.version += 1
    words = ", ".join(name.replace("_", " ") for name in differs)
    deeds.note_settings(s, by, at, words)


def _wanted(choice: Choice, now: Settings) -> dict[str, Any]:
    words = {name: _tidy(value) for name, value in asdict(choice).items()}
    name, (_, address) = words.pop("sender_name"), name_and_address(now.sender)
    words["sender"] = f"{name} <{address}>" if name else address
    if set(name) & UNSPEAKABLE:
        raise Invalid("x", {"sender_name": ["Leave out quotation marks, backslashes and angle brackets."]})
    return words


def _tidy(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    lines = (line.rstrip() for line in value.replace("\0", "").replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def _judged(words: dict[str, Any]) -> dict[str, Any]:
    for name in ("site_name", "tagline", "postal_address", "sender"):
        words[name] = " ".join(words[name].split())
    try:
        made = Plain(**words)
    except ValidationError as error:
        wrong = {str(fault["loc"][0]): [_sentence(fault["loc"][0], fault["msg"])] for fault in error.errors()}
        raise Invalid(next(iter(wrong.values()))[0], wrong) from None
    return {name: getattr(made, name) for name in words}


def _sentence(name: object, said: str) -> str:
    said = SENTENCES.get(str(name), said.removeprefix("Value error, "))
    return f"{said[0].upper()}{said[1:].rstrip('.?')}{'?' if said.endswith('?') else '.'}"


def _differing(words: dict[str, Any], now: Settings, given: Settings) -> dict[str, Any]:
    fast = held(given)
    return {name: value for name, value in words.items() if name not in fast and value != getattr(now, name)}
