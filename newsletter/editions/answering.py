"""Which of our own addresses answer, asked of our own tables: nothing goes over the network. Called by ``rehearsing`` for its links."""

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.images.model import Image
from blog.posts.offering import public_paths
from blog.posts.reading import authors, topics
from newsletter.editions.model import Edition, EditionState
from newsletter.lists.model import MailingList

FIXED = frozenset({
    links.HOME, links.LATEST, links.PICTURES, links.TOPICS, links.AUTHORS, links.SEARCH, links.PRIVACY, links.SUBSCRIBE, links.EDITIONS,
    links.RSS, links.ATOM, links.JSON_FEED,
})  # fmt: skip
PERSONAL = ("/unsubscribe/", "/preferences/", f"{links.SUBSCRIBE}/")
"""Each reader has their own of these; the doors behind them are always there."""


def answering(db: Database, paths: Iterable[str]) -> frozenset[str]:
    """Those of ``paths`` at which something public stands."""
    asked = frozenset(paths)
    found = {path for path in asked if path in FIXED or path.startswith(PERSONAL)}
    with db.reading() as s:
        found |= public_paths(s, asked)
        found |= _among(asked, f"{links.PICTURES}/", lambda some: _pictures(s, some))
        found |= _among(asked, "/media/", lambda some: _media(s, some))
        found |= _among(asked, f"{links.EDITIONS}/", lambda some: _editions(s, some))
    found |= _among(asked, f"{links.TOPICS}/", lambda _: {links.topic(one.slug) for one, _ in topics(db)})
    found |= _among(asked, f"{links.AUTHORS}/", lambda _: {links.author(one.slug) for one in authors(db)})
    return frozenset(found)


def _among(asked: frozenset[str], prefix: str, known: Callable[[set[str]], set[str]]) -> set[str]:
    some = {path for path in asked if path.startswith(prefix)}
    return some & known(some) if some else set()


def _pictures(s: Session, paths: set[str]) -> set[str]:
    ids = {int(tail) for path in paths if (tail := path.rpartition("/")[2]).isdecimal() and len(tail) < 19}
    return {links.picture(id_) for id_ in s.scalars(select(Image.id).where(Image.id.in_(ids)))}


def _media(s: Session, paths: set[str]) -> set[str]:
    keys = set(s.scalars(select(Image.key).where(Image.key.in_({path.split("/")[2] for path in paths}))))
    return {path for path in paths if path.split("/")[2] in keys}


def _editions(s: Session, paths: set[str]) -> set[str]:
    """Those that went out, and those that will stand there when the mail with the link arrives."""
    slugs = {path.rpartition("/")[2] for path in paths}
    rows = select(MailingList.slug, Edition.slug).join(Edition, Edition.list_id == MailingList.id)
    shown = rows.where(Edition.slug.in_(slugs), Edition.state != EditionState.SKIPPED)
    return {links.edition_of(list_slug, slug) for list_slug, slug in s.execute(shown)}
