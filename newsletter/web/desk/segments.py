"""Saved segments: the current filter kept under a name, looked through, renamed, deleted."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import filtering, segments
from newsletter.web.desk import filters

blueprint = Blueprint("desk_segments", __name__, url_prefix="/studio/readers/segments")
SEGMENT = "<int(max=9223372036854775807):segment_id>"


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    kept = segments.listing(house().db, clock.now(), house().settings.zone)
    return render_template(
        "newsletter/web/desk/segments.html",
        segments=kept,
        offer=filters.offer(),
        states=filters.STATES,
        forms=filters.FORMS,
        activities=filtering.ACTIVITIES,
        engagements=filtering.ENGAGEMENTS,
    )


@blueprint.post("")
@signed_in(Right.SEND)
def save(by: Person) -> ResponseReturnValue:
    wanted, name = filters.asked(request.form).filter, request.form.get("name", "")
    try:
        made = segments.save(house().db, name, wanted, by.name, clock.now())
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(links.paged("/studio/readers", 1, **filtering.written(wanted)))
    flash("Saved. A segment is always of today: whoever matches is in it.")
    return redirect(url_for("desk_readers.listing", segment=made))


@blueprint.post(f"/{SEGMENT}")
@signed_in(Right.SEND)
def rename(_by: Person, segment_id: int) -> ResponseReturnValue:
    name = request.form.get("name", "")
    return _done(lambda: segments.rename(house().db, segment_id, name), "Renamed.")


@blueprint.post(f"/{SEGMENT}/removal")
@signed_in(Right.SEND)
def remove(_by: Person, segment_id: int) -> ResponseReturnValue:
    return _done(lambda: segments.remove(house().db, segment_id), "Deleted. Its readers stay as they are.")


def _done(act: Callable[[], object], sentence: str) -> ResponseReturnValue:
    try:
        act()
        flash(sentence)
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".listing"))
