"""The desk's list of readers: found, filtered and ordered; taken away as a table; added to by hand. Looking changes nothing."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import reading as posts
from blog.refusals import Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import exporting, filtering, inviting, reading
from newsletter.subscribers.exporting import Slugs
from newsletter.web.archive import page_number
from newsletter.web.desk import downloads, filters

blueprint = Blueprint("desk_readers", __name__, url_prefix="/studio/readers")

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Room:
    name: str
    label: str
    path: str


ROOMS = (
    Room("readers", "Readers", "/studio/readers"),
    Room("segments", "Segments", "/studio/readers/segments"),
    Room("suppressed", "Suppressed", "/studio/readers/suppressed"),
    Room("returns", "What came back", "/studio/readers/returns"),
    Room("imports", "Import", "/studio/readers/imports"),
    Room("forms", "Forms", "/studio/readers/forms"),
)


@blueprint.app_context_processor
def rooms() -> dict[str, object]:
    """``reader_rooms()`` of the sub-navigation."""
    return {"reader_rooms": _rooms}


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    db, now, asked, sort = house().db, clock.now(), filters.asked(request.args), filters.sort()
    return render_template(
        "newsletter/web/desk/readers.html",
        counts=reading.count(db),
        fresh=reading.confirmed_since(db, now - WEEK),
        page=reading.listing(db, filters.chosen(asked.filter), page_number(), sort),
        asked=asked,
        sort=sort,
        offer=filters.offer(),
        activities=filtering.ACTIVITIES,
        engagements=filtering.ENGAGEMENTS,
        now=now,
    )


@blueprint.get("/export.csv")
@signed_in(Right.SEND)
def export(_by: Person) -> Response:
    db, chosen = house().db, filters.chosen(filters.asked(request.args).filter)
    slugs = Slugs(
        {topic.id: topic.slug for topic, _ in posts.topics(db)},
        {author.id: author.slug for author in posts.authors(db)},
    )
    return downloads.table("readers", exporting.lines(db, chosen, slugs))


@blueprint.get("/new")
@signed_in(Right.SEND)
def blank(_by: Person) -> str:
    return _form("", "")


@blueprint.post("/new")
@signed_in(Right.SEND)
def add(_by: Person) -> ResponseReturnValue:
    typed = request.form.get("email", "").strip()
    certain = request.form.get("certain", "") == typed
    try:
        made = inviting.invite(house().db, typed, clock.now(), house().settings, certain=certain)
    except Refusal as refusal:
        return _form(typed, str(refusal)), 422
    if made.suggestion:
        return _form(typed, "", made.suggestion), 422
    words = "We wrote to {}. The digest comes once they confirm." if made.is_new else "{} is here already."
    flash(words.format(made.address))
    return redirect(url_for("desk_reader.one", reader_id=made.reader_id))


def _form(typed: str, error: str, suggestion: str = "") -> str:
    return render_template(
        "newsletter/web/desk/reader_new.html", typed=typed, error=error, suggestion=suggestion
    )


def _rooms() -> tuple[Room, ...]:
    built = {rule.rule for rule in current_app.url_map.iter_rules()}
    return tuple(room for room in ROOMS if room.path in built)
