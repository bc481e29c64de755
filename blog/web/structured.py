"""What search engines and other machines read of an article: schema.org's NewsArticle as JSON-LD. Called by pages."""

from typing import Any

from blog import links
from blog.images.reading import Picture
from blog.posts.views import Article
from blog.settings import Settings

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
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": links.absolute(site, card.path),
        "headline": card.title,
        "description": article.search_description or card.dek,
        "datePublished": card.published_at.isoformat(),
        "dateModified": (article.updated_at or card.published_at).isoformat(),
        "author": [
            {"@type": "Person", "name": by.name, "url": links.absolute(site, links.author(by.slug))}
            for by in card.authors
        ],
        "publisher": {"@type": "Organization", "name": settings.site_name, "url": site},
        "articleSection": [topic.name for topic in card.topics],
        "wordCount": article.words,
        **({"image": [image(card.picture, site)]} if card.picture else {}),
    }


def image(picture: Picture, site: str) -> dict[str, Any]:
    told = {
        "@type": "ImageObject",
        "url": links.absolute(site, picture.largest),
        "width": picture.widths[-1],
        "height": round(picture.height * picture.widths[-1] / picture.width),
        "caption": picture.caption,
        "creditText": picture.credit,
        "license": licence_url(picture.licence),
        "acquireLicensePage": links.absolute(site, links.picture(picture.id)),
    }
    return {name: value for name, value in told.items() if value}
