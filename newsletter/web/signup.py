"""Signing up and confirming. GET shows, POST acts; every page here works without scripts and is kept by nobody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.links import SUBSCRIBE
from blog.refusals import Gone, NotFound
from blog.web.guard import same_origin, wants_json
from blog.web.wiring import house
from newsletter.lists.reading import DAILY
from newsletter.subscribers import origins, signup, wishes
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.signup import Confirmed
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
    lists: tuple[str, ...] = ()
    """The names of what was chosen, where that is not the daily digest alone."""
    next_time: str = ""
    """When a reader who has confirmed gets the next one; empty where each story comes when it is out."""
    preferences: str = ""
    """Where to choose topics and days."""


@blueprint.get("")
def form() -> str:
    """Says what the link that led here asked for: ``?utm_campaign=`` or ``?tag=``, and ``?follow=author:7``."""
    return _page(_asked_for(asking.idle(clock.now(), SUBSCRIBE)))


@blueprint.post("")
def ask() -> ResponseReturnValue:
    same_origin()
    return answer(asking.ask(house().db, house().settings, SignUpForm(request.form), clock.now()))


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    same_origin()
    return answer(asking.again(house().db, house().settings, SignUpForm(request.form), clock.now()))


@blueprint.get("/confirm/<token>")
def look(token: str) -> ResponseReturnValue:
    def doorstep() -> Doorstep:
        seen = signup.look(house().db, wiring.tokens(), token, clock.now(), house().settings)
        if seen.confirmed_at is None:
            return Doorstep("ask", 200, seen.address, lists=seen.lists)
        return Doorstep("confirmed", 200, "", seen.confirmed_at, next_time=_next_time(seen.subscriber_id))

    return _door(token, doorstep)


@blueprint.post("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    def doorstep() -> Doorstep:
        return _entered(signup.confirm(house().db, wiring.tokens(), token, clock.now(), house().settings))

    same_origin()
    return _door(token, doorstep)


@blueprint.post("/confirm/<token>/renewal")
def renew(token: str) -> ResponseReturnValue:
    same_origin()
    asking.count_try()
    at = clock.now()
    try:
        asked = signup.renew(house().db, wiring.tokens(), token, at, house().settings)
    except (NotFound, Gone) as refusal:
        return _show_door(token, Doorstep("broken", 404, sentence=str(refusal)))
    return _page(replace(asking.idle(at, SUBSCRIBE, asked.address), state="check-mail"))


def answer(scene: Scene) -> ResponseReturnValue:
    """The whole page for a browser, the changed part of it for the page's own script."""
    if wants_json():
        html = render_template("newsletter/web/signup/scene.html", scene=scene, at_once=True)
        return jsonify(state=scene.state, html=html), scene.status
    return _page(scene), scene.status


def _asked_for(scene: Scene) -> Scene:
    args, db = request.args, house().db
    tag = origins.campaign(args.get("utm_campaign") or args.get("tag") or "")
    followed = wishes.read_follow(args.get("follow", ""))
    name = wishes.name_of(db, followed) if followed else ""
    offered = wishes.offered(db)
    return replace(
        scene,
        origin=Origin(_came_from() or SUBSCRIBE, origins.PAGE, tag),
        follow=str(followed) if name else "",
        follow_name=name,
        is_choosing=len(offered) > 1,
        offered=offered if len(offered) > 1 else (),
        ticked=(DAILY,),
    )


def _came_from() -> str:
    """The page of ours whose link led here: the reader decided there."""
    site = house().settings.site + "/"
    referrer = (request.referrer or "").partition("?")[0]
    return origins.path(referrer.removeprefix(site[:-1])) if referrer.startswith(site) else ""


def _entered(done: Confirmed) -> Doorstep:
    return Doorstep(
        "welcome" if done.is_new else "confirmed",
        200,
        done.address,
        done.confirmed_at,
        next_time=_next_time(done.subscriber_id),
        preferences=links.preferences(wiring.tokens().manage(done.subscriber_id)),
    )


def _next_time(reader_id: int) -> str:
    return moments.next_time_of(house().db, reader_id, clock.now(), house().settings)


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
        next_time=doorstep.next_time if is_in else moments.next_time(db, clock.now(), house().settings),
        last=moments.last_edition(db) if is_in else None,
    ), doorstep.status
