"""What other sites ask of a story that is linked there: its drawn picture where it has none, and the card of oEmbed (oembed.com)."""

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blog import clock, links
from blog.images import lettering
from blog.posts import reading
from blog.posts.views import Card
from blog.refusals import NotFound, Unavailable
from blog.web.wiring import house

blueprint = Blueprint("sharing", __name__)

A_DAY = "max-age=86400"
WIDEST = 600
UNDRAWN = "/static/icons/share.png"


@blueprint.get("/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/<slug>/share.png")
def picture(year: int, month: int, slug: str) -> ResponseReturnValue:
    settings = house().settings
    card = _card(request.path.removesuffix("/share.png"))
    if card.picture:
        return redirect(_thumbnail(card, settings.site)["thumbnail_url"])
    foot = " · ".join([settings.site_name, *(by.name for by in card.authors[:2])])
    words = lettering.Words(card.title, card.topic.name if card.topic else "", foot)
    try:
        drawn = lettering.drawn(words, settings.data / "cards", clock.now())
    except Unavailable:
        return redirect(UNDRAWN)
    answer = Response(drawn.read_bytes(), mimetype="image/png")
    answer.headers["Cache-Control"] = A_DAY
    return answer


@blueprint.get("/oembed")
def oembed() -> ResponseReturnValue:
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        return Response("Only json and xml are spoken here.", 501, mimetype="text/plain")
    told = _told(_card(_path(request.args.get("url", ""))))
    answer = Response(_xml(told), mimetype="text/xml") if form == "xml" else jsonify(told)
    answer.headers["Cache-Control"] = A_DAY
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _card(path: str) -> Card:
    return reading.article(house().db, reading.redirect_for(house().db, path) or path).article.card


def _path(url: str) -> str:
    """Of a story of ours; NotFound for any other address."""
    try:
        parts, ours = urlsplit(url), urlsplit(house().settings.site)
    except ValueError:
        raise NotFound("That is no address of ours.") from None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != ours.netloc:
        raise NotFound("That is no address of ours.")
    return parts.path.rstrip("/")


def _told(card: Card) -> dict[str, Any]:
    settings = house().settings
    url = links.absolute(settings.site, card.path)
    names = ", ".join(by.name for by in card.authors)
    quoted = Markup('<blockquote><p><a href="{}">{}</a></p><p>{}</p><footer>{}</footer></blockquote>')
    foot = f"{names} · {settings.site_name}" if names else settings.site_name
    wide = request.args.get("maxwidth", "", str)
    return {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "author_name": names,
        "author_url": links.absolute(
            settings.site, links.author(card.authors[0].slug) if card.authors else "/"
        ),
        "provider_name": settings.site_name,
        "provider_url": settings.site,
        "cache_age": 86400,
        "html": str(quoted.format(url, card.title, card.dek, foot)),
        "width": min(WIDEST, int(wide)) if wide.isascii() and wide.isdigit() and len(wide) < 6 else WIDEST,
        "height": 200,
        **_thumbnail(card, settings.site),
    }


def _thumbnail(card: Card, site: str) -> dict[str, Any]:
    picture = card.picture
    if picture is None:
        url, wide, high = links.share(card.path), lettering.WIDTH, lettering.HEIGHT
    else:
        wide = next((w for w in picture.widths if w >= 960), picture.widths[-1])
        url, high = picture.url(wide), round(picture.height * wide / picture.width)
    return {
        "thumbnail_url": links.absolute(site, url),
        "thumbnail_width": wide,
        "thumbnail_height": high,
    }


def _xml(told: dict[str, Any]) -> bytes:
    root = ET.Element("oembed")
    for name, value in told.items():
        ET.SubElement(root, name).text = str(value)
    made: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return made
