"""Tells the world that stories were published, changed or taken back: feed readers through a WebSub hub (w3.org/TR/websub), search
engines through IndexNow (indexnow.org). Both are off until they are named in the settings. ``app.py`` hands it its way out.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Select, or_, select

from blog import links
from blog.db import Database
from blog.posts.cards import named
from blog.posts.model import Heralded, Post
from blog.refusals import Invalid, Unavailable
from blog.settings import Settings

Send = Callable[[str, str, bytes], int]
"""POSTs to an address: media type and body; returns the status. Raises Invalid or Unavailable."""
MOST = 500
"""Stories told of at once."""
FORMS = (links.RSS, links.ATOM, links.JSON_FEED)


def indexnow_key(secret_key: str) -> str:
    """What stands at ``links.INDEXNOW_KEY``, so that search engines believe that it is us who tell them."""
    return hmac.new(secret_key.encode(), b"indexnow", hashlib.sha256).hexdigest()[:32]


def is_anything_due(db: Database, now: datetime, settings: Settings) -> bool:
    return any(_changed(db, name, now) != [] for name, address in _ears(settings) if address)


def herald_due(db: Database, now: datetime, settings: Settings, key: str, send: Send) -> None:
    """Tells of what changed since it was last told. Who does not answer is told again the next time; the first time there is
    nothing to tell: what was there before is known.
    """
    for name, address in _ears(settings):
        changed = _changed(db, name, now) if address else []
        if changed is None or (changed and _tell(db, name, address, changed, settings, key, send)):
            with db.transaction() as s:
                s.merge(Heralded(name=name, at=now))


def _ears(settings: Settings) -> tuple[tuple[str, str], ...]:
    return (("websub", settings.websub_hub), ("indexnow", settings.indexnow))


def _changed(db: Database, name: str, now: datetime) -> list[Any] | None:
    """Rows of id and path; None where nothing was ever told."""
    with db.reading() as s:
        told = s.get(Heralded, name)
        return None if told is None else list(s.execute(_since(told.at, now)).all())


def _since(told: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    moments = (Post.released_at, Post.updated_at, Post.withdrawn_at)
    moved = or_(*(column.between(told, now) & (column > told) for column in moments))
    return (
        select(Post.id, Post.path, Post.canonical_url)
        .where(Post.path.is_not(None), moved)
        .order_by(Post.id)
        .limit(MOST)
    )


def _tell(
    db: Database, name: str, address: str, changed: list[Any], settings: Settings, key: str, send: Send
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


def _feeds(db: Database, changed: list[Any]) -> Iterator[str]:
    """Those that carry the stories: of everything, of their authors and of their topics."""
    yield from FORMS
    with db.reading() as s:
        names = named(s, [row.id for row in changed]).values()
    authors = {one.slug for each in names for one in each.authors}
    topics = {one.slug for each in names for one in each.topics}
    for form in FORMS:
        yield from (links.author_feed(slug, form) for slug in sorted(authors))
        yield from (links.topic_feed(slug, form) for slug in sorted(topics))


def _list(changed: list[Any], settings: Settings, key: str) -> bytes:
    site = settings.site
    told = {
        "host": urlsplit(site).netloc,
        "key": key,
        "keyLocation": links.absolute(site, links.INDEXNOW_KEY),
        "urlList": [links.absolute(site, path) for path in (links.HOME, *(row.path for row in changed))],
    }
    return json.dumps(told).encode()
