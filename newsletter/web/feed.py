"""Past digests as RSS: one entry an edition, with its stories' titles. Called by ``archive``."""

from feedgenerator import Rss201rev2Feed

from blog import links
from blog.settings import Settings
from blog.web.syndication import clean
from newsletter.editions.reading import Archive, EditionCard

ADDRESS = f"{links.EDITIONS}/feed.xml"


def rss(archive: Archive, settings: Settings) -> str:
    made = Rss201rev2Feed(
        title=clean(f"{settings.site_name}: daily digest"),
        link=links.absolute(settings.site, links.EDITIONS),
        description=clean(settings.tagline),
        language=settings.language,
        feed_url=links.absolute(settings.site, ADDRESS),
    )
    for month in archive.months:
        for card in month.editions:
            address = links.absolute(settings.site, card.path)
            made.add_item(
                title=clean(card.subject),
                link=address,
                description=clean(_titles(card)),
                pubdate=card.closed_at,
                unique_id=address,
                unique_id_is_permalink=True,
            )
    return str(made.writeString("utf-8"))


def _titles(card: EditionCard) -> str:
    more = f" · and {card.more} more" if card.more else ""
    return " · ".join(card.titles) + more
