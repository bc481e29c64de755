"""Past digests as RSS: one entry an edition, with its picture and its stories' titles. Called by ``archive``."""

from feedgenerator import Rss201rev2Feed
from markupsafe import Markup

from blog import links
from blog.settings import Settings
from blog.web.syndication import clean
from newsletter.editions.archive import Archive
from newsletter.editions.reading import EditionCard


def rss(archive: Archive, settings: Settings) -> str:
    made = Rss201rev2Feed(
        title=clean(f"{settings.site_name}: {archive.shelf.name}"),
        link=links.absolute(settings.site, archive.shelf.path),
        description=clean(archive.shelf.description or settings.tagline),
        language=settings.language,
        feed_url=links.absolute(settings.site, f"{archive.shelf.path}/feed.xml"),
    )
    for month in archive.months:
        for card in month.editions:
            address = links.absolute(settings.site, card.path)
            made.add_item(
                title=clean(card.subject),
                link=address,
                description=clean(_told(card, settings)),
                pubdate=card.closed_at,
                unique_id=address,
                unique_id_is_permalink=True,
            )
    return str(made.writeString("utf-8"))


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
