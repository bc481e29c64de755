"""Feeds: RSS, Atom and JSON, of everything, of an author and of a topic."""

import json

from flask import Blueprint, Response

from blog import links
from blog.posts import reading
from blog.settings import Settings
from blog.web import caching, syndication
from blog.web.syndication import Feed
from blog.web.wiring import house

blueprint = Blueprint("feeds", __name__)
blueprint.after_request(caching.for_readers)


FORMS = ", ".join(f'"{form.strip("/")}"' for form in (links.RSS, links.ATOM, links.JSON_FEED))


@blueprint.get(f"/<any({FORMS}):form>")
def everything(form: str) -> Response:
    return _answer(Feed(_settings(), "", links.HOME, f"/{form}", reading.feed(house().db)), form)


@blueprint.get(f"/authors/<slug>/<any({FORMS}):form>")
def author(slug: str, form: str) -> Response:
    db, address = house().db, links.author_feed(slug, f"/{form}")
    name = reading.author(db, slug, 1).author.name
    feed = Feed(_settings(), name, links.author(slug), address, reading.feed(db, author=slug))
    return _answer(feed, form)


@blueprint.get(f"/topics/<slug>/<any({FORMS}):form>")
def topic(slug: str, form: str) -> Response:
    db, address = house().db, links.topic_feed(slug, f"/{form}")
    name = reading.topic(db, slug, 1).topic.name
    feed = Feed(_settings(), name, links.topic(slug), address, reading.feed(db, topic=slug))
    return _answer(feed, form)


def _settings() -> Settings:
    return house().settings


def _answer(feed: Feed, form: str) -> Response:
    if f"/{form}" == links.JSON_FEED:
        text, kind = json.dumps(syndication.json_feed(feed), ensure_ascii=False), "feed+json"
    elif f"/{form}" == links.ATOM:
        text, kind = syndication.atom(feed), "atom+xml"
    else:
        text, kind = syndication.rss(feed), "rss+xml"
    return Response(text, content_type=f"application/{kind}; charset=utf-8")
