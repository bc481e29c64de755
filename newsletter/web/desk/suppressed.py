"""The suppression list: addresses that get no mail, why, and in whose words; entered by hand, lifted one by one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Invalid, Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import suppression
from newsletter.web.archive import page_number
from newsletter.web.wiring import secret

blueprint = Blueprint("desk_suppressed", __name__, url_prefix="/studio/readers/suppressed")

REASONS = {
    "bounced": "Bounced",
    "complained": "Complained",
    "manual": "By hand",
    "erased": "Deleted",
}


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    return _page()


@blueprint.post("")
@signed_in(Right.SEND)
def enter(by: Person) -> ResponseReturnValue:
    typed, note = request.form.get("email", ""), request.form.get("note", "")
    try:
        suppression.enter(house().db, secret(), typed, note, by.name, clock.now())
    except Invalid as refusal:
        return _page(typed, note, str(refusal)), 422
    flash("The address is on the list. It gets no mail until an editor lifts that.")
    return redirect(url_for(".listing"))


@blueprint.post("/<key_hash>/removal")
@signed_in(Right.SEND)
def lift(_by: Person, key_hash: str) -> ResponseReturnValue:
    try:
        suppression.remove(house().db, key_hash)
        flash("Lifted. Whoever has the address can sign up again.")
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".listing"))


def _page(typed: str = "", note: str = "", error: str = "") -> str:
    words = request.args.get("q", "").replace("\0", "").strip()[:200]
    reason = request.args.get("reason", "")
    reason = reason if reason in REASONS else ""
    page = suppression.listing(house().db, words, page_number(), reason=reason, secret=secret())
    return render_template(
        "newsletter/web/desk/suppressed.html",
        page=page, words=words, reason=reason, reasons=REASONS, typed=typed, note=note, error=error,
    )  # fmt: skip
