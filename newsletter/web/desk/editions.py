"""How one edition went out, or is going out: numbers from the ledger, at each look as they stand, and what a person may do about it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict
from blog.templating import plural
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import intervening, pausing
from newsletter.editions import hindrances, stopping
from newsletter.editions.coming import which_of
from newsletter.editions.compiling import KIND
from newsletter.editions.model import EditionState
from newsletter.editions.progress import progress
from newsletter.figures import departures
from newsletter.web.desk import plots, ways
from newsletter.web.desk.bars import outcome_bar
from newsletter.web.desk.plots import Plot
from newsletter.web.desk.ways import EDITION

blueprint = Blueprint("desk_editions", __name__, url_prefix="/studio/digest")


@blueprint.get(f"/{EDITION}")
@signed_in(Right.SEND)
def show(_by: Person, edition_id: int) -> ResponseReturnValue:
    db = house().db
    seen = progress(db, edition_id, clock.now())
    if seen.edition.state == EditionState.OPEN:
        return redirect(ways.composer(which_of(db, edition_id)))
    return render_template(
        "newsletter/web/desk/progress.html",
        seen=seen,
        bar=outcome_bar(seen.letters),
        hindrances=hindrances.hindrances(db, edition_id),
        standing=pausing.standing(db),
        pace=_pace(edition_id) if seen.letters.accepted else None,
        log=intervening.log(db, KIND, edition_id),
    )


@blueprint.post(f"/{EDITION}/stop")
@signed_in(Right.SEND)
def stop(by: Person, edition_id: int) -> ResponseReturnValue:
    number = stopping.stop(house().db, edition_id, by.name, clock.now())
    flash(f"Stopped: {plural(number, 'letter')} will not leave.")
    return redirect(url_for(".show", edition_id=edition_id))


@blueprint.post(f"/{EDITION}/retry")
@signed_in(Right.SEND)
def retry(_by: Person, edition_id: int) -> ResponseReturnValue:
    code = request.form.get("code", "")
    if code and not (code.isascii() and code.isdigit() and len(code) < 4):
        raise Conflict("That answer is not on the page any more.")
    reply = request.form.get("reply", "")[:400]
    number = hindrances.retry(house().db, edition_id, int(code) if code else None, reply, clock.now())
    flash(f"{plural(number, 'letter')} will be tried again.")
    return redirect(url_for(".show", edition_id=edition_id))


def _pace(edition_id: int) -> Plot:
    """Accepted letters by the minute."""
    _, pace = departures.edition(house().db, edition_id)
    return plots.pace_plot(pace, house().settings.zone)
