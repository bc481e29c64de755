"""An edition as its letters show it: every address absolute, every picture in the size that a mail needs. Called by ``composing``."""

from dataclasses import dataclass
from datetime import date, datetime

from blog import links
from blog.images.reading import Picture
from blog.settings import Settings
from blog.sky.almanac import moon
from newsletter.editions.arranging import Coming, ComingStory
from newsletter.editions.reading import EditionStory, EditionView, paragraphs

WIDTH = 552
"""CSS pixels of the lead picture; the file is about twice as wide."""
FULL = 10
"""So many stories are told with dek and picture; the others by their title."""


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


@dataclass(frozen=True)
class DigestMail:
    day: str
    """``Sun 22 Nov``."""
    moon: str
    """``Moon 95 % lit, waxing gibbous``."""
    subject: str
    preheader: str
    note: tuple[str, ...]
    lead: MailStory
    rows: tuple[MailStory, ...]
    rest: tuple[MailStory, ...]
    web_url: str
    """The edition's page; empty while it has none."""


def of_edition(view: EditionView, settings: Settings) -> DigestMail:
    """A closed edition; the same words for everybody, for ever."""
    at = view.closed_at or datetime.combine(view.local_date, datetime.min.time(), settings.zone)
    web_url = links.absolute(settings.site, links.edition(view.local_date))
    return _mail(
        view.local_date, at, (view.subject, view.preheader), view.note, view.stories, web_url, settings
    )


def of_coming(coming: Coming, now: datetime, settings: Settings) -> DigestMail | None:
    """The open edition as it would leave now; None while it has no story."""
    if not coming.stories:
        return None
    words = (coming.subject or coming.likely_subject, coming.preheader or coming.likely_preheader)
    return _mail(coming.local_date, now, words, paragraphs(coming.note), coming.stories, "", settings)


def short_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _mail(
    day: date,
    at: datetime,
    words: tuple[str, str],
    note: tuple[str, ...],
    stories: tuple[EditionStory, ...] | tuple[ComingStory, ...],
    web_url: str,
    settings: Settings,
) -> DigestMail:
    lead, *others = stories
    rows = tuple(_story(story, settings, square=True) for story in others[: FULL - 1])
    rest = tuple(_story(story, settings, square=True) for story in others[FULL - 1 :])
    return DigestMail(
        short_day(day), _moon(at), *words, note, _story(lead, settings, square=False), rows, rest, web_url
    )  # fmt: skip


def _story(story: EditionStory | ComingStory, settings: Settings, *, square: bool) -> MailStory:
    shape = _square if square else _wide
    picture = shape(story.picture, settings) if story.picture else None
    url = links.absolute(settings.site, story.path)
    return MailStory(story.title, story.dek, url, story.topic, story.byline, story.minutes, picture)


def _wide(picture: Picture, settings: Settings) -> MailPicture:
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
    return f"Moon {seen.lit}\u00a0% lit, {seen.phase_name}"
