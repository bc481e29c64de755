"""The public address of every picture file, ``/media/<key>/<name>``. Readers' browsers and mail programs ask it."""

from flask import Blueprint, Response, redirect, send_file
from werkzeug.wrappers import Response as Answer

from blog import links
from blog.images import library, serving, zoom
from blog.refusals import NotFound
from blog.web.wiring import house

blueprint = Blueprint("images", __name__)

A_YEAR = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"


@blueprint.get("/media/<key>/<name>")
def media(key: str, name: str) -> Answer:
    try:
        found = serving.find(house().storage, key, name)
    except NotFound:
        return _of_the_successor(key, name)
    answer = send_file(found.path.resolve(), mimetype=found.media_type, conditional=True, etag=True)
    lasting = A_YEAR if found.lasting else AN_HOUR if found.exact else "no-store"
    return _harmless(answer, lasting)


@blueprint.get("/media/<key>/zoom/<int:level>/<int:column>_<int:row>.jpg")
def tile(key: str, level: int, column: int, row: int) -> Answer:
    found = zoom.tile(house().storage, key, level, column, row)
    return _harmless(Response(found, mimetype="image/jpeg"), A_YEAR)


def _of_the_successor(key: str, name: str) -> Answer:
    """Mails and other sites keep asking for a file that was replaced. Raises NotFound where none was."""
    newer = library.successor(house().db, key) if serving.is_address(key, name) else None
    if newer is None:
        raise NotFound("There is no such picture.")
    answer = redirect(links.media(newer, name), 302)
    answer.headers["Cache-Control"] = AN_HOUR
    return answer


def _harmless(answer: Response, lasting: str) -> Response:
    answer.headers["Cache-Control"] = lasting
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Nothing in a picture file may run, even if a browser were talked into showing it as a page.
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
