"""The one line over every page: a live event, a call for pictures. Editors put it up in the studio; every page asks."""

from dataclasses import dataclass
from datetime import datetime

from blog.db import Database
from blog.posts.addresses import is_link
from blog.refusals import Invalid
from blog.signs.model import ONLY, AnnouncementBar

LONGEST, LONGEST_LINK = 200, 500


@dataclass(frozen=True)
class Notice:
    words: str
    link: str
    until: datetime | None

    def is_shown(self, now: datetime) -> bool:
        return not self.until or self.until > now


def find_announcement(db: Database) -> Notice | None:
    """Also one whose time is over."""
    with db.reading() as s:
        kept = s.get(AnnouncementBar, ONLY)
    return Notice(kept.words, kept.link, kept.until) if kept else None


def announce(db: Database, words: str, link: str, until: datetime | None, now: datetime) -> None:
    """Puts it up in place of the one before; without words none stands there any more."""
    words, link = " ".join(words.replace("\0", "").split()), link.strip()
    _check(words, link, until, now)
    with db.transaction() as s:
        kept = s.get(AnnouncementBar, ONLY)
        if not words:
            if kept:
                s.delete(kept)
            return
        kept = kept or AnnouncementBar(id=ONLY)
        kept.words, kept.link, kept.until = words, link, until
        s.add(kept)


def _check(words: str, link: str, until: datetime | None, now: datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if len(words) > LONGEST:
        wrong["words"] = [f"That is too long: at most {LONGEST} characters fit."]
    if link and (len(link) > LONGEST_LINK or not is_link(link)):
        wrong["link"] = ["That is no address. It should begin with https:// or, on this site, with /."]
    if words and until and until <= now:
        wrong["until"] = ["Choose a time that is still to come."]
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], wrong)
