"""The last thing tried before an absence is admitted: whether a signpost stands at the address. ``refusals`` asks."""

from flask import redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from blog.signs import signposts
from blog.web.guard import in_studio
from blog.web.wiring import house


def onward() -> Response | None:
    if request.method not in ("GET", "HEAD") or in_studio():
        return None
    try:
        target = signposts.find_target(house().db, request.path)
    except SQLAlchemyError:
        return None
    if target is None:
        return None
    response = redirect(target, 301)
    # A browser that kept it for ever would never see the signpost turned.
    response.headers["Cache-Control"] = "max-age=300"
    return response
