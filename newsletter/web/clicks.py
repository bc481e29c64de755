"""Where the site's script hands in the mark that a link in a mail carried, and the tiny picture of publications that count opens.

Both answer the same whatever they were given; a GET changes no row.
"""

from base64 import b64decode
from contextlib import suppress

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from blog import clock
from blog.refusals import Refusal
from blog.web.guard import same_origin
from blog.web.limits import throttle
from blog.web.wiring import house
from newsletter.delivery.marks import LONGEST, read_mark
from newsletter.figures import clicks, opens
from newsletter.web import wiring

blueprint = Blueprint("clicks", __name__)
blueprint.after_request(wiring.keep_private)

MOST, MINUTES = 600, 10
"""From one network: a whole institute may read at breakfast."""
DOT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One transparent pixel."""


@blueprint.post("/clicks")
def click() -> ResponseReturnValue:
    try:
        same_origin()
        _count(_sent())
    except (Refusal, SQLAlchemyError):
        pass  # Nobody waits for the answer, and a click that is not counted is no harm.
    return "", 204


@blueprint.get("/o/<mark>.gif")
def picture(mark: str) -> ResponseReturnValue:
    with suppress(OSError):  # A full disk is no reason to spoil somebody's mail.
        opens.note(house().settings, wiring.secret(), mark, clock.now())
    return Response(DOT, content_type="image/gif")


def _sent() -> str:
    is_short = request.content_length is not None and request.content_length <= LONGEST
    return request.get_data(as_text=True) if is_short else ""


def _count(text: str) -> None:
    if read_mark(wiring.secret(), text) is None:
        return
    throttle("click", MOST, MINUTES)
    clicks.count(house().db, wiring.secret(), text, request.user_agent.string, clock.now())
