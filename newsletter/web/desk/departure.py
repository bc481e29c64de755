"""Sending the coming digest now instead of at its hour: asked once, on a page that names the number of readers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import arranging, compiling
from newsletter.editions.arranging import LEFT
from newsletter.editions.model import EditionId
from newsletter.web import moments
from newsletter.web.desk.forms import DepartureForm

blueprint = Blueprint("desk_departure", __name__, url_prefix="/studio/digest/departure")


@blueprint.get("")
@signed_in(Right.SEND)
def ask(_by: Person) -> str:
    coming = arranging.coming(house().db, clock.now(), house().settings)
    when = moments.when(coming.due_at, coming.timezone)
    return render_template("newsletter/web/desk/departure.html", coming=coming, when=when)


@blueprint.post("")
@signed_in(Right.SEND)
def send(_by: Person) -> ResponseReturnValue:
    try:
        return redirect(url_for("desk_editions.show", edition_id=_send(DepartureForm(request.form))))
    except Conflict as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("desk_coming.show"))


def _send(form: DepartureForm) -> EditionId:
    """Pressed twice, or after the clock was faster, it must not send the edition after."""
    db, at, settings = house().db, clock.now(), house().settings
    if form.edition.data != arranging.coming(db, at, settings).edition_id:
        raise Conflict(LEFT)
    return compiling.send_now(db, at, settings)
