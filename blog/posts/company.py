"""Who else has a post open in the editor. Each open page tells of itself; one that falls silent counts as closed."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import known
from blog.posts.model import Manuscript, Presence
from blog.posts.rules import must_see
from blog.refusals import Invalid

SILENCE = timedelta(seconds=35)
"""Three of the pages' rounds, and a little."""
LONGEST = 40


@dataclass(frozen=True)
class Other:
    name: str
    since: datetime
    is_me: bool
    """One's own account, on another page."""


@dataclass(frozen=True)
class Company:
    others: tuple[Other, ...]
    version: int
    """The manuscript's as it stands, and who saved it when: a page that shows an older one can say so."""
    saved_at: datetime
    saved_by: str


def present(db: Database, post_id: int, sitting: str, by: Person, at: datetime) -> Company:
    """Tells that the page ``sitting`` is open; answers who else is there."""
    with db.transaction() as s:
        must_see(by, known(s, post_id))
        if not sitting:
            raise Invalid("A page that does not say which one it is cannot be told apart from others.")
        s.execute(delete(Presence).where(Presence.post_id == post_id, Presence.seen_at < at - SILENCE))
        if not _seen(s, post_id, sitting, at):
            # A page's first two rounds may come at once; the second one finds the row of the first.
            with contextlib.suppress(IntegrityError), s.begin_nested():
                s.add(
                    Presence(
                        post_id=post_id, sitting=sitting[:LONGEST], account_id=by.id, since=at, seen_at=at
                    )
                )
        return _company(s, post_id, sitting, by, at)


def _seen(s: Session, post_id: int, sitting: str, at: datetime) -> bool:
    mine = (Presence.post_id == post_id, Presence.sitting == sitting[:LONGEST])
    found = s.execute(update(Presence).where(*mine).values(seen_at=at))
    assert isinstance(found, CursorResult)
    return found.rowcount > 0


def leave(db: Database, post_id: int, sitting: str, by: Person) -> None:
    """The page is closed."""
    mine = (Presence.post_id == post_id, Presence.sitting == sitting, Presence.account_id == by.id)
    with db.transaction() as s:
        s.execute(delete(Presence).where(*mine))


def look(db: Database, post_id: int, by: Person, at: datetime) -> Company:
    """Who else is there, for a page that does not tell of itself yet; one's own other pages are left out, since one of them may
    be this very page before it was loaded again.
    """
    with db.reading() as s:
        must_see(by, known(s, post_id))
        found = _company(s, post_id, "", by, at)
        return replace(found, others=tuple(other for other in found.others if not other.is_me))


def _company(s: Session, post_id: int, sitting: str, by: Person, at: datetime) -> Company:
    there = (
        select(Account.id, Account.name, Presence.since)
        .join(Presence, Presence.account_id == Account.id)
        .where(Presence.post_id == post_id, Presence.sitting != sitting, Presence.seen_at >= at - SILENCE)
        .order_by(Presence.since, Account.id)
    )
    others = {row.id: Other(row.name or "Somebody", row.since, row.id == by.id) for row in s.execute(there)}
    stands = s.get_one(Manuscript, post_id)
    saver = s.scalar(select(Account.name).where(Account.id == stands.saved_by))
    return Company(tuple(others.values()), stands.version, stands.saved_at, saver or "")
