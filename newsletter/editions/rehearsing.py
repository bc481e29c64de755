"""A coming edition before it leaves: on the desk's screen, weighed and read through, and as a test mail to one address.

Called by the desk and the command line.
"""

from dataclasses import dataclass
from datetime import datetime

from blog import links
from blog.accounts.people import Person
from blog.db import Database
from blog.posts import previewing
from blog.refusals import Conflict
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.editions import digest
from newsletter.editions.answering import answering
from newsletter.editions.coming import Which, coming
from newsletter.editions.envelope import Words
from newsletter.editions.linting import Finding, links_of, lint
from newsletter.editions.quoting import quoted
from newsletter.editions.rendering import Pen
from newsletter.subscribers import address as addresses
from newsletter.subscribers.tokens import TEST

EMPTY = "There is no story for the next edition yet, so there is nothing to show."
HEAVY, TOO_HEAVY = 80 * 1024, 100 * 1024
"""Bytes from which on the desk warns, and asks."""


@dataclass(frozen=True)
class Rehearsal:
    """The coming mail as it would leave now, and what was found in it."""

    subject: str
    size: int
    """Bytes of its HTML as a mail carries it."""
    links: int
    findings: tuple[Finding, ...]

    @property
    def is_heavy(self) -> bool:
        return self.size > HEAVY

    @property
    def is_too_heavy(self) -> bool:
        return self.size > TOO_HEAVY


def preview(db: Database, now: datetime, settings: Settings, which: Which | None = None) -> Words:
    """Subject, text and HTML of the edition as it would leave now; personal links are inert. Raises Conflict when empty."""
    return _write(db, now, settings, which, is_test=False)


def rehearse(db: Database, now: datetime, settings: Settings, which: Which | None = None) -> Rehearsal:
    """Raises Conflict when empty."""
    words = preview(db, now, settings, which)
    findings = lint(words.html, words.text, settings, lambda paths: answering(db, paths))
    return Rehearsal(words.subject, weigh(words.html), links_of(words.html), findings)


def check_size(
    db: Database, now: datetime, settings: Settings, which: Which | None, *, is_sure: bool
) -> None:
    """Before a mail is approved or sent: raises Conflict where it is longer than programs show and nobody said that it may be.
    One that is empty as yet weighs nothing.
    """
    mail = digest.of_coming(coming(db, now, settings, which), now, settings)
    size = weigh(_pen(mail, settings, is_test=False).html) if mail else 0
    if size > TOO_HEAVY and not is_sure:
        raise Conflict(
            f"The mail has {size // 1024} KB, and mail programs cut it off at about 100. "
            "Leave a story out, or tick that it may leave like this."
        )


def weigh(html: str) -> int:
    """Bytes of the HTML part as a mail carries it."""
    return len(quoted(html))


def send_test(db: Database, typed: str, at: datetime, settings: Settings, which: Which | None = None) -> str:
    """One test mail to the address ``typed``, which is returned as it was read. Raises Invalid or Conflict."""
    address = addresses.read(typed)
    _post(db, address.text, _write(db, at, settings, which, is_test=True), at)
    return address.text


def preview_story(
    db: Database, post_id: int, by: Person, now: datetime, settings: Settings, *, is_test: bool = False
) -> Words:
    """One story as an edition would carry it if it were published now. Raises NotFound or Forbidden."""
    story, picture = previewing.as_mailed(db, post_id, by, now)
    return _pen(digest.of_story(story, picture, now, settings), settings, is_test=is_test)


def send_story(db: Database, post_id: int, by: Person, at: datetime, settings: Settings) -> None:
    """The same as a test mail to whoever asks, who has an address of their own."""
    _post(db, by.email, preview_story(db, post_id, by, at, settings, is_test=True), at)


def _post(db: Database, address: str, words: Words, at: datetime) -> None:
    payload = {"subject": words.subject, "text": words.text, "html": words.html}
    # A test is about nothing in the books; the moment makes each one new.
    moment = int(at.timestamp() * 1000)
    with db.transaction() as s:
        outbox.put(s, "test", moment, 0, address, at, priority=0, payload=payload)


def _write(db: Database, now: datetime, settings: Settings, which: Which | None, *, is_test: bool) -> Words:
    mail = digest.of_coming(coming(db, now, settings, which), now, settings)
    if mail is None:
        raise Conflict(EMPTY)
    return _pen(mail, settings, is_test=is_test)


def _pen(mail: digest.DigestMail, settings: Settings, *, is_test: bool) -> Words:
    paths = {"leave": links.leave(TEST), "manage": links.preferences(TEST)}
    if mail.lead and (mail.lead.topic or mail.lead.byline):
        paths |= {"more": links.taste(TEST), "less": links.taste(TEST)}
    inert = {name: links.absolute(settings.site, path) for name, path in paths.items()}
    return Pen(settings).write("digest", mail=mail, is_test=is_test, **inert)
