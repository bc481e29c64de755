"""Past digests as pages: by list and month, one edition, what words find, and feeds. The same for everybody, so they are kept ready."""

import re
from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blog import links
from blog.language.saying import said
from blog.refusals import NotFound
from blog.web import caching
from blog.web.wiring import house
from newsletter.editions import archive
from newsletter.lists.reading import DAILY
from newsletter.web import feed

blueprint = Blueprint("archive", __name__, url_prefix=links.EDITIONS)
blueprint.after_request(caching.for_readers)

EDITION = re.compile(r"\d{4}-\d\d-\d\d(-\d{1,3})?")
MONTH = re.compile(r"\d{4}-\d\d")


@blueprint.get("")
def months() -> str:
    return _months(DAILY)


@blueprint.get("/search")
def search() -> Response:
    words = request.args.get("q", "").replace("\x00", "").strip()[:200]
    found = archive.search(house().db, words, page_number())
    response = Response(render_template("newsletter/web/archive/search.html", found=found))
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_every_form(place: str, view: Callable[..., Response], endpoint: str) -> None:
    """Each form at an address of its own, before the addresses of months and lists, which are words too."""
    for form in feed.FORMS:
        blueprint.add_url_rule(f"{place}/{form}", endpoint, view, defaults={"form": form})


def daily_feed(form: str) -> Response:
    return _feed(DAILY, form)


def list_feed(list_slug: str, form: str) -> Response:
    return _feed(list_slug, form)


_in_every_form("", daily_feed, "daily_feed")
_in_every_form("/<list_slug>", list_feed, "list_feed")


@blueprint.get("/<word>")
def one(word: str) -> str:
    """A day's edition, a month, or another list."""
    if EDITION.fullmatch(word):
        return _edition(word, DAILY)
    return _months(DAILY, _month(word)) if MONTH.fullmatch(word) else _months(word)


@blueprint.get("/<list_slug>/<word>")
def of_list(list_slug: str, word: str) -> ResponseReturnValue:
    if list_slug == DAILY:
        return redirect(links.edition_of(DAILY, word), 301)
    if MONTH.fullmatch(word):
        return _months(list_slug, _month(word))
    return _edition(word, list_slug)


def page_number() -> int:
    """The page of a list that the address asks for. Raises NotFound for nonsense."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) > 0):
        raise NotFound(said("That list has no such page."))
    return int(asked)


def _months(slug: str, month: date | None = None) -> str:
    found = archive.archive(house().db, page_number(), slug, month)
    return render_template("newsletter/web/archive/months.html", archive=found, month=month)


def _edition(slug: str, list_slug: str) -> str:
    page = archive.edition_page(house().db, slug, list_slug)
    return render_template("newsletter/web/archive/edition.html", page=page)


def _feed(list_slug: str, form: str) -> Response:
    text, kind = feed.write(archive.archive(house().db, slug=list_slug), house().settings, form)
    return Response(text, content_type=f"{kind}; charset=utf-8")


def _month(word: str) -> date:
    """Raises NotFound."""
    try:
        return date.fromisoformat(f"{word}-01")
    except ValueError:
        raise NotFound(said("No digest left in that month.")) from None
