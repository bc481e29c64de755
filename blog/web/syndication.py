"""Stories as RSS, Atom and JSON Feed, with their full text, absolute addresses and credits. Called by feeds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed, Rss201rev2Feed
from markupsafe import Markup, escape

from blog import links
from blog.images.reading import Picture
from blog.posts.views import FeedEntry
from blog.settings import Settings

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document may hold, not even escaped."""
ROOTED = re.compile(r'(\s(?:href|src|data-src)=")/(?!/)')
SOURCES = re.compile(r'(\ssrcset=")([^"]*)')


@dataclass(frozen=True)
class Feed:
    settings: Settings
    about: str
    """The author or topic that it is a feed of; empty for everything."""
    path: str
    """The page that shows the same stories."""
    address: str
    """The feed's own path."""
    entries: tuple[FeedEntry, ...]

    @property
    def title(self) -> str:
        name = self.settings.site_name
        return f"{self.about} · {name}" if self.about else name

    def absolute(self, path: str) -> str:
        return links.absolute(self.settings.site, path)

    def mark(self, entry: FeedEntry) -> str:
        """What a feed reader knows the story by: a tag URI (RFC 4151), which no change of its address makes another one."""
        host = urlsplit(self.settings.site).hostname
        return f"tag:{host},{entry.released_at:%Y-%m-%d}:posts/{entry.card.id}"


class RssWithPictures(Rss201rev2Feed):  # type: ignore[misc]
    """RSS 2.0 with the whole text (content:encoded) and the lead picture with its credit (Media RSS)."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _name_hub(self.feed, handler, "atom:link")

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["whole"])
        picture, url = item["picture"], item["picture_url"]
        if picture is None:
            return
        handler.startElement("media:content", {"url": url, "medium": "image", "type": "image/jpeg"})
        for element, words in (("media:description", picture.alt), ("media:credit", picture.credit)):
            if words:
                handler.addQuickElement(element, clean(words))
        handler.endElement("media:content")


class AtomWithHub(Atom1Feed):  # type: ignore[misc]
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _name_hub(self.feed, handler, "link")


def _name_hub(feed: Mapping[str, Any], handler: Any, element: str) -> None:
    """Where a feed reader may ask to be told of changes (WebSub)."""
    if feed["hub"]:
        handler.addQuickElement(element, None, {"rel": "hub", "href": feed["hub"]})


def rss(feed: Feed) -> str:
    made = RssWithPictures(**_head(feed))
    for entry in feed.entries:
        card = entry.card
        made.add_item(
            title=clean(card.title),
            link=feed.absolute(card.path),
            description=clean(card.dek),
            pubdate=card.published_at,
            unique_id=feed.mark(entry),
            unique_id_is_permalink=False,
            categories=[clean(topic.name) for topic in card.topics],
            creators=[clean(by.name) for by in card.authors],
            whole=whole_text(entry, feed.settings.site),
            picture=card.picture,
            picture_url=feed.absolute(card.picture.url(1600)) if card.picture else "",
        )
    return str(made.writeString("utf-8"))


def atom(feed: Feed) -> str:
    made = AtomWithHub(**_head(feed), feed_guid=feed.absolute(feed.address))
    for entry in feed.entries:
        card = entry.card
        made.add_item(
            title=clean(card.title),
            link=feed.absolute(card.path),
            description=str(escape(clean(card.dek))),
            author_name=clean(", ".join(by.name for by in card.authors)) or feed.settings.site_name,
            pubdate=card.published_at,
            updateddate=entry.updated_at,
            unique_id=feed.mark(entry),
            categories=[clean(topic.name) for topic in card.topics],
            content=whole_text(entry, feed.settings.site),
        )
    return str(made.writeString("utf-8"))


def json_feed(feed: Feed) -> dict[str, Any]:
    """Version 1.1 of jsonfeed.org."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.settings.tagline,
        "home_page_url": feed.absolute(feed.path),
        "feed_url": feed.absolute(feed.address),
        "language": feed.settings.language,
        **(
            {"hubs": [{"type": "WebSub", "url": feed.settings.websub_hub}]}
            if feed.settings.websub_hub
            else {}
        ),
        "items": [_item(entry, feed) for entry in feed.entries],
    }


def whole_text(entry: FeedEntry, site: str) -> str:
    """Corrections and updates, the lead picture with its credit, then the body, fit to stand on another site."""
    return clean(absolute_links(_notes(entry) + _lead(entry.card.picture) + entry.body, site))


def absolute_links(html: str, site: str) -> str:
    """``html`` of our own making with every path turned into an address."""

    def sources(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"(^|,\s*)/(?!/)", rf"\g<1>{site}/", found[2])

    return SOURCES.sub(sources, ROOTED.sub(rf"\g<1>{site}/", html))


def clean(text: str) -> str:
    return FORBIDDEN.sub("", text)


def _head(feed: Feed) -> dict[str, str]:
    return {
        "title": clean(feed.title),
        "link": feed.absolute(feed.path),
        "description": clean(feed.settings.tagline),
        "language": feed.settings.language,
        "feed_url": feed.absolute(feed.address),
        "hub": feed.settings.websub_hub,
    }


def _notes(entry: FeedEntry) -> Markup:
    told = Markup("<p><strong>{}, {}:</strong> {}</p>")
    return Markup("").join(
        told.format(note.kind.capitalize(), f"{note.at:%-d %B %Y}", Markup("<br><br>").join(note.paragraphs))
        for note in entry.notes
    )


def _lead(picture: Picture | None) -> Markup:
    if picture is None:
        return Markup("")
    alt = "" if picture.decorative else picture.alt
    words = " ".join(
        part for part in (picture.caption, f"Credit: {picture.credit}" if picture.credit else "") if part
    )
    image = Markup('<img src="{}" alt="{}">').format(picture.url(1600), alt)
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(image, words)


def _item(entry: FeedEntry, feed: Feed) -> dict[str, Any]:
    card = entry.card
    told = {
        "id": feed.mark(entry),
        "url": feed.absolute(card.path),
        "title": card.title,
        "summary": card.dek,
        "content_html": whole_text(entry, feed.settings.site),
        "image": feed.absolute(card.picture.url(1600)) if card.picture else "",
        "date_published": card.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "authors": [{"name": by.name, "url": feed.absolute(links.author(by.slug))} for by in card.authors],
        "tags": [topic.name for topic in card.topics],
    }
    return {name: value for name, value in told.items() if value}
