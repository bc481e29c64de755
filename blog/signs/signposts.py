"""Addresses that lead elsewhere: those of the site that was here before, short ones for print. A page that is there always comes
first; stories that move need none, their old addresses are kept by themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.posts.addresses import is_link
from blog.posts.asked import word
from blog.refusals import Conflict, Invalid
from blog.signs.model import Signpost

LONGEST, LONGEST_TARGET, MOST = 200, 500, 5000
STEPS = 10
OURS = (links.STUDIO, "/static/", "/media/")


@dataclass(frozen=True)
class Sign:
    path: str
    target: str


def find_target(db: Database, path: str) -> str | None:
    """Where the address ``path`` leads."""
    with db.reading() as s:
        return s.scalar(select(Signpost.target).where(Signpost.path == word(path.rstrip("/"))))


def signs(db: Database) -> tuple[Sign, ...]:
    """All, by address."""
    with db.reading() as s:
        rows = s.execute(select(Signpost.path, Signpost.target).order_by(Signpost.path).limit(MOST))
        return tuple(Sign(row.path, row.target) for row in rows)


def put_up(db: Database, path: str, target: str, at: datetime, site: str = "") -> None:
    """Puts a signpost up, or turns the one that stands there. An address that begins with ``site`` is one of ours."""
    path, target = unquote(path.strip()).rstrip("/"), target.strip()
    _check(path, target)
    with db.transaction() as s:
        if _comes_back(s, path, target, site):
            fault = "That would lead in a circle: the address it leads to leads back here."
            raise Invalid(fault, {"target": [fault]})
        if s.get(Signpost, path) is None and _count(s) >= MOST:
            raise Conflict(f"There are {MOST:,} signposts already. Take some away first.")
        s.merge(Signpost(path=path, target=target, created_at=at))


def take_away(db: Database, path: str) -> None:
    with db.transaction() as s:
        kept = s.get(Signpost, word(path))
        if kept:
            s.delete(kept)


def _count(s: Session) -> int:
    return s.scalar(select(func.count()).select_from(Signpost)) or 0


def _check(path: str, target: str) -> None:
    wrong: dict[str, list[str]] = {}
    if (
        not path.startswith("/")
        or path.startswith("//")
        or set(path) & set("?#\0\\ ")
        or not path.isprintable()
    ):
        wrong["path"] = ["Write the address as it stands behind the host, like /old/story, without ? and #."]
    elif len(path) > LONGEST or path.startswith(OURS):
        wrong["path"] = ["No signpost can stand at that address."]
    if len(target) > LONGEST_TARGET or not is_link(target) or target.startswith(("#", "mailto:")):
        wrong["target"] = ["That is no address. It should begin with https:// or, on this site, with /."]
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], wrong)


def _comes_back(s: Session, path: str, target: str, site: str) -> bool:
    for _ in range(STEPS):
        here = _on_this_site(target, site)
        if here == path:
            return True
        onward = s.scalar(select(Signpost.target).where(Signpost.path == here)) if here else None
        if onward is None:
            return False
        target = onward
    return True


def _on_this_site(target: str, site: str) -> str:
    """The path that ``target`` asks of us, as signposts have it; empty where it leads elsewhere."""
    parts = urlsplit(target)
    ours = parts.scheme in ("http", "https") and parts.netloc.lower() == urlsplit(site).netloc.lower()
    return unquote(parts.path).rstrip("/") if target.startswith("/") or ours else ""
