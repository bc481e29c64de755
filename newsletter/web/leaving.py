"""Leaving the list, from a link or by a mail program's own button (RFC 8058), fewer mails instead, and coming back by "Undo".

The mail may have been forwarded: the page shows a masked address and asks; the button is the step that confirms.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.language.saying import said
from blog.refusals import Gone, Invalid, Refusal
from blog.web.guard import same_origin
from blog.web.wiring import house
from newsletter.subscribers import choices, choosing, leaving
from newsletter.subscribers.choices import HeldList, Preferences
from newsletter.subscribers.leaving import Left
from newsletter.subscribers.masking import masked
from newsletter.web import wiring

blueprint = Blueprint("leaving", __name__, url_prefix="/unsubscribe")
blueprint.after_request(wiring.keep_private)

ONE_CLICK = ("List-Unsubscribe", "One-Click")
REASONS = (said("Too many mails"), said("Not what I expected"), said("I never signed up"))
SECOND_THOUGHTS = timedelta(hours=1)
"""So long after a reader left, pressing the same button again offers the way back."""
LONG_PAUSE = 4
"""Weeks."""


@dataclass(frozen=True)
class Farewell:
    """``state`` is ask, gone already, done, thanked (for the reason), fewer, back, waiting (came back without ever confirming) or broken."""

    state: str
    address: str = ""
    """Masked."""
    left_at: datetime | None = None
    undo: str = ""
    """The token that takes it back; empty where that time is over."""
    sentence: str = ""
    lists: tuple[HeldList, ...] = ()
    """What the reader gets, where that is more than one."""
    may_go_weekly: bool = False
    may_pause: bool = False
    manage: str = ""
    """Where everything else is chosen."""
    reasons: tuple[str, ...] = field(default=REASONS)


@blueprint.get("/<token>")
def look(token: str) -> ResponseReturnValue:
    try:
        return _show(_found(token), token)
    except Refusal as refusal:
        return _broken(refusal)


@blueprint.post("/<token>")
def leave(token: str) -> ResponseReturnValue:
    """The token alone is the key: a mail program has no session, and its request comes from anywhere."""
    is_one_click = request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]
    try:
        left = _leave(token)
    except Refusal as refusal:
        return _plain(str(refusal), 404) if is_one_click else _broken(refusal)
    return _plain("You won't hear from us again.", 200) if is_one_click else _show(_done(left), token)


@blueprint.post("/<token>/fewer")
def get_fewer(token: str) -> ResponseReturnValue:
    same_origin()
    try:
        return _show(_fewer(token, clock.now()), token)
    except Refusal as refusal:
        return _broken(refusal)


@blueprint.post("/undo/<token>")
def undo(token: str) -> ResponseReturnValue:
    same_origin()
    at = clock.now()
    try:
        claim = wiring.tokens().read_undo(token, at)
        back = leaving.come_back(
            house().db, claim.subscriber_id, at, "undo", left=claim.at, settings=house().settings
        )
    except Refusal as refusal:
        return _broken(refusal)
    return _show(Farewell("back" if back.is_on_list else "waiting", masked(back.address)), token)


@blueprint.post("/undo/<token>/reason")
def say_why(token: str) -> ResponseReturnValue:
    same_origin()
    at, words = clock.now(), [request.form.get("reason", ""), request.form.get("words", "")]
    try:
        claim = wiring.tokens().read_undo(token, at)
        said = ": ".join(filter(None, (part.strip()[:250] for part in words)))
        choosing.say_why(house().db, claim.subscriber_id, said, at)
    except Refusal as refusal:
        return _broken(refusal)
    return _show(Farewell("thanked" if said else "done", undo=token), token)


def _found(token: str) -> Farewell:
    claim = wiring.tokens().read_leave(token)
    prefs = choices.preferences(house().db, claim.subscriber_id, clock.now(), house().settings)
    if prefs.state not in leaving.SERVED:
        return Farewell("gone", prefs.address, prefs.left_at)
    return _question(prefs, links.preferences(wiring.tokens().manage(prefs.reader_id, claim.edition_id)))


def _question(prefs: Preferences, manage: str) -> Farewell:
    """Fewer mails are offered only where they would be fewer."""
    if not prefs.is_on_list:
        return Farewell("ask", prefs.address)
    has_daily = any(one.is_daily for one in prefs.held)
    is_often = prefs.choices.at_once or prefs.choices.days.bit_count() > 1
    return Farewell(
        "ask", prefs.address, lists=prefs.held if len(prefs.held) > 1 else (),
        may_go_weekly=has_daily and is_often, may_pause=prefs.paused_until is None, manage=manage,
    )  # fmt: skip


def _leave(token: str) -> Left:
    claim = wiring.tokens().read_leave(token)
    source = _source(claim.edition_id)
    return leaving.leave(house().db, claim.subscriber_id, clock.now(), source, settings=house().settings)


def _fewer(token: str, at: datetime) -> Farewell:
    """What was pressed: one list to stop, ``weekly`` or ``pause``."""
    claim, db, settings = wiring.tokens().read_leave(token), house().db, house().settings
    reader_id, source = claim.subscriber_id, _source(claim.edition_id)
    how, number = request.form.get("how", ""), request.form.get("list", "")
    if number.isascii() and number.isdigit() and len(number) < 18:
        name = choosing.stop_list(db, reader_id, int(number), at, settings, source)
        sentence = said("You get no more of “%(name)s”. The rest comes as before.", name=name)
    elif how == "weekly":
        choosing.go_weekly(db, reader_id, at, settings, source)
        sentence = said("From now on one mail a week comes, on Sundays, with what gathered.")
    elif how == "pause":
        choosing.pause_weeks(db, reader_id, LONG_PAUSE, at, settings)
        sentence = said(
            "Nothing comes for %(weeks)s weeks; then the first mail brings what gathered.", weeks=LONG_PAUSE
        )
    else:
        raise Invalid(said("Choose one of the buttons. Nothing was changed."))
    manage = links.preferences(wiring.tokens().manage(reader_id, claim.edition_id))
    return Farewell("fewer", sentence=sentence, manage=manage)


def _done(left: Left) -> Farewell:
    """Whoever left some time ago is not brought back by a link in a mail that others may hold."""
    is_fresh = left.is_new or clock.now() - left.left_at < SECOND_THOUGHTS
    undo_token = wiring.tokens().undo(left.subscriber_id, left.left_at) if is_fresh else ""
    return Farewell("done", masked(left.address), left.left_at, undo_token)


def _source(edition_id: int) -> str:
    return f"edition {edition_id}" if edition_id else "letter"


def _broken(refusal: Refusal) -> ResponseReturnValue:
    status = 410 if isinstance(refusal, Gone) else 422 if isinstance(refusal, Invalid) else 404
    return _show(Farewell("broken", sentence=str(refusal)), ""), status


def _show(farewell: Farewell, token: str) -> str:
    return render_template("newsletter/web/leaving/page.html", farewell=farewell, token=token)


def _plain(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8")
