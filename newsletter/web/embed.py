"""The sign-up form on other sites: as a small page for a frame, and as the answer to a plain form that stands in their own page.

Neither needs a cookie, and both may be sent from anywhere.
"""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.web.guard import wants_json
from blog.web.wiring import house
from newsletter.subscribers import origins
from newsletter.subscribers.origins import Origin
from newsletter.web import asking, signup, stamps
from newsletter.web.asking import Scene
from newsletter.web.forms import SignUpForm

ADDRESS = "/embed/signup"
THEMES = ("auto", "light", "dark")
KEPT = timedelta(minutes=5)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors *"
)

blueprint = Blueprint("embed", __name__, url_prefix=ADDRESS)


@blueprint.after_request
def let_others_frame(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    # Old browsers, which do not know frame-ancestors, take this word for no limit.
    response.headers["X-Frame-Options"] = "ALLOWALL"
    response.headers["X-Robots-Tag"] = "noindex"
    if request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def frame() -> Response:
    """``?tag=`` names a campaign, ``?theme=`` is light, dark or the visitor's own. The same for everybody for five minutes."""
    at = clock.now()
    tag = origins.campaign(request.args.get("tag", ""))
    scene = replace(asking.idle(at), origin=Origin("", origins.EMBED, tag), stamp=stamps.hourly(at))
    response = Response(_framed(scene))
    # Not "public": the pages kept for everybody are known by their path alone, and this one has a query.
    response.cache_control.max_age = int(KEPT.total_seconds())
    return response


@blueprint.post("")
def ask() -> ResponseReturnValue:
    form = SignUpForm(request.form)
    form.form.data = origins.EMBED
    if not form.source.data:
        form.source.data = _site()
    return _answer(form, asking.ask(house().db, house().settings, form, clock.now()))


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    form = SignUpForm(request.form)
    form.form.data = origins.EMBED
    return _answer(form, asking.again(house().db, house().settings, form, clock.now()))


def _answer(form: SignUpForm, scene: Scene) -> ResponseReturnValue:
    """In the frame its own page, or the changed part of it; else the whole page of our site, whose form then is ours."""
    if not form.frame.data:
        return signup.answer(scene)
    if wants_json():
        html = render_template("newsletter/web/signup/scene.html", scene=_in_frame(scene))
        return jsonify(state=scene.state, html=html), scene.status
    return _framed(scene), scene.status


def _framed(scene: Scene) -> str:
    return render_template("newsletter/web/embed/frame.html", scene=_in_frame(scene), theme=_theme())


def _in_frame(scene: Scene) -> Scene:
    return replace(scene, action=ADDRESS, query=f"?theme={_theme()}", is_framed=True)


def _theme() -> str:
    theme = request.args.get("theme", "")
    return theme if theme in THEMES else THEMES[0]


def _site() -> str:
    """The page that the form stands on, as the browser names it; our own frame is no such page."""
    named = request.referrer or request.headers.get("Origin", "")
    return "" if named.startswith(house().settings.site + "/") else origins.page_elsewhere(named)
