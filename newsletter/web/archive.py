"""Past digests as pages: by month, one edition, and a feed of them. The same for everybody, so they are kept ready."""

from datetime import date

from flask import Blueprint, Response, render_template, request

from blog import links
from blog.refusals import NotFound
from blog.web import caching
from blog.web.wiring import house
from newsletter.editions import reading
from newsletter.web import feed

blueprint = Blueprint("archive", __name__, url_prefix=links.EDITIONS)
blueprint.after_request(caching.for_readers)


@blueprint.get("")
def months() -> str:
    return render_template(
        "newsletter/web/archive/months.html", archive=reading.archive(house().db, page_number())
    )


@blueprint.get("/<day>")
def edition(day: str) -> str:
    return render_template(
        "newsletter/web/archive/edition.html", page=reading.edition_page(house().db, _date(day))
    )


@blueprint.get("/feed.xml")
def rss() -> Response:
    text = feed.rss(reading.archive(house().db), house().settings)
    return Response(text, content_type="application/rss+xml; charset=utf-8")


def page_number() -> int:
    """The page of a list that the address asks for. Raises NotFound for nonsense."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) > 0):
        raise NotFound("That list has no such page.")
    return int(asked)


def _date(day: str) -> date:
    """Only as we write it: 2026-11-23. Raises NotFound."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise NotFound("There is no edition of that day.") from None
    if links.edition(found) != f"{links.EDITIONS}/{day}":
        raise NotFound("There is no edition of that day.")
    return found
