"""Errors become answers here and nowhere else: a page for a person, JSON for a script, and a log line for the operator."""

import errno
import secrets

import structlog
from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from blog.language.saying import said
from blog.refusals import Conflict, Forbidden, Gone, Invalid, NotFound, Refusal, TooMany, Unavailable
from blog.web import wiring
from blog.web.guard import SignedOut, in_studio, person, session_ended, wants_json
from blog.web.moved import onward

log = structlog.get_logger("perijove.web")

STATUS: dict[type[Refusal], int] = {
    SignedOut: 401, Forbidden: 403, NotFound: 404, Conflict: 409, Gone: 410, Invalid: 422, TooMany: 429, Unavailable: 503,
}  # fmt: skip
WORDS = {
    400: said("That request didn't make sense to us. Go back, reload the page and try again."),
    404: said("We can't find that page."),
    405: said("That can't be done at this address."),
    413: said("That is too large. A picture may have 1,500 MB."),
    415: said("We can't read that kind of data."),
    500: said("Something broke on our side. It's been noted; try again in a minute."),
    503: said("The server is very busy just now. Nothing was lost; try again in a minute."),
}
OUT_OF_DATE = said(
    "This page was open for too long or you signed in again since. Go back, reload it and try once more."
)
SESSION_ENDED = said(
    "Your session ended. Sign in again; what you typed still stands on the page before this one, so go back and copy it first."
)


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(TimeoutError, _database)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(500, _broken)


def answer(status: int, sentence: str, **more: object) -> Response:
    """The refusal as whoever asked can read it."""
    response: Response = (
        jsonify({"error": sentence, **more})
        if wants_json()
        else Response(_page(status, sentence), mimetype="text/html")
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(refusal: Refusal) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 400)
    if status in (404, 410) and (moved := onward()):
        return moved
    if isinstance(refusal, Invalid):
        return answer(status, str(refusal), fields=refusal.fields)
    if isinstance(refusal, Conflict):
        return answer(status, str(refusal), version=refusal.version)
    response = answer(status, str(refusal))
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def _forged(_error: CSRFError) -> Response:
    """The token of a session that ended fits no longer. The editor's script asks for a new one and finds out by itself."""
    if session_ended() and not wants_json():
        return answer(401, SESSION_ENDED)
    return answer(400, OUT_OF_DATE)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response.force_type(error.get_response(), request.environ)
    if status == 404 and (moved := onward()):
        return moved
    response = answer(status, WORDS.get(status, WORDS[400]))
    if status == 405 and (valid := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(valid))
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
    return response


def _database(error: Exception) -> Response:
    log.error("database unavailable", kind=type(error).__name__, route=_route())
    wiring.do_without_database()
    return answer(503, WORDS[503])


def _disk(error: OSError) -> Response:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        raise error
    log.error("disk full", route=_route())
    return answer(503, said("The server's disk is full, so nothing was saved. Try again once there is room."))


def _too_deep(_error: RecursionError) -> Response:
    """JSON of thousands of brackets: the parser gives up, and the fault is the sender's."""
    log.warning("nested too deeply", route=_route(), method=request.method)
    return answer(400, WORDS[400])


def _broken(error: Exception) -> Response:
    mark = secrets.token_hex(4)
    original = getattr(error, "original_exception", None) or error
    log.error("broken", mark=mark, route=_route(), method=request.method, exc_info=original)
    return answer(500, said("%(sentence)s (Mark: %(mark)s)", sentence=WORDS[500], mark=mark))


def _page(status: int, sentence: str) -> str:
    if in_studio():
        name = (
            "blog/web/studio/refused.html"
            if status < 500 and person()
            else "blog/web/studio/refused_plain.html"
        )
        return render_template(name, status=status, sentence=sentence)
    known = status if status in (404, 410, 500, 503) else 400
    return render_template(f"blog/web/refusals/{known}.html", status=status, sentence=sentence)


def _route() -> str:
    """The rule that the address follows, not the address: that may hold a token."""
    return str(request.url_rule or "none")
