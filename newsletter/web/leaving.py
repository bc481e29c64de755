"""Leaving the list, from a link or by a mail program's own button (RFC 8058), and coming back by "Undo"."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.refusals import Gone, Invalid, NotFound, Refusal
from blog.web.guard import same_origin
from blog.web.wiring import house
from newsletter.subscribers import leaving, reading
from newsletter.subscribers.leaving import Left
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.tokens import VALID
from newsletter.web import wiring

blueprint = Blueprint("leaving", __name__, url_prefix="/unsubscribe")
blueprint.after_request(wiring.keep_private)

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@dataclass(frozen=True)
class Farewell:
    """``state`` is ask, gone already, done, back, waiting (came back without ever confirming) or broken."""

    state: str
    address: str = ""
    left_at: datetime | None = None
    undo: str = ""
    """The token that takes it back; empty where that time is over."""
    sentence: str = ""


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


@blueprint.post("/undo/<token>")
def undo(token: str) -> ResponseReturnValue:
    same_origin()
    at = clock.now()
    try:
        claim = wiring.tokens().read_undo(token, at)
        back = leaving.come_back(house().db, claim.subscriber_id, at, "undo", left=claim.at)
    except Refusal as refusal:
        return _broken(refusal)
    return _show(Farewell("back" if back.is_on_list else "waiting", back.address), token)


def _found(token: str) -> Farewell:
    claim = wiring.tokens().read_leave(token)
    reader = reading.find(house().db, claim.subscriber_id)
    if reader is None:
        raise NotFound("That address is not on the list, so there is nothing to stop.")
    state = "gone" if reader.state == SubscriberState.LEFT else "ask"
    return Farewell(state, reader.address, reader.left_at)


def _leave(token: str) -> Left:
    claim = wiring.tokens().read_leave(token)
    source = f"edition {claim.edition_id}" if claim.edition_id else "letter"
    return leaving.leave(house().db, claim.subscriber_id, clock.now(), source)


def _done(left: Left) -> Farewell:
    is_fresh = clock.now() - left.left_at < VALID
    undo_token = wiring.tokens().undo(left.subscriber_id, left.left_at) if is_fresh else ""
    return Farewell("done", left.address, left.left_at, undo_token)


def _broken(refusal: Refusal) -> ResponseReturnValue:
    status = 410 if isinstance(refusal, Gone) else 422 if isinstance(refusal, Invalid) else 404
    return _show(Farewell("broken", sentence=str(refusal)), ""), status


def _show(farewell: Farewell, token: str) -> str:
    return render_template("newsletter/web/leaving/page.html", farewell=farewell, token=token)


def _plain(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8")
