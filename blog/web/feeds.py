"""What machines read: RSS, Atom and JSON feeds of everything, of an author, of a topic; sitemap, robots, search box."""

import json

from flask import Blueprint, Response, render_template

from blog import links
from blog.posts import reading
from blog.settings import Settings
from blog.web import caching, syndication
from blog.web.syndication import Feed
from blog.web.wiring import house

blueprint = Blueprint("feeds", __name__)
blueprint.after_request(caching.for_readers)


@blueprint.get("/feed.xml")
def rss() -> Response:
    return _xml(syndication.rss(_everything(links.RSS)), "application/rss+xml")


@blueprint.get("/atom.xml")
def atom() -> Response:
    return _xml(syndication.atom(_everything(links.ATOM)), "application/atom+xml")


@blueprint.get("/feed.json")
def json_feed() -> Response:
    text = json.dumps(syndication.json_feed(_everything(links.JSON_FEED)), ensure_ascii=False)
    return Response(text, content_type="application/feed+json; charset=utf-8")


@blueprint.get("/authors/<slug>/feed.xml")
def author(slug: str) -> Response:
    db = house().db
    name = reading.author(db, slug, 1).author.name
    feed = Feed(_settings(), name, links.author(slug), links.author_feed(slug), reading.feed(db, author=slug))
    return _xml(syndication.rss(feed), "application/rss+xml")


@blueprint.get("/topics/<slug>/feed.xml")
def topic(slug: str) -> Response:
    db = house().db
    name = reading.topic(db, slug, 1).topic.name
    feed = Feed(_settings(), name, links.topic(slug), links.topic_feed(slug), reading.feed(db, topic=slug))
    return _xml(syndication.rss(feed), "application/rss+xml")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    db = house().db
    listed = {"entries": reading.sitemap(db), "authors": reading.authors(db), "topics": reading.topics(db)}
    return _xml(render_template("blog/web/feeds/sitemap.xml", **listed), "application/xml")


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(render_template("blog/web/feeds/robots.txt"), content_type="text/plain; charset=utf-8")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    return _xml(render_template("blog/web/feeds/opensearch.xml"), "application/opensearchdescription+xml")


def _everything(address: str) -> Feed:
    return Feed(_settings(), "", links.HOME, address, reading.feed(house().db))


def _settings() -> Settings:
    return house().settings


def _xml(text: str, media_type: str) -> Response:
    return Response(text, content_type=f"{media_type}; charset=utf-8")
