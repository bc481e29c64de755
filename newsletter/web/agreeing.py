"""Pages behind single links in mails: more or less like a story, and both ends of a change of address. GET asks, POST acts."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.refusals import Conflict, Gone, Invalid, NotFound
from blog.web.guard import same_origin
from blog.web.wiring import house
from newsletter.subscribers import readdressing, tasting
from newsletter.subscribers.readdressing import Change
from newsletter.subscribers.tasting import Taste
from newsletter.web import preferences, wiring

blueprint = Blueprint("agreeing", __name__, url_prefix="/preferences")
blueprint.after_request(wiring.keep_private)
for refusal in (NotFound, Gone, Invalid, Conflict):
    blueprint.register_error_handler(refusal, preferences.closed)


@blueprint.get("/taste/<token>")
def look(token: str) -> ResponseReturnValue:
    return _taste("ask", tasting.look(house().db, wiring.tokens(), token), token)


@blueprint.post("/taste/<token>")
def say(token: str) -> ResponseReturnValue:
    same_origin()
    said = tasting.say(house().db, wiring.tokens(), token, clock.now(), house().settings)
    return _taste("said", said, token)


@blueprint.post("/taste/<token>/undo")
def take_back(token: str) -> ResponseReturnValue:
    same_origin()
    before = {"-1": -1, "0": 0, "1": 1, "2": 2}.get(request.form.get("before", ""), 9)
    at, settings = clock.now(), house().settings
    undone = tasting.take_back(house().db, wiring.tokens(), token, before, at, settings)
    return _taste("undone", undone, token)


@blueprint.get("/address/<token>")
def look_address(token: str) -> ResponseReturnValue:
    return _address(readdressing.look(house().db, wiring.tokens(), token, clock.now()), token)


@blueprint.post("/address/<token>")
def agree(token: str) -> ResponseReturnValue:
    same_origin()
    at, settings = clock.now(), house().settings
    return _address(readdressing.agree(house().db, wiring.tokens(), token, at, settings), token)


@blueprint.post("/address/<token>/refusal")
def refuse(token: str) -> ResponseReturnValue:
    same_origin()
    readdressing.stop(house().db, wiring.tokens(), token, clock.now())
    return _address(None, token)


def _taste(state: str, taste: Taste, token: str) -> str:
    return render_template("newsletter/web/preferences/taste.html", state=state, taste=taste, token=token)


def _address(change: Change | None, token: str) -> str:
    return render_template("newsletter/web/preferences/address.html", change=change, token=token)
