"""Past digests as RSS, Atom and JSON Feed: one entry an edition, with its picture and its stories' titles. Called by ``archive``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedgenerator import Atom1Feed, Rss201rev2Feed
from markupsafe import Markup

from blog import links
from blog.settings import Settings
from blog.web.syndication import clean
from newsletter.editions.archive import Archive
from newsletter.editions.reading import EditionCard

FORMS = tuple(form.strip("/") for form in (links.RSS, links.ATOM, links.JSON_FEED))


@dataclass(frozen=True)
class _Entry:
    address: str
    title: str
    told: str
    """HTML, as feed readers show it."""
    at: datetime


def write(archive: Archive, settings: Settings, form: str) -> tuple[str, str]:
    """The feed in one of FORMS, and its media type."""
    if f"/{form}" == links.JSON_FEED:
        return json.dumps(_json(archive, settings), ensure_ascii=False), "application/feed+json"
    made = (Atom1Feed if f"/{form}" == links.ATOM else Rss201rev2Feed)(
        title=_title(archive, settings),
        link=links.absolute(settings.site, archive.shelf.path),
        description=clean(archive.shelf.description or settings.tagline),
        language=settings.language,
        author_name=clean(settings.site_name) if f"/{form}" == links.ATOM else None,
        feed_url=links.absolute(settings.site, f"{archive.shelf.path}/{form}"),
    )
    for entry in _entries(archive, settings):
        made.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.told,
            pubdate=entry.at,
            updateddate=entry.at,
            unique_id=entry.address,
            unique_id_is_permalink=True,
        )
    kind = "application/atom+xml" if f"/{form}" == links.ATOM else "application/rss+xml"
    return str(made.writeString("utf-8")), kind


def _json(archive: Archive, settings: Settings) -> dict[str, object]:
    """Version 1.1 of jsonfeed.org."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(archive, settings),
        "description": archive.shelf.description or settings.tagline,
        "home_page_url": links.absolute(settings.site, archive.shelf.path),
        "feed_url": links.absolute(settings.site, archive.shelf.path + links.JSON_FEED),
        "language": settings.language,
        "items": [
            {
                "id": entry.address,
                "url": entry.address,
                "title": entry.title,
                "content_html": entry.told,
                "date_published": entry.at.isoformat(timespec="seconds"),
            }
            for entry in _entries(archive, settings)
        ],
    }


def _entries(archive: Archive, settings: Settings) -> Iterator[_Entry]:
    for month in archive.months:
        for card in month.editions:
            address = links.absolute(settings.site, card.path)
            if card.closed_at:
                yield _Entry(address, clean(card.subject), clean(_told(card, settings)), card.closed_at)


def _title(archive: Archive, settings: Settings) -> str:
    return clean(f"{settings.site_name}: {archive.shelf.name}")


def _told(card: EditionCard, settings: Settings) -> str:
    """HTML, as feed readers show it."""
    picture = Markup()
    if card.picture:
        alt = "" if card.picture.decorative else card.picture.alt
        source = links.absolute(settings.site, card.picture.url(960))
        picture = Markup('<p><img src="{}" alt="{}"></p>').format(source, alt)
    titles = Markup("").join(Markup("<li>{}</li>").format(title) for title in card.titles)
    more = Markup("<li>and {} more</li>").format(card.more) if card.more else Markup()
    return str(picture + Markup("<ul>") + titles + more + Markup("</ul>"))
