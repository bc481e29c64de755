"""What search engines and browsers ask first: robots, the sitemaps and the description of our search box."""

from datetime import timedelta

from flask import Blueprint, Response, render_template

from blog import clock, links, secret
from blog.posts import reading, standing
from blog.posts.heralding import indexnow_key
from blog.refusals import NotFound
from blog.web import caching
from blog.web.wiring import house

blueprint = Blueprint("sitemaps", __name__)
blueprint.after_request(caching.for_readers)

NEWS = timedelta(days=2)
"""How long a story is news to the readers of a news sitemap."""


@blueprint.get("/sitemap.xml")
def index() -> Response:
    return _xml("sitemap_index", parts=reading.sitemap_parts(house().db))


@blueprint.get("/sitemap/pages.xml")
def pages() -> Response:
    db = house().db
    return _xml(
        "sitemap_pages",
        authors=reading.authors(db),
        topics=reading.topics(db),
        months=reading.months(db),
        standing=[path for _, path, _ in standing.placed(db) if path != links.PRIVACY],
    )


@blueprint.get("/sitemap/<int(fixed_digits=4):year>.xml")
def stories(year: int) -> Response:
    entries = reading.sitemap(house().db, year)
    if not entries:
        raise NotFound("Nothing was published in that year.")
    return _xml("sitemap", entries=entries)


@blueprint.get("/sitemap/news.xml")
def news() -> Response:
    return _xml("sitemap_news", entries=reading.news(house().db, clock.now() - NEWS))


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(render_template("blog/web/feeds/robots.txt"), content_type="text/plain; charset=utf-8")


@blueprint.get("/indexnow.txt")
def indexnow() -> Response:
    settings = house().settings
    if not settings.indexnow:
        raise NotFound("We can't find that page.")
    key = indexnow_key(secret.secret_key(settings))
    return Response(key, content_type="text/plain; charset=utf-8")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    return _xml("opensearch", "application/opensearchdescription+xml")


def _xml(name: str, media_type: str = "application/xml", **shown: object) -> Response:
    text = render_template(f"blog/web/feeds/{name}.xml", **shown)
    return Response(text, content_type=f"{media_type}; charset=utf-8")
