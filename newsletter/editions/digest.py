"""An edition as its letters show it: every address absolute, every picture in the size that a mail needs. Called by ``composing``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from blog import links
from blog.images.reading import Picture
from blog.language.saying import Said, said
from blog.posts.views import DigestStory
from blog.settings import Settings
from blog.sky.almanac import moon
from newsletter.editions.arranging import Coming, ComingStory
from newsletter.editions.reading import EditionStory, edition_view, paragraphs
from newsletter.editions.telling import Told
from newsletter.lists.model import Design

WIDTH = 552
"""CSS pixels of the lead picture; the file is about twice as wide."""
TITLES = 60
"""So many titles at most below the stories told in full; what is beyond is but counted, for a mail over 100 KB is cut."""
HEADLINES = 3
"""So many titles of the last edition in a welcome."""


@dataclass(frozen=True)
class MailPicture:
    url: str
    width: int
    height: int
    alt: str
    credit: str
    """Credit and licence in one line."""


@dataclass(frozen=True)
class MailStory:
    title: str
    dek: str
    url: str
    topic: str
    byline: str
    minutes: int
    picture: MailPicture | None
    reason: str = ""
    """Why it stands where it stands, for a reader who follows something."""


@dataclass(frozen=True)
class DigestMail:
    day: str
    """``Sun 22 Nov``."""
    moon: str
    """``Moon 95% lit, waxing gibbous``."""
    subject: str
    preheader: str
    note: tuple[str, ...]
    lead: MailStory | None
    """None in a special edition that is a note alone."""
    rows: tuple[MailStory, ...]
    rest: tuple[MailStory, ...]
    web_url: str
    """The edition's page; empty while it has none."""
    list_name: str = "Daily digest"
    unnamed: int = 0
    """How many stories more there are than even titles fit."""


def of_share(
    told: Told, reasons: Sequence[str], urls: Sequence[str], settings: Settings, *, pictures: bool
) -> DigestMail:
    """One reader's share of a closed edition; ``reasons`` and ``urls`` are those of its stories."""
    web_url = links.absolute(settings.site, links.edition_of(told.list_slug, told.slug))
    shown = pictures and not told.is_plain
    full = told.most
    stories = [
        _story(story, settings, square=place > 1, shown=shown and place <= full, url=url, reason=reason)
        for place, (story, reason, url) in enumerate(zip(told.stories, reasons, urls, strict=True), 1)
    ]  # fmt: skip
    words = (told.subject, told.preheader)
    mail = _mail(told.local_date, told.closed_at, words, told.note, stories, full, web_url)
    return replace(mail, list_name=told.list_name)


def of_coming(coming: Coming, now: datetime, settings: Settings) -> DigestMail | None:
    """The open edition as it would leave now; None while it has neither story nor note."""
    if not coming.stories and not coming.note:
        return None
    words = (coming.subject or coming.likely_subject, coming.preheader or coming.likely_preheader)
    shown, full = coming.design != Design.PLAIN, coming.most
    stories = [
        _story(
            story, settings, square=place > 1, shown=shown and place <= full, url=links.absolute(settings.site, story.path)
        )
        for place, story in enumerate(coming.stories, 1)
    ]  # fmt: skip
    mail = _mail(coming.local_date, now, words, paragraphs(coming.note), stories, full, "")
    return replace(mail, list_name=coming.list_name)


def of_story(story: DigestStory, picture: Picture | None, now: datetime, settings: Settings) -> DigestMail:
    """One story as it would lead an edition of its own, for whoever writes it."""
    url = links.absolute(settings.site, story.path or links.HOME)
    told = MailStory(
        story.title, story.dek, url, story.topic, story.byline, story.minutes, wide(picture, settings) if picture else None
    )  # fmt: skip
    return _mail(now.astimezone(settings.zone).date(), now, (story.title, story.dek), (), [told], 1, "")


def headlines(s: Session, edition_id: int, settings: Settings) -> tuple[tuple[str, str], ...]:
    """Titles and addresses of the first stories of a closed edition, those that are public still."""
    view = edition_view(s, edition_id, public_only=True)
    return tuple(
        (story.title, links.absolute(settings.site, story.path)) for story in view.stories[:HEADLINES]
    )


def short_day(day: date) -> Said:
    """``Sun 22 Nov``, in the reader's language where a template prints it."""
    return said("%(day)s", day=day)


def _mail(
    day: date,
    at: datetime,
    words: tuple[str, str],
    note: tuple[str, ...],
    stories: Sequence[MailStory],
    full: int,
    web_url: str,
) -> DigestMail:
    named = stories[full : full + TITLES]
    return DigestMail(
        short_day(day), _moon(at), *words, note, stories[0] if stories else None, tuple(stories[1:full]), tuple(named), web_url,
        unnamed=len(stories[full + TITLES :]),
    )  # fmt: skip


def _story(
    story: EditionStory | ComingStory,
    settings: Settings,
    *,
    square: bool,
    shown: bool,
    url: str,
    reason: str = "",
) -> MailStory:
    shape = _square if square else wide
    picture = shape(story.picture, settings) if story.picture and shown else None
    return MailStory(story.title, story.dek, url, story.topic, story.byline, story.minutes, picture, reason)


def wide(picture: Picture, settings: Settings) -> MailPicture:
    """As a mail's lead picture."""
    width = min(WIDTH, picture.width)
    height = max(1, round(picture.height * width / picture.width))
    return MailPicture(
        links.absolute(settings.site, picture.url(960)), width, height, _alt(picture), _credit(picture)
    )


def _square(picture: Picture, settings: Settings) -> MailPicture:
    return MailPicture(
        links.absolute(settings.site, picture.square), 120, 120, _alt(picture), _credit(picture)
    )


def _alt(picture: Picture) -> str:
    return "" if picture.decorative else picture.alt


def _credit(picture: Picture) -> str:
    return f"{picture.credit} ({picture.licence})" if picture.credit and picture.licence else picture.credit


def _moon(at: datetime) -> str:
    seen = moon(at)
    return said("Moon %(lit)s%% lit, %(phase)s", lit=seen.lit, phase=seen.phase_name)
