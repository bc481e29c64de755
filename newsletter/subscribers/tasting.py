"""More like this, less like this: what a reader says about one story weighs its topic (or author) in their digests.

Called by the pages behind the two links under each story of a mail. A forwarded mail's link names nobody in full.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from blog.db import Database
from blog.language.saying import said
from blog.posts.reading import digest_story, subjects
from blog.refusals import Invalid, NotFound
from blog.settings import Settings
from newsletter.subscribers import choosing, serving, stopping
from newsletter.subscribers.choices import FOLLOWED
from newsletter.subscribers.masking import masked
from newsletter.subscribers.model import Follow, Subject, Subscriber
from newsletter.subscribers.tokens import TasteClaim, Tokens


@dataclass(frozen=True)
class Taste:
    address: str
    """Whose it is, masked."""
    title: str
    """Of the story; empty where it is not public any more."""
    subject: Subject
    name: str
    """Of the topic, or of the author where the story has no topic."""
    more: bool
    weight: int
    """How it stands: 2 followed, 1 more, 0 nothing said, -1 less."""
    wanted: int
    """How it stands after the button."""
    before: int = 0
    """How it stood before the button was pressed; the undo brings that back."""


@dataclass(frozen=True)
class _About:
    subject: Subject
    id: int
    name: str
    title: str


def look(db: Database, tokens: Tokens, token: str) -> Taste:
    """Changes nothing. Raises tokens.Incomplete or Tampered, NotFound, and Invalid for the link in a test mail."""
    claim = tokens.read_taste(token)
    with db.reading() as s:
        reader, about = _get(s, claim), _about(s, claim.post_id)
        row = s.get(Follow, (reader.id, about.subject, about.id))
        return _view(reader, about, claim.more, row.weight if row else 0)


def say(db: Database, tokens: Tokens, token: str, at: datetime, settings: Settings) -> Taste:
    """Twice is once. Raises as ``look``, and Gone for somebody who is not on the list."""
    claim = tokens.read_taste(token)
    with db.transaction() as s:
        reader, about = choosing.hold(s, claim.subscriber_id), _about(s, claim.post_id)
        before = _weigh(s, reader, about, None, claim.more, at, settings)
        after = _wanted(before, claim.more)
        return _view(reader, about, claim.more, after, before)


def take_back(
    db: Database, tokens: Tokens, token: str, before: int, at: datetime, settings: Settings
) -> Taste:
    """``before`` is the weight that is to stand again. Raises as ``say``."""
    claim = tokens.read_taste(token)
    if before not in (-1, 0, 1, FOLLOWED):
        raise Invalid(said("That undo does not fit. Open the link in the mail again."))
    with db.transaction() as s:
        reader, about = choosing.hold(s, claim.subscriber_id), _about(s, claim.post_id)
        _weigh(s, reader, about, before, claim.more, at, settings)
        return _view(reader, about, claim.more, before)


def _weigh(
    s: Session,
    reader: Subscriber,
    about: _About,
    to: int | None,
    more: bool,
    at: datetime,
    settings: Settings,
) -> int:
    """Sets the weight, by default the one that follows from what stands; returns what stood before."""
    row = s.get(Follow, (reader.id, about.subject, about.id))
    before = row.weight if row else 0
    weight = _wanted(before, more) if to is None else to
    if weight == before:
        return before
    if weight == 0:
        s.delete(row)
    else:
        s.merge(Follow(subscriber_id=reader.id, subject=about.subject, subject_id=about.id, weight=weight))
    s.flush()
    serving.settle(s, reader, at, settings)
    said = ("more" if more else "less") if to is None else "took back"
    stopping.note(s, reader.id, "chose", at, "letter", f"{said}: {about.subject} {about.id}")
    return before


def _wanted(weight: int, more: bool) -> int:
    """Who follows a topic and wants less of it follows it no more; it is not held against the topic."""
    if more:
        return max(weight, 1)
    return 0 if weight == FOLLOWED else -1


def _about(s: Session, post_id: int) -> _About:
    named = subjects(s, [post_id]).get(post_id)
    story = digest_story(s, [post_id]).get(post_id)
    title = story.title if story else ""
    if named and named.topics:
        return _About(Subject.TOPIC, named.topics[0].id, named.topics[0].name, title)
    if named and named.authors:
        return _About(Subject.AUTHOR, named.authors[0].id, named.authors[0].name, title)
    raise NotFound(said("That story is filed under nothing, so there is nothing to have more or less of."))


def _get(s: Session, claim: TasteClaim) -> Subscriber:
    reader = s.get(Subscriber, claim.subscriber_id)
    if reader is None:
        raise NotFound(said("That address is not on the list any more."))
    return reader


def _view(reader: Subscriber, about: _About, more: bool, weight: int, before: int = 0) -> Taste:
    return Taste(
        masked(reader.address),
        about.title,
        about.subject,
        about.name,
        more,
        weight,
        _wanted(weight, more),
        before,
    )
