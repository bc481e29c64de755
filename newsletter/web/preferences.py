"""The preference page: a doorstep that recognises its reader, and the open page behind it. No cookie, no password.

A mail may have been forwarded, so the link in it shows nothing but a masked address. Whoever types the whole one, or opens a fresh link
from their own mailbox, holds the open page for an hour; every save begins the hour anew.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.refusals import Conflict, Gone, Invalid, NotFound, Refusal
from blog.web.guard import same_origin
from blog.web.limits import forgive, throttle
from blog.web.wiring import house
from newsletter.subscribers import address as addresses
from newsletter.subscribers import choosing, erasing, readdressing, recognising
from newsletter.subscribers.erasing import Weight
from newsletter.subscribers.recognising import Doorstep
from newsletter.subscribers.tokens import Expired
from newsletter.web import preferring, wiring
from newsletter.web.preferring import Sheet

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")
blueprint.after_request(wiring.keep_private)

GUESSES, MINUTES = 5, 10
"""At one reader's address; from one network four times as many."""
MOVES, DAY = 3, 24 * 60
"""Requests of one reader to change the address; to one new address two."""
STATUS: dict[type[Refusal], int] = {Gone: 410, Conflict: 409, Invalid: 422}


@dataclass(frozen=True)
class Closed:
    """Why nothing opens: ``again`` is the way back to the doorstep, where there is one."""

    sentence: str
    again: str = ""


@blueprint.get("/<token>")
def look(token: str) -> ResponseReturnValue:
    claim = wiring.tokens().read_manage(token)
    return _step(token, recognising.doorstep(house().db, claim.subscriber_id))


@blueprint.post("/<token>")
def recognise(token: str) -> ResponseReturnValue:
    same_origin()
    reader_id, typed = wiring.tokens().read_manage(token).subscriber_id, _typed()
    _count_guess(reader_id)
    try:
        recognising.recognise(house().db, reader_id, typed)
    except Invalid as refusal:
        step = recognising.doorstep(house().db, reader_id)
        return _step(token, step, typed, refusal.fields["email"][0]), 422
    forgive("preferences", about=str(reader_id))
    return _open(reader_id, clock.now())


@blueprint.post("/<token>/link")
def mail_link(token: str) -> ResponseReturnValue:
    same_origin()
    claim = wiring.tokens().read_manage(token)
    at, settings = clock.now(), house().settings
    address = recognising.mail_link(house().db, wiring.tokens(), claim.subscriber_id, at, settings)
    return render_template("newsletter/web/preferences/mailed.html", address=address, token=token)


@blueprint.get("/open/<token>")
def show(token: str) -> ResponseReturnValue:
    shown, at = _sheet(token)
    return _page(preferring.marked(shown, request.args.get("done", ""), at))


@blueprint.post("/open/<token>/choices")
def choose(token: str) -> ResponseReturnValue:
    same_origin()
    shown, at = _sheet(token)
    wanted, when = preferring.read_choices(request.form, shown.choices)
    try:
        choosing.choose(house().db, shown.prefs.reader_id, wanted, at, house().settings)
    except Invalid as refusal:
        return _page(preferring.refused(house().db, shown, wanted, when, refusal.fields, at)), 422
    return _open(shown.prefs.reader_id, at, "saved")


@blueprint.post("/open/<token>/pause")
def pause(token: str) -> ResponseReturnValue:
    same_origin()
    shown, at = _sheet(token)
    try:
        done = _pause(shown.prefs.reader_id, at)
    except Invalid as refusal:
        again = preferring.refused(house().db, shown, shown.choices, shown.when, refusal.fields, at)
        return _page(again), 422
    return _open(shown.prefs.reader_id, at, done)


@blueprint.post("/open/<token>/address")
def readdress(token: str) -> ResponseReturnValue:
    same_origin()
    shown, at = _sheet(token)
    try:
        _readdress(shown.prefs.reader_id, _typed(), at)
    except Invalid as refusal:
        again = preferring.refused(house().db, shown, shown.choices, shown.when, refusal.fields, at)
        return _page(again), 422
    return _open(shown.prefs.reader_id, at, "asked")


@blueprint.post("/open/<token>/data")
def take(token: str) -> Response:
    same_origin()
    at = clock.now()
    reader_id = wiring.tokens().read_opened(token, at).subscriber_id
    answer = Response(preferring.copy_of(house().db, reader_id, at), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data-{at:%Y-%m-%d}.json"'
    return answer


@blueprint.get("/open/<token>/erasure")
def ask_erasure(token: str) -> ResponseReturnValue:
    claim = wiring.tokens().read_opened(token, clock.now())
    return _erasure(token, erasing.weigh(house().db, claim.subscriber_id))


@blueprint.post("/open/<token>/erasure")
def erase(token: str) -> ResponseReturnValue:
    same_origin()
    at = clock.now()
    reader_id = wiring.tokens().read_opened(token, at).subscriber_id
    erasing.erase(house().db, reader_id, at, house().settings)
    return _erasure("", None)


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(Gone)
@blueprint.errorhandler(Invalid)
def closed(refusal: Refusal) -> ResponseReturnValue:
    """A link that opens nothing says why; one whose hour is over leads back to the doorstep."""
    again = (
        links.preferences(wiring.tokens().manage(refusal.subscriber_id))
        if isinstance(refusal, Expired)
        else ""
    )
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 404)
    told = Closed(str(refusal), again)
    return render_template("newsletter/web/preferences/closed.html", closed=told), status


def _sheet(token: str) -> tuple[Sheet, datetime]:
    at = clock.now()
    claim = wiring.tokens().read_opened(token, at)
    shown = preferring.sheet(house().db, wiring.tokens(), token, claim.subscriber_id, at, house().settings)
    return shown, at


def _count_guess(reader_id: int) -> None:
    """Raises TooMany."""
    throttle("preferences", GUESSES, MINUTES, about=str(reader_id))
    throttle("preferences", 4 * GUESSES, MINUTES)


def _pause(reader_id: int, at: datetime) -> str:
    db, settings = house().db, house().settings
    weeks, until = request.form.get("weeks", ""), request.form.get("until", "")
    if "resume" in request.form:
        choosing.resume(db, reader_id, at, settings)
        return "resumed"
    if weeks.isdigit() and len(weeks) == 1:
        choosing.pause_weeks(db, reader_id, int(weeks), at, settings)
    else:
        # A day that cannot be read is refused like one that has passed.
        choosing.pause(db, reader_id, preferring.day_of(until) or at.date(), at, settings)
    return "paused"


def _readdress(reader_id: int, typed: str, at: datetime) -> None:
    meant = addresses.read(typed)
    throttle("new address", MOVES, DAY, about=str(reader_id))
    throttle("new address to", 2, DAY, about=meant.key)
    readdressing.ask(house().db, wiring.tokens(), reader_id, typed, at, house().settings)


def _typed() -> str:
    return request.form.get("email", "").replace("\x00", "\ufffd").strip()[:300]


def _open(reader_id: int, at: datetime, done: str = "") -> Response:
    """The page, opened anew for an hour."""
    fresh = wiring.tokens().opened(reader_id, at)
    place = {"saved": "saved", "paused": "pause", "resumed": "pause", "asked": "address"}.get(done)
    path = url_for("preferences.show", token=fresh, done=done or None, _anchor=place)
    return redirect(path, 303)  # type: ignore[return-value]


def _step(token: str, step: Doorstep, typed: str = "", fault: str = "") -> str:
    return render_template(
        "newsletter/web/preferences/doorstep.html", step=step, token=token, typed=typed, fault=fault
    )


def _page(shown: Sheet) -> str:
    return render_template(
        "newsletter/web/preferences/page.html", sheet=shown, prefs=shown.prefs, weekdays=preferring.WEEKDAYS
    )


def _erasure(token: str, weight: Weight | None) -> str:
    return render_template("newsletter/web/preferences/erasure.html", token=token, weight=weight)
