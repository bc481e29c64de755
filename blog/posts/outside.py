"""Whether the links to other sites still lead somewhere. Looked at in the background, while a story is being worked on."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.fetching import Fetched, Rules
from blog.posts.addresses import is_web
from blog.posts.desk_model import OutsideLink
from blog.posts.model import Manuscript, Post, PostState
from blog.posts.walking import addresses
from blog.refusals import Refusal

Fetch = Callable[[str, Rules], Fetched]
THERE, GONE, UNSURE = "there", "gone", "unsure"
RULES = Rules(schemes=("https", "http"), most=0, seconds=8.0, redirects=5, accept="text/html, */*;q=0.8")
_GONE = (404, 410)

FRESH, UNSURE_FRESH = timedelta(days=1), timedelta(hours=1)
"""For how long an answer stands, and how soon a site that did not answer as it should is asked again."""
WORKED_ON = timedelta(days=2)
"""A story that nobody has saved for so long, and that waits for no moment, is left alone."""
STORIES, LOOKS = 20, 10
"""Of so many stories at most so many links at a time."""
KEPT = timedelta(days=30)


def answers(s: Session, wanted: Collection[str]) -> Mapping[str, str]:
    """What is known to be gone or unsure of ``wanted``, by address."""
    keys = [_key(address) for address in wanted if is_web(address)]
    if not keys:
        return {}
    found = select(OutsideLink).where(OutsideLink.key.in_(keys), OutsideLink.answer != THERE)
    return {link.address: link.answer for link in s.scalars(found)}


def look_due(db: Database, now: datetime, fetch: Fetch) -> int:
    """Asks the sites of links that were not looked at lately, in stories that are worked on or wait for their moment; tells how many."""
    due = _due(db, now)[:LOOKS]
    for address in due:
        # Each by itself, so that no connection of ours waits for somebody else's server.
        answer = _ask(address, fetch)
        with db.transaction() as s:
            s.merge(OutsideLink(key=_key(address), address=address, answer=answer, looked_at=now))
    if due:
        with db.transaction() as s:
            s.execute(delete(OutsideLink).where(OutsideLink.looked_at < now - KEPT))
    return len(due)


def _due(db: Database, now: datetime) -> list[str]:
    working = or_(Manuscript.saved_at > now - WORKED_ON, Post.state == PostState.SCHEDULED)
    latest = select(Manuscript.body).join(Post, Post.id == Manuscript.post_id).where(working)
    with db.reading() as s:
        bodies = s.scalars(latest.order_by(Manuscript.saved_at.desc()).limit(STORIES))
        wanted = dict.fromkeys(a for body in bodies for a in sorted(addresses(body)) if is_web(a))
        keys = {_key(address): address for address in wanted}
        known = s.execute(
            select(OutsideLink.key, OutsideLink.answer, OutsideLink.looked_at).where(
                OutsideLink.key.in_(keys)
            )
        )
        for key, answer, looked_at in known:
            if looked_at > now - (UNSURE_FRESH if answer == UNSURE else FRESH):
                del keys[key]
    return list(keys.values())


def _ask(address: str, fetch: Fetch) -> str:
    try:
        status = fetch(address.partition("#")[0], RULES).status
    except Refusal:
        return UNSURE
    return GONE if status in _GONE else THERE if status < 400 else UNSURE


def _key(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
