"""What search engines and other machines read of a page: schema.org's words as JSON-LD. Called by pages."""

from typing import Any

from blog import links
from blog.images.reading import SQUARE, Picture
from blog.posts.model import NoteKind
from blog.posts.views import Article, AuthorProfile, Card, TopicPage
from blog.settings import Settings
from blog.web import citing

CONTEXT = "https://schema.org"
LOGO = "/static/icons/apple-touch-icon.png"
LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY 3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC BY 2.0": "https://creativecommons.org/licenses/by/2.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY-SA 3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "CC BY-NC 4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC BY-ND 4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""Where a licence is explained; others are printed as they were written."""


def licence_url(licence: str) -> str:
    return LICENCES.get(licence.strip(), "")


def news_article(article: Article, settings: Settings) -> dict[str, Any]:
    card, site = article.card, settings.site
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "mainEntityOfPage": article.told.canonical or links.absolute(site, card.path),
        "headline": card.title,
        "description": article.told.description,
        "datePublished": card.published_at.isoformat(),
        "dateModified": (article.updated_at or card.published_at).isoformat(),
        "author": [
            {"@type": "Person", "name": by.name, "url": links.absolute(site, links.author(by.slug))}
            for by in card.authors
        ],
        "publisher": publisher(settings),
        "articleSection": [topic.name for topic in card.topics],
        "wordCount": article.words,
        "timeRequired": f"PT{card.minutes}M",
        "inLanguage": settings.language,
        "isAccessibleForFree": True,
        **_corrections(article),
        **citing.citations(article.sources),
        "image": [
            image(card.picture, site) if card.picture else links.absolute(site, links.share(card.path))
        ],
    }


def publisher(settings: Settings) -> dict[str, Any]:
    logo = links.absolute(settings.site, links.media(settings.logo, "square.jpg") if settings.logo else LOGO)
    side = SQUARE if settings.logo else 180
    return {
        "@type": "Organization",
        "name": settings.site_name,
        "url": settings.site,
        "logo": {"@type": "ImageObject", "url": logo, "width": pixels(side), "height": pixels(side)},
        **({"sameAs": list(settings.elsewhere)} if settings.elsewhere else {}),
    }


def website(settings: Settings) -> dict[str, Any]:
    """The home page."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.site_name,
        "description": settings.tagline,
        "url": links.absolute(settings.site, links.HOME),
        "inLanguage": settings.language,
        "publisher": publisher(settings),
    }


def profile(author: AuthorProfile, settings: Settings) -> dict[str, Any]:
    """An author's page."""
    site = settings.site
    person = {
        "@type": "Person",
        "name": author.name,
        "url": links.absolute(site, links.author(author.slug)),
        "description": " ".join(author.biography),
        "image": links.absolute(site, author.picture.largest) if author.picture else "",
        "sameAs": [url for _, url in author.links],
        "knowsAbout": [topic.name for topic in author.beats],
    }
    return {
        "@context": CONTEXT,
        "@type": "ProfilePage",
        "mainEntity": {name: value for name, value in person.items() if value},
    }


def way(settings: Settings, *steps: tuple[str, str]) -> dict[str, Any]:
    """The breadcrumbs: (name, path) from the first page to this one."""
    places = (("Home", links.HOME), *steps)
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": links.absolute(settings.site, path)}
            for n, (name, path) in enumerate(places, 1)
        ],
    }


def way_to_article(card: Card, settings: Settings) -> dict[str, Any]:
    topic = card.topic
    above = (topic.name, links.topic(topic.slug)) if topic else ("News", links.LATEST)
    return way(settings, above, (card.title, card.path))


def way_to_topic(page: TopicPage, settings: Settings) -> dict[str, Any]:
    steps = [(one.name, links.topic(one.slug)) for one in (page.above, page.topic) if one]
    return way(settings, ("Topics", links.TOPICS), *steps)


def picture(picture: Picture, settings: Settings) -> dict[str, Any]:
    """A picture's own page."""
    return {"@context": CONTEXT, **image(picture, settings.site)}


def image(picture: Picture, site: str) -> dict[str, Any]:
    told = {
        "@type": "ImageObject",
        "url": links.absolute(site, picture.largest),
        "contentUrl": links.absolute(site, picture.largest),
        "width": pixels(picture.widths[-1]),
        "height": pixels(round(picture.height * picture.widths[-1] / picture.width)),
        "caption": picture.caption,
        "creditText": picture.credit,
        "creator": {"@type": "Organization", "name": picture.credit} if picture.credit else None,
        "copyrightNotice": picture.credit,
        "license": licence_url(picture.licence),
        "acquireLicensePage": links.absolute(site, links.picture(picture.id)),
    }
    return {name: value for name, value in told.items() if value}


def pixels(number: int) -> dict[str, Any]:
    """A length as schema.org has it; E37 is the pixel in the UN's list of units (UNECE Recommendation 20)."""
    return {"@type": "QuantitativeValue", "value": number, "unitCode": "E37"}


def _corrections(article: Article) -> dict[str, Any]:
    """schema.org's CorrectionComment for each correction; updates show in dateModified alone."""
    told = [
        {"@type": "CorrectionComment", "text": note.text, "datePublished": note.at.isoformat()}
        for note in article.notes
        if note.kind == NoteKind.CORRECTION
    ]
    return {"correction": told} if told else {}
