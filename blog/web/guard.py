"""Who may come through a studio door. ``signed_in`` gives a view its Person; ``protect_forms`` refuses forged posts.

The newsletter's desk uses ``signed_in`` too, and its public forms ``same_origin``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from blog.accounts import staffing
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.links import STUDIO
from blog.refusals import Forbidden, Refusal
from blog.web.wiring import house

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
PersonsView = Callable[Concatenate[Person, P], ResponseReturnValue]

NOT_YOURS = "Your role doesn't allow that. An administrator can change it under People."
STAFF_ONLY = "staff_only"
"""The mark that ``signed_in`` leaves on a view."""
LARGEST_PICTURE = 1600 * 1024 * 1024
"""Bytes of one request with which staff send pictures, one of which may have 1,500 MB; the application may be set to less."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignedOut(Refusal):
    """Nobody is signed in (any more)."""


def signed_in(right: Right) -> Callable[[PersonsView[P]], View[P]]:
    """A view for staff who have ``right``; it gets the Person as its first argument."""

    def guarded(view: PersonsView[P]) -> View[P]:
        @wraps(view)
        def door(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            who = person()
            if who is None:
                return _to_sign_in()
            if not who.can(right):
                raise Forbidden(NOT_YOURS)
            return view(who, *args, **kwargs)

        setattr(door, STAFF_ONLY, True)
        return door

    return guarded


def person() -> Person | None:
    """Who is signed in; asked once a request. Always None outside the studio."""
    if not in_studio():
        return None
    if "person" not in g:
        g.person = staffing.person(current_user) if current_user and current_user.is_authenticated else None
    return cast("Person | None", g.person)


def session_ended() -> bool:
    """Whether this is asked of a view for staff, and nobody is signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, STAFF_ONLY, False) and person() is None


def in_studio() -> bool:
    return request.path == STUDIO or request.path.startswith(STUDIO + "/")


def wants_json() -> bool:
    """Whether a script asks, not a page."""
    accepts = request.accept_mimetypes
    return (
        request.is_json
        or request.path.endswith(".json")
        or accepts.best_match(["text/html", "application/json"]) == "application/json"
    )


def same_origin() -> None:
    """For public forms, which carry no token because a cached page cannot. Raises Forbidden for a form on another site.

    Mail programs and old browsers send neither header; they are let through, as they carry no cookie either.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = {urlsplit(house().settings.site).netloc, request.host}
    if site in ("cross-site", "same-site") or (
        origin and site is None and urlsplit(origin).netloc not in ours
    ):
        raise Forbidden("That form was sent from another site. Open the page here and try again.")


def protect_forms(app: Flask) -> None:
    """Every changing request under /studio must carry the session's token, in the form or as ``X-CSRFToken``."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf = CSRFProtect(app)

    @app.before_request
    def check() -> None:
        _let_pictures_in()
        if in_studio() and request.method not in SAFE:
            csrf.protect()


def _let_pictures_in() -> None:
    """Staff may send larger files than anybody else; their form is read, for its token, before any view is asked."""
    if request.path.startswith(STUDIO + "/pictures") and request.method not in SAFE and person():
        request.max_content_length = current_app.config.get("LARGEST_PICTURE", LARGEST_PICTURE)


def _to_sign_in() -> Response:
    if wants_json():
        raise SignedOut("Your session ended. Sign in again in a new tab; your words are kept on this device.")
    back = request.full_path.rstrip("?") if request.method in SAFE else STUDIO
    return redirect(url_for("security.login", next=back))
