"""Sending an open edition now instead of at its hour: asked once, on a page that names the number of readers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import compiling, rehearsing
from newsletter.editions.coming import coming, which_of
from newsletter.editions.handling import LEFT
from newsletter.editions.model import EditionId
from newsletter.web import moments
from newsletter.web.desk import ways
from newsletter.web.desk.coming import rehearse
from newsletter.web.desk.forms import DepartureForm

blueprint = Blueprint("desk_departure", __name__, url_prefix="/studio/digest/departure")


@blueprint.get("")
@signed_in(Right.SEND)
def ask(_by: Person) -> str:
    shown = coming(house().db, clock.now(), house().settings, ways.asked())
    return render_template(
        "newsletter/web/desk/departure.html",
        coming=shown,
        when=moments.when(shown.due_at, shown.timezone),
        back=ways.composer(shown.which),
        rehearsal=rehearse(shown.which),
        form=DepartureForm(edition=shown.edition_id),
    )


@blueprint.post("")
@signed_in(Right.SEND)
def send(_by: Person) -> ResponseReturnValue:
    form = DepartureForm(request.form)
    which = which_of(house().db, form.edition_id)
    try:
        return redirect(url_for("desk_editions.show", edition_id=_send(form)))
    except Conflict as refusal:
        flash(str(refusal), "error")
        return redirect(ways.composer(which))


def _send(form: DepartureForm) -> EditionId:
    """The form names the edition: pressed twice, or after the clock was faster, it must not send the one after."""
    db, at, settings = house().db, clock.now(), house().settings
    if not form.edition_id:
        raise Conflict(LEFT)
    which = which_of(db, form.edition_id)
    rehearsing.check_size(db, at, settings, which, is_sure=form.sure.data)
    return compiling.send_now(db, at, settings, form.edition_id)
