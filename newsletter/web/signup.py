"""Signing up and confirming. GET shows, POST acts; every page here works without scripts and is kept by nobody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.links import SUBSCRIBE
from blog.refusals import Gone, NotFound
from blog.web.guard import same_origin, wants_json
from blog.web.wiring import house
from newsletter.subscribers import signup
from newsletter.subscribers.tokens import Expired
from newsletter.web import asking, moments, wiring
from newsletter.web.asking import Scene
from newsletter.web.forms import SignUpForm

blueprint = Blueprint("signup", __name__, url_prefix=SUBSCRIBE)
blueprint.after_request(wiring.keep_private)


@dataclass(frozen=True)
class Doorstep:
    """What the page behind the link of a confirmation shows: ask, confirmed, welcome, expired or broken."""

    state: str
    status: int = 200
    address: str = ""
    confirmed_at: datetime | None = None
    sentence: str = ""


@blueprint.get("")
def form() -> str:
    return _page(asking.idle(clock.now(), SUBSCRIBE))


@blueprint.post("")
def ask() -> ResponseReturnValue:
    same_origin()
    return _answer(asking.ask(house().db, SignUpForm(request.form), clock.now()))


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    same_origin()
    return _answer(asking.again(house().db, SignUpForm(request.form), clock.now()))


@blueprint.get("/confirm/<token>")
def look(token: str) -> ResponseReturnValue:
    def doorstep() -> Doorstep:
        seen = signup.look(house().db, wiring.tokens(), token, clock.now())
        return Doorstep("confirmed" if seen.confirmed_at else "ask", 200, seen.address, seen.confirmed_at)

    return _door(token, doorstep)


@blueprint.post("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    def doorstep() -> Doorstep:
        done = signup.confirm(house().db, wiring.tokens(), token, clock.now())
        return Doorstep("welcome" if done.is_new else "confirmed", 200, done.address, done.confirmed_at)

    same_origin()
    return _door(token, doorstep)


@blueprint.post("/confirm/<token>/renewal")
def renew(token: str) -> ResponseReturnValue:
    same_origin()
    asking.count_try()
    at = clock.now()
    try:
        asked = signup.renew(house().db, wiring.tokens(), token, at)
    except (NotFound, Gone) as refusal:
        return _show_door(token, Doorstep("broken", 404, sentence=str(refusal)))
    return _page(replace(asking.idle(at, SUBSCRIBE, asked.address), state="check-mail"))


def _answer(scene: Scene) -> ResponseReturnValue:
    """The whole page for a browser, the changed part of it for the page's own script."""
    if wants_json():
        html = render_template("newsletter/web/signup/scene.html", scene=scene, at_once=True)
        return jsonify(state=scene.state, html=html), scene.status
    return _page(scene), scene.status


def _page(scene: Scene) -> str:
    db = house().db
    next_time = moments.next_time(db, clock.now(), house().settings) if scene.status < 500 else ""
    last = moments.last_edition(db) if scene.status < 500 else None
    return render_template("newsletter/web/signup/page.html", scene=scene, next_time=next_time, last=last)


def _door(token: str, find: Callable[[], Doorstep]) -> ResponseReturnValue:
    try:
        return _show_door(token, find())
    except Expired as refusal:
        return _show_door(token, Doorstep("expired", 410, sentence=str(refusal)))
    except (NotFound, Gone) as refusal:
        status = 410 if isinstance(refusal, Gone) else 404
        return _show_door(token, Doorstep("broken", status, sentence=str(refusal)))


def _show_door(token: str, doorstep: Doorstep) -> ResponseReturnValue:
    db, is_in = house().db, doorstep.state in ("welcome", "confirmed")
    return render_template(
        "newsletter/web/signup/confirm.html",
        door=doorstep,
        token=token,
        next_time=moments.next_time(db, clock.now(), house().settings),
        last=moments.last_edition(db) if is_in else None,
    ), doorstep.status
