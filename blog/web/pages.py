"""The pages that anybody may read. Every view asks one verb of a room and hands the answer to one template."""

import re
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from blog.language.saying import said
from blog.posts import reading, standing
from blog.posts import search as searching
from blog.posts.narrowing import Wanted
from blog.refusals import NotFound
from blog.web import caching, evening, structured
from blog.web.wiring import house

blueprint = Blueprint("pages", __name__)
blueprint.after_request(caching.for_readers)


@blueprint.get("/")
def home() -> str:
    return _page("home", home=reading.home(house().db), data=structured.website(house().settings))


@blueprint.get("/news")
def latest() -> str:
    return _page("latest", page=reading.latest(house().db, _number()))


@blueprint.get("/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/<slug>")
def article(year: int, month: int, slug: str) -> str | Response:
    moved = reading.redirect_for(house().db, request.path)
    if moved:
        return redirect(moved, 301)
    shown, settings = reading.article(house().db, request.path), house().settings
    data = structured.news_article(shown.article, settings)
    way = structured.way_to_article(shown.article.card, settings)
    return caching.framing(_page("article", page=shown, data=data, way=way), shown.article.body)


@blueprint.get("/archive")
def archive() -> str:
    by_year = groupby(reading.months(house().db), key=lambda one: one.year)
    return _page("archive", years=[(year, list(months)) for year, months in by_year])


@blueprint.get("/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>")
def month(year: int, month: int) -> str:
    shown = reading.month(house().db, year, month, _number())
    return _page("month", page=shown, first=date(year, month, 1))


@blueprint.get("/authors")
def authors() -> str:
    return _page("authors", authors=reading.authors(house().db))


@blueprint.get("/authors/<slug>")
def author(slug: str) -> str:
    shown = reading.author(house().db, slug, _number())
    return _page("author", shown=shown, year=None, data=structured.profile(shown.author, house().settings))


@blueprint.get("/authors/<slug>/<int(fixed_digits=4):year>")
def author_in(slug: str, year: int) -> str:
    return _page("author", shown=reading.author(house().db, slug, _number(), year), year=year, data=None)


@blueprint.get("/topics")
def topics() -> str:
    return _page("topics", topics=reading.topics(house().db))


@blueprint.get("/topics/<slug>")
def topic(slug: str) -> str:
    shown = reading.topic(house().db, slug, _number())
    return _page("topic", shown=shown, way=structured.way_to_topic(shown, house().settings))


@blueprint.get("/pictures")
def pictures() -> str:
    return _page("pictures", page=reading.pictures(house().db, _number()))


@blueprint.get("/pictures/<int(max=9223372036854775807):image_id>")
def picture(image_id: int) -> str:
    entry = reading.picture(house().db, image_id)
    return _page("picture", entry=entry, data=structured.picture(entry.picture, house().settings))


@blueprint.get("/search")
def search() -> str:
    words, wanted = _asked("q"), Wanted(_asked("author"), _asked("topic"), _year())
    found = (
        searching.find(house().db, words, _number(), wanted, zone=house().settings.zone) if words else None
    )
    return _page("search", words=words, wanted=wanted, found=found)


@blueprint.get("/sky")
def sky() -> str:
    return _page("sky", portrait=evening.portrait(), nights=evening.nights_ahead(), planets=evening.planets())


@blueprint.get("/corrections")
def corrections() -> str:
    return _page("corrections", page=reading.corrections(house().db, _number()))


@blueprint.get("/privacy")
def privacy() -> str | Response:
    """The editors' words, where they wrote some."""
    page = standing.find_page(house().db, "privacy")
    return caching.framing(_page("standing", page=page), page.body) if page else _page("privacy")


@blueprint.get("/<name:slug>")
def standing_page(slug: str) -> Response:
    page, db = standing.find_page(house().db, slug), house().db
    if page is None:
        if moved := standing.find_moved(db, slug):
            return redirect(moved, 301)
        raise NotFound(said("We can't find that page."))
    return caching.framing(_page("standing", page=page), page.body)


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:200]


def _year() -> int:
    """0 where the address asks for none, or for nonsense."""
    asked = request.args.get("year", "")
    return int(asked) if re.fullmatch("[1-9][0-9]{3}", asked) else 0


def _number() -> int:
    """The page of a list that the address asks for; nonsense is no page."""
    asked = request.args.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked):
        raise NotFound(said("That list has no such page."))
    return int(asked)


def _page(name: str, **shown: Any) -> str:
    return render_template(f"blog/web/pages/{name}.html", licence_url=structured.licence_url, **shown)
