"""The lever that stops and starts all sending. Letters on the wire come to their end; nothing is ever sent twice by it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import pausing

blueprint = Blueprint("desk_delivery", __name__, url_prefix="/studio/delivery")


@blueprint.post("/pause")
@signed_in(Right.SEND)
def pause(by: Person) -> ResponseReturnValue:
    pausing.pause(house().db, clock.now(), f"Paused by {by.name}.")
    flash("Sending is paused.")
    return redirect(_back())


@blueprint.post("/pause/removal")
@signed_in(Right.SEND)
def resume(_by: Person) -> ResponseReturnValue:
    pausing.resume(house().db, clock.now())
    flash("Sending goes on.")
    return redirect(_back())


def _back() -> str:
    """To the page of the studio that the form stood on."""
    path = request.form.get("back", "")
    is_here = path == "/studio" or path.startswith("/studio/")
    return path if is_here and path.isascii() and path.isprintable() else url_for("desk_coming.show")
