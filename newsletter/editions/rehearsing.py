"""The coming edition before it leaves: on the desk's screen, and as a test mail to one address. Called by the desk and the command line."""

from datetime import datetime

from blog import links
from blog.db import Database
from blog.refusals import Conflict
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.editions import digest
from newsletter.editions.arranging import coming
from newsletter.editions.envelope import Words
from newsletter.editions.rendering import Pen
from newsletter.subscribers import address as addresses
from newsletter.subscribers.tokens import TEST

EMPTY = "There is no story for the next edition yet, so there is nothing to show."


def preview(db: Database, now: datetime, settings: Settings) -> Words:
    """Subject, text and HTML of the open edition as it would leave now; personal links are inert. Raises Conflict when empty."""
    return _write(db, now, settings, is_test=False)


def send_test(db: Database, typed: str, at: datetime, settings: Settings) -> str:
    """One test mail to the address ``typed``, which is returned as it was read. Raises Invalid or Conflict."""
    address = addresses.read(typed)
    words = _write(db, at, settings, is_test=True)
    payload = {"subject": words.subject, "text": words.text, "html": words.html}
    # A test is about nothing in the books; the moment makes each one new.
    moment = int(at.timestamp() * 1000)
    with db.transaction() as s:
        outbox.put(s, "test", moment, 0, address.text, at, priority=0, payload=payload)
    return address.text


def _write(db: Database, now: datetime, settings: Settings, *, is_test: bool) -> Words:
    mail = digest.of_coming(coming(db, now, settings), now, settings)
    if mail is None:
        raise Conflict(EMPTY)
    inert = links.absolute(settings.site, links.leave(TEST))
    return Pen(settings).write("digest", mail=mail, leave=inert, is_test=is_test)
