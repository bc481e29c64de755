"""Tells the world that stories were published, changed or taken back: feed readers through a WebSub hub (w3.org/TR/websub), search
engines through IndexNow (indexnow.org). Both are off until they are named in the settings. ``app.py`` hands it its way out.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from sqlalchemy import CursorResult, Select, or_, select, union, update

from blog import links
from blog.db import Database
from blog.posts.cards import named
from blog.posts.heralding_model import Heralded
from blog.posts.model import Post
from blog.refusals import Invalid, Unavailable
from blog.settings import Settings

Send = Callable[[str, str, bytes], int]
"""POSTs to an address: media type and body; returns the status. Raises Invalid or Unavailable."""
MOST = 500
"""Changes told of at once."""
LATE = timedelta(minutes=10)
"""So long after the moment that it bears a change may be committed, and is told of all the same."""
TURN = timedelta(minutes=1)
FIRST, LONGEST = timedelta(seconds=10), timedelta(hours=1)
"""How long who does not hear is left alone, at first and at most."""
log = structlog.get_logger()
FORMS = (links.RSS, links.ATOM, links.JSON_FEED)


def indexnow_key(secret_key: str) -> str:
    """What stands at ``links.INDEXNOW_KEY``, so that search engines believe that it is us who tell them."""
    return hmac.new(secret_key.encode(), b"indexnow", hashlib.sha256).hexdigest()[:32]


def is_anything_due(db: Database, now: datetime, settings: Settings) -> bool:
    return any(_changed(db, name, now) != [] for name, address in _ears(settings) if address)


def herald_due(db: Database, now: datetime, settings: Settings, key: str, send: Send) -> None:
    """Tells of what changed and was not told yet. Who does not answer is told again later, and later each time; the first time
    there is nothing to tell: what was there before is known.
    """
    for name, address in _ears(settings):
        changed = _changed(db, name, now) if address else []
        if changed is None:
            _begin(db, name, now)
        elif changed and _take_turn(db, name, now):
            heard = _tell(db, name, address, changed, settings, key, send)
            _remember(db, name, now, changed, heard)


def _ears(settings: Settings) -> tuple[tuple[str, str], ...]:
    return (("websub", settings.websub_hub), ("indexnow", settings.indexnow))


@dataclass(frozen=True)
class _Changed:
    id: int
    path: str
    canonical_url: str
    at: datetime


def _changed(db: Database, name: str, now: datetime) -> list[_Changed] | None:
    """The oldest first; empty while its turn has not come, None where nothing was ever told."""
    with db.reading() as s:
        kept = s.get(Heralded, name)
        if kept is None:
            return None
        if kept.again_at and kept.again_at > now:
            return []
        told = {(post_id, datetime.fromisoformat(at)) for post_id, at in kept.told}
        moments = s.execute(_moments(kept.at - LATE, now, MOST + len(told))).all()
        fresh = [row for row in moments if (row.id, row.at) not in told]
        columns = select(Post.id, Post.path, Post.canonical_url)
        wanted = columns.where(Post.id.in_({row.id for row in fresh}), Post.path.is_not(None))
        known = {row.id: (row.path, row.canonical_url) for row in s.execute(wanted)}
        return [_Changed(row.id, *known[row.id], row.at) for row in fresh if row.id in known][:MOST]


def _moments(since: datetime, now: datetime, most: int) -> Select[*tuple[Any, ...]]:
    """When which story changed, the oldest change first; each kind by an index of its own."""
    kinds = (Post.released_at, Post.updated_at, Post.withdrawn_at)
    found = union(
        *(select(Post.id.label("id"), at.label("at")).where(at > since, at <= now) for at in kinds)
    ).subquery()
    return select(found.c.id, found.c.at).order_by(found.c.at, found.c.id).limit(most)


def _begin(db: Database, name: str, now: datetime) -> None:
    with db.transaction() as s:
        before = s.execute(_moments(now - LATE, now, MOST)).all()
        s.merge(Heralded(name=name, at=now, told=[[row.id, row.at.isoformat()] for row in before]))


def _take_turn(db: Database, name: str, now: datetime) -> bool:
    """Of several clocks one tells."""
    is_free = or_(Heralded.again_at.is_(None), Heralded.again_at <= now)
    with db.transaction() as s:
        taken = s.execute(
            update(Heralded).where(Heralded.name == name, is_free).values(again_at=now + TURN),
            execution_options={"synchronize_session": False},
        )
        assert isinstance(taken, CursorResult)
        return taken.rowcount > 0


def _remember(db: Database, name: str, now: datetime, changed: list[_Changed], heard: bool) -> None:
    with db.transaction() as s:
        kept = s.get_one(Heralded, name)
        if not heard:
            kept.failures += 1
            kept.again_at = now + min(LONGEST, FIRST * 2 ** min(kept.failures - 1, 10))
            if kept.failures == 1:
                log.warning("nobody hears of changed stories", ear=name)
            return
        kept.failures, kept.again_at = 0, None
        # Where more waits than can be told at once, only what was told is behind us.
        kept.at = now if len(changed) < MOST else max(kept.at, changed[-1].at)
        told = [*kept.told, *([one.id, one.at.isoformat()] for one in changed)]
        kept.told = [one for one in told if datetime.fromisoformat(one[1]) > kept.at - LATE]


def _tell(
    db: Database, name: str, address: str, changed: list[_Changed], settings: Settings, key: str, send: Send
) -> bool:
    """Whether it was heard."""
    if name == "websub":
        feeds = [("hub.url", links.absolute(settings.site, path)) for path in _feeds(db, changed)]
        form = urlencode([("hub.mode", "publish"), *feeds])
        message = ("application/x-www-form-urlencoded", form.encode())
    else:
        ours = [row for row in changed if not row.canonical_url]
        message = ("application/json; charset=utf-8", _list(ours, settings, key))
    try:
        return 200 <= send(address, *message) < 300
    except (Invalid, Unavailable):
        return False


def _feeds(db: Database, changed: list[_Changed]) -> Iterator[str]:
    """Those that carry the stories: of everything, of their authors and of their topics."""
    yield from FORMS
    with db.reading() as s:
        names = named(s, [row.id for row in changed]).values()
    authors = {one.slug for each in names for one in each.authors}
    topics = {one.slug for each in names for one in each.topics}
    for form in FORMS:
        yield from (links.author_feed(slug, form) for slug in sorted(authors))
        yield from (links.topic_feed(slug, form) for slug in sorted(topics))


def _list(changed: list[_Changed], settings: Settings, key: str) -> bytes:
    site = settings.site
    told = {
        "host": urlsplit(site).netloc,
        "key": key,
        "keyLocation": links.absolute(site, links.INDEXNOW_KEY),
        "urlList": [
            links.absolute(site, path) for path in (links.HOME, *dict.fromkeys(row.path for row in changed))
        ],
    }
    return json.dumps(told).encode()
